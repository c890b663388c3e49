'use client';
import type { ClusterRow } from '@fairlead/shared';
import Link from 'next/link';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { formatDuration } from '@/lib/format';
import { useRows, useTopic } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { clusterStatus } from '@/lib/status';

/** The clusters that one may see; nothing when there are none, for then the projects say what to do. */
export function Clusters() {
  const rows = useRows(useTopic('clusters', {}));
  if (rows.length === 0) return null;
  return (
    <Panel title="Clusters" count={rows.length} flush>
      <ResourceTable label="Clusters" rows={rows} keyOf={(row) => row.key} columns={columns} defaultSort="name" live empty={null} />
    </Panel>
  );
}

const columns: Column<ClusterRow>[] = [
  {
    id: 'name',
    head: 'Cluster',
    small: 'main',
    sortBy: ({ cluster }) => cluster.name,
    cell: ({ cluster }) => (
      <Link href={paths.cluster(cluster.name)} className="font-medium hover:underline">
        {cluster.name}
      </Link>
    ),
  },
  {
    id: 'state',
    head: 'State',
    small: 'side',
    sortBy: ({ cluster }) => cluster.state,
    cell: ({ cluster }) => <StatusWord status={clusterStatus(cluster)} />,
  },
  {
    id: 'nodes',
    head: 'Nodes ready',
    align: 'end',
    sortBy: ({ cluster }) => cluster.nodes?.ready ?? null,
    cell: ({ cluster }) => (cluster.nodes ? `${cluster.nodes.ready} of ${cluster.nodes.total}` : '–'),
  },
  {
    id: 'latency',
    head: 'Answers in',
    align: 'end',
    sortBy: ({ cluster }) => cluster.latencyMs,
    cell: ({ cluster }) => formatDuration(cluster.latencyMs),
  },
];
