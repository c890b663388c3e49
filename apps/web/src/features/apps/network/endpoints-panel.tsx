'use client';
import type { AppNetwork, EndpointRow } from '@fairlead/shared';
import { Empty } from '@/components/empty';
import { TopicFreshness } from '@/components/freshness';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { Skeleton } from '@/components/skeleton';
import { StatusWord } from '@/components/status-word';
import type { TopicState } from '@/lib/live/topic-store';
import { useApp } from '../app/app-context';
import { endpointStatus } from './reach-words';

/** Which addresses answer for the app now, live, and why one does not. */
export function EndpointsPanel({
  rows,
  state,
  services,
}: {
  rows: readonly EndpointRow[];
  state: TopicState;
  services: AppNetwork['services'];
}) {
  const { app } = useApp();
  const ready = rows.filter((row) => row.ready).length;
  return (
    <Panel title="Endpoints" count={rows.length} flush actions={<TopicFreshness state={state} />}>
      {rows.length > 0 ? (
        <p aria-live="polite" className="border-b px-3 py-2 text-sm" data-testid="endpoints-ready">
          {ready} of {rows.length} ready
        </p>
      ) : null}
      <ResourceTable
        label={`Endpoints of ${app.name}`}
        rows={rows}
        keyOf={keyOf}
        columns={columns(services.length > 1)}
        defaultSort="address"
        live
        stale={state.phase === 'stale'}
        empty={
          state.phase === 'loading' ? (
            <Skeleton rows={3} waitingFor="the endpoints" />
          ) : state.phase === 'refused' ? (
            <Empty kind="not-allowed" title="Seeing endpoints takes viewer in the project">
              {state.message}
            </Empty>
          ) : state.phase === 'stale' ? (
            <Empty kind="unreachable" title={`${app.cluster.name} cannot be asked for the endpoints now`}>
              {state.reason}
            </Empty>
          ) : (
            <Empty kind="nothing" title="No endpoints">
              {services.length === 0 ? 'The app has no Service that could lead to its pods.' : services.map(({ empty }) => empty).join(' ')}
            </Empty>
          )
        }
      />
    </Panel>
  );
}

const keyOf = (row: EndpointRow) => row.key;

function columns(severalServices: boolean): Column<EndpointRow>[] {
  return [
    {
      id: 'address',
      head: 'Address',
      small: 'main',
      sortBy: (row) => row.address,
      cell: (row) => (
        <span className="break-all font-mono text-xs">
          {row.address}
          <span className="block text-muted">{row.ports.join(', ')}</span>
        </span>
      ),
    },
    {
      id: 'state',
      head: 'State',
      sortBy: (row) => endpointStatus(row).word,
      cell: (row) => (
        <span className="flex flex-wrap items-start gap-x-2">
          <StatusWord status={endpointStatus(row)} />
          {row.why ? <span className="max-w-80 break-words text-muted text-xs leading-5">{row.why}</span> : null}
        </span>
      ),
    },
    {
      id: 'pod',
      head: 'Pod',
      sortBy: (row) => row.pod,
      cell: (row) => (
        <span className="break-all font-mono text-xs">
          {row.pod ?? '–'}
          {severalServices ? <span className="block text-muted">{row.service}</span> : null}
        </span>
      ),
    },
    {
      id: 'node',
      head: 'Node',
      sortBy: (row) => row.node,
      cell: (row) => (
        <span className="break-words">
          {row.node ?? '–'}
          {row.zone ? <span className="block text-muted text-xs">{row.zone}</span> : null}
        </span>
      ),
    },
  ];
}
