'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { useRouter } from 'next/navigation';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import { appRef } from '@/lib/app-ref';
import { useAsk } from '@/lib/ask';
import { useRows, useTopic } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import { appStatus } from '@/lib/status';
import { parseCommand, previewOf, type Target } from './grammar';
import { appPath, useRunCommand } from './use-commands';

interface Item {
  id: string;
  label: string;
  hint: string;
  run: () => void;
}

const limit = 50;

/** "Search or do…": names of things and places, or a verb with its target. */
export function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Base.Root open={open} onOpenChange={(next) => (next ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Base.Popup className="fixed inset-x-3 top-3 z-40 overflow-hidden rounded-dialog border bg-surface shadow-float sm:inset-x-auto sm:top-[12vh] sm:left-1/2 sm:w-[min(40rem,calc(100vw-3rem))] sm:-translate-x-1/2">
          <Base.Title className="sr-only">Search or do</Base.Title>
          <PaletteBody onClose={onClose} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function PaletteBody({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { items, hint } = useItems(useDeferredValue(text), setText);
  const list = useId();
  const chosen = items[Math.min(at, items.length - 1)];
  const choose = (item: Item | undefined) => {
    if (!item) return;
    if (!item.id.startsWith('fill:')) onClose();
    item.run();
  };
  return (
    <>
      <input
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={chosen ? `${list}-${chosen.id}` : undefined}
        aria-label="Search or do"
        placeholder="Search, or: scale web 5"
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0 && items.length > 0) setAt((Math.min(at, items.length - 1) + step + items.length) % items.length);
          else if (event.key === 'Enter') choose(chosen);
          else return;
          event.preventDefault();
        }}
        className="h-12 w-full border-b bg-transparent px-4 text-lg outline-none placeholder:text-muted"
      />
      <div id={list} role="listbox" aria-label="Results" className="max-h-[50vh] overflow-y-auto p-1">
        {items.map((item) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input
          <div
            key={item.id}
            id={`${list}-${item.id}`}
            role="option"
            aria-selected={item === chosen}
            ref={item === chosen ? scrollIn : undefined}
            onPointerMove={() => setAt(items.indexOf(item))}
            onClick={() => choose(item)}
            className="flex min-h-9 cursor-default items-center gap-3 rounded-control px-3 text-sm aria-selected:bg-hover pointer-coarse:min-h-11"
          >
            <span className="min-w-0 flex-1 truncate">{item.label}</span>
            <span className="shrink-0 text-muted text-xs">{item.hint}</span>
          </div>
        ))}
        {items.length === 0 ? <p className="px-3 py-4 text-muted text-sm">{hint ? `Go on: ${hint}` : 'Nothing of this name.'}</p> : null}
      </div>
      <p className="border-t px-4 py-2 text-muted text-xs">
        {hint ?? 'scale web 5 · deploy web nginx:1.27 · logs web · rollback web 40 · restart web · @place narrows'}
      </p>
    </>
  );
}

const scrollIn = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

function useItems(text: string, fill: (text: string) => void): { items: Item[]; hint: string | null } {
  const router = useRouter();
  const run = useRunCommand();
  const rows = useRows(useTopic('apps', { project: '_' }));
  const projects = useAsk(routes.listProjects, { query: { limit: 500 } }).data?.items;
  const clusters = useAsk(routes.listClusters, { query: { limit: 500 } }).data?.items;
  return useMemo(() => {
    const targets: Target[] = rows.map((row) => ({
      id: row.key,
      ref: appRef(row, rows),
      name: row.name,
      project: row.project,
      cluster: row.cluster,
      namespace: row.namespace,
      replicas: row.status?.replicas?.wanted ?? null,
      revision: row.revision,
    }));
    const parsed = parseCommand(text, targets);
    if (parsed.kind === 'commands') {
      const items = parsed.commands.map((command) => ({
        id: `${command.verb}:${command.target.id}`,
        label: previewOf(command),
        hint: 'Enter',
        run: () => void run(command), // it tells by a toast how it went
      }));
      return { items, hint: null };
    }
    if (parsed.kind === 'incomplete') {
      const verb = text.trim().split(/\s+/)[0] ?? '';
      const items = parsed.targets.slice(0, limit).map((target) => ({
        id: `fill:${target.id}`,
        label: `${verb} ${target.name}`,
        hint: `${target.project} · ${target.cluster}`,
        run: () => fill(`${verb} ${target.name} `),
      }));
      return { items, hint: parsed.hint };
    }
    const go = (id: string, label: string, hint: string, path: string): Item => ({ id, label, hint, run: () => router.push(path) });
    const all = [
      ...rows.map((row, index) =>
        go(
          `app:${row.key}`,
          row.name,
          `${appStatus(row.status).word} · ${row.project} · ${row.cluster}`,
          appPath(targets[index] as Target, paths.app),
        ),
      ),
      ...(projects ?? []).map((project) => go(`project:${project.id}`, project.name, 'project', paths.apps(project.name))),
      ...(clusters ?? []).map((cluster) => go(`cluster:${cluster.id}`, cluster.name, 'cluster', paths.cluster(cluster.name))),
      ...places.map(([label, path]) => go(`place:${path}`, label, 'go to', path)),
    ];
    const needle = parsed.text.toLowerCase();
    return { items: all.filter((item) => item.label.toLowerCase().includes(needle)).slice(0, limit), hint: null };
  }, [text, rows, projects, clusters, router, run, fill]);
}

const places: [string, string][] = [
  ['Overview', paths.overview],
  ['Projects', paths.projects],
  ['Clusters', paths.clusters],
  ['Audit', paths.audit],
  ['Account', paths.account],
  ['API tokens', paths.tokens],
];
