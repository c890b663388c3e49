'use client';
import type { Drill, DrillKind } from '@fairlead/shared';
import { useState } from 'react';
import { CommandTabs } from '@/components/as-command';
import { Button } from '@/components/button';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { drillCommands } from '../commands';
import { drillStatus, drillTitles, whatItDoes } from './drill-words';

const kinds = ['kill-pod', 'rollout', 'drain-node'] as const satisfies readonly DrillKind[];

/** Each drill with what it will do, and those that were. */
export function DrillsPanel({ drills, open, onOpen }: { drills: Drill[]; open: string | null; onOpen: (id: string) => void }) {
  const { status, lacks } = useApp();
  const [asking, setAsking] = useState<DrillKind | null>(null);
  const ready = status?.replicas?.ready ?? 0;
  const refused =
    lacks('A drill', 'pods.delete') ??
    (drills.some(({ state }) => state === 'running') ? 'A drill runs already: one at a time.' : null) ??
    (status?.state === 'serving' ? null : 'A drill takes an app that serves.');
  return (
    <Panel title="Drills" flush>
      <ul>
        {kinds.map((kind) => (
          <li key={kind} className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-3 py-2.5">
            <span className="min-w-48 flex-1 text-sm">
              <span className="font-medium">{drillTitles[kind]}</span>
              <span className="block text-muted">{whatItDoes(kind, ready)}</span>
            </span>
            <Button onClick={() => setAsking(kind)} refused={refused} label={`Start: ${drillTitles[kind]}`}>
              Start…
            </Button>
          </li>
        ))}
      </ul>
      {drills.length > 0 ? (
        <section aria-label="Earlier drills">
          <h3 className="px-3 pt-2.5 pb-1 text-muted text-xs">Earlier drills</h3>
          <ul>
            {drills.map((drill) => (
              <li key={drill.id} className="border-b last:border-b-0">
                <button
                  type="button"
                  aria-current={drill.id === open ? 'true' : undefined}
                  className={`flex min-h-8 w-full flex-wrap items-center gap-x-3 px-3 py-1.5 text-start text-sm hover:bg-hover ${drill.id === open ? 'bg-hover' : ''}`}
                  onClick={() => onOpen(drill.id)}
                >
                  <span className="flex-1">{drillTitles[drill.kind]}</span>
                  <StatusWord status={drillStatus(drill)} size="small" />
                  <span className="text-muted text-xs">
                    <Ago at={drill.startedAt} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {asking ? <StartDialog kind={asking} ready={ready} onClose={() => setAsking(null)} onStarted={onOpen} /> : null}
    </Panel>
  );
}

/** Level 1: it disturbs on purpose. */
function StartDialog({
  kind,
  ready,
  onClose,
  onStarted,
}: {
  kind: DrillKind;
  ready: number;
  onClose: () => void;
  onStarted: (id: string) => void;
}) {
  const { app, project } = useApp();
  const act = useAct(routes.startDrill, [routes.listDrills, routes.listAudit]);
  return (
    <ConfirmDialog
      open
      level={1}
      onClose={onClose}
      title={`${drillTitles[kind]}: drill`}
      act="Start the drill"
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate(
          { params: { project, app: app.id }, body: { kind } },
          {
            onSuccess: ({ id }) => {
              onClose();
              onStarted(id);
            },
          },
        )
      }
    >
      <p>{whatItDoes(kind, ready)}</p>
      <p>
        Its route is asked ten times a second from three seconds before until ten seconds after it serves again. It takes about half a
        minute, and cannot be stopped half-way.
      </p>
      <CommandTabs commands={drillCommands(commandTarget(app), kind)} />
    </ConfirmDialog>
  );
}
