'use client';
import type { PodRow } from '@fairlead/shared';
import { ScrollText, SquareTerminal, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { TopicFreshness } from '@/components/freshness';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { Skeleton } from '@/components/skeleton';
import { StatusWord } from '@/components/status-word';
import { serverNow } from '@/lib/clock';
import { middle } from '@/lib/format';
import { useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { podStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { PodStrip } from '../pod-strip';
import { readySentence } from '../text';
import { useApp } from './app-context';
import { DeletePodDialog } from './delete-pod-dialog';

/** The pods of the app, live: how many in which state, then each. */
export function PodsPanel() {
  const { app, status, project, ref, lacks } = useApp();
  const topic = useTopic('pods', { app: app.id });
  const state = useTopicState(topic);
  const pods = useRows(topic);
  const [deleting, setDeleting] = useState<PodRow | null>(null);
  const lacksExec = lacks('A shell', 'pods.exec');
  const lacksDelete = lacks('Deleting pods', 'pods.delete');
  const columns = useMemo(
    () =>
      podColumns({
        prefix: `${app.workload?.name ?? app.name}-`,
        logs: paths.logs(project, ref),
        terminal: paths.terminal(project, ref),
        lacksExec,
        lacksDelete,
        onDelete: setDeleting,
      }),
    [app.workload?.name, app.name, project, ref, lacksExec, lacksDelete],
  );
  return (
    <Panel title="Pods" count={pods.length} flush actions={<TopicFreshness state={state} />}>
      {pods.length > 0 ? (
        <div className="border-b px-3 py-2">
          <PodStrip pods={pods} />
        </div>
      ) : null}
      <ResourceTable
        label={`Pods of ${app.name}`}
        rows={pods}
        keyOf={keyOf}
        columns={columns}
        defaultSort="age"
        live
        stale={state.phase === 'stale'}
        empty={
          state.phase === 'loading' ? (
            <Skeleton rows={3} waitingFor="the pods" />
          ) : state.phase === 'refused' ? (
            <Empty kind="not-allowed" title="Seeing pods takes viewer in the project">
              {state.message}
            </Empty>
          ) : state.phase === 'stale' ? (
            <Empty kind="unreachable" title={`${app.cluster.name} cannot be asked for the pods now`}>
              {state.reason}
            </Empty>
          ) : (
            <Empty kind="nothing" title="No pods">
              {readySentence(status?.replicas)}
            </Empty>
          )
        }
      />
      {deleting ? <DeletePodDialog pod={deleting} onClose={() => setDeleting(null)} /> : null}
    </Panel>
  );
}

const keyOf = (pod: PodRow) => pod.key;

interface PodActs {
  prefix: string;
  logs: string;
  terminal: string;
  lacksExec: string | null;
  lacksDelete: string | null;
  onDelete: (pod: PodRow) => void;
}

function podColumns({ prefix, logs, terminal, lacksExec, lacksDelete, onDelete }: PodActs): Column<PodRow>[] {
  const short = (pod: PodRow) => (pod.name.startsWith(prefix) ? pod.name.slice(prefix.length) : pod.name);
  return [
    {
      id: 'pod',
      head: 'Pod',
      small: 'main',
      sortBy: (pod) => pod.name,
      cell: (pod) => (
        <span className="font-mono text-xs" title={pod.name}>
          {middle(short(pod), 32)}
        </span>
      ),
    },
    {
      id: 'state',
      head: 'State',
      sortBy: (pod) => podStatus(pod.state).word,
      cell: (pod) => <PodState pod={pod} />,
    },
    {
      id: 'restarts',
      head: 'Restarts',
      align: 'end',
      sortBy: (pod) => pod.restarts,
      cell: (pod) => (
        <span className={pod.restarts > 0 ? 'text-warn' : 'text-muted'}>
          {pod.restarts}
          <span className="sm:hidden"> restarts</span>
        </span>
      ),
    },
    { id: 'node', head: 'Node', sortBy: (pod) => pod.node, cell: (pod) => <span className="break-words">{pod.node ?? '–'}</span> },
    { id: 'age', head: 'Created', align: 'end', sortBy: (pod) => pod.createdAt, cell: (pod) => <Ago at={pod.createdAt} /> },
    {
      id: 'acts',
      head: '',
      align: 'end',
      small: 'side',
      cell: (pod) => (
        <span className="inline-flex gap-0.5">
          <LinkButton
            href={`${logs}?pod=${encodeURIComponent(pod.name)}`}
            variant="quiet"
            size="small"
            shape="icon"
            label={`Logs of ${pod.name}`}
          >
            <ScrollText size={16} strokeWidth={1.75} aria-hidden />
          </LinkButton>
          {lacksExec ? (
            <Button variant="quiet" size="small" shape="icon" label={`Terminal in ${pod.name}`} refused={lacksExec}>
              <SquareTerminal size={16} strokeWidth={1.75} aria-hidden />
            </Button>
          ) : (
            <LinkButton
              href={`${terminal}?pod=${encodeURIComponent(pod.name)}`}
              variant="quiet"
              size="small"
              shape="icon"
              label={`Terminal in ${pod.name}`}
            >
              <SquareTerminal size={16} strokeWidth={1.75} aria-hidden />
            </LinkButton>
          )}
          <Button
            variant="quiet"
            size="small"
            shape="icon"
            label={`Delete pod ${pod.name}`}
            refused={lacksDelete}
            onClick={() => onDelete(pod)}
          >
            <Trash2 size={16} strokeWidth={1.75} aria-hidden />
          </Button>
        </span>
      ),
    },
  ];
}

function PodState({ pod }: { pod: PodRow }) {
  const ageSeconds = (serverNow() - Date.parse(pod.createdAt)) / 1000;
  return (
    <span className="flex flex-wrap items-start gap-x-2">
      <StatusWord status={podStatus(pod.state, ageSeconds)} />
      {pod.reason ? (
        <span title={pod.reason} className="line-clamp-2 max-w-80 break-words text-muted text-xs leading-5">
          {pod.reason}
        </span>
      ) : null}
    </span>
  );
}
