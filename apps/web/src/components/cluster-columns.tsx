import type { ClusterRow } from '@fairlead/shared';
import Link from 'next/link';
import { Simulated } from '@/components/cluster-name';
import type { Column } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { formatDuration } from '@/lib/format';
import { paths } from '@/lib/paths';
import { clusterStatus } from '@/lib/status';

/** The columns that every list of clusters has; a simulated one is marked wherever it is named. */
export const clusterColumns = {
  name: {
    id: 'name',
    head: 'Name',
    small: 'main',
    sortBy: ({ cluster }) => cluster.name,
    cell: ({ cluster }) => (
      <>
        <Link href={paths.cluster(cluster.name)} className="font-medium hover:underline">
          {cluster.name}
        </Link>
        {cluster.simulated ? <Simulated /> : null}
      </>
    ),
  },
  state: {
    id: 'state',
    head: 'State',
    small: 'side',
    sortBy: ({ cluster }) => cluster.state,
    cell: ({ cluster }) => <StatusWord status={clusterStatus(cluster)} />,
  },
  nodes: {
    id: 'nodes',
    head: 'Nodes ready',
    align: 'end',
    sortBy: ({ cluster }) => cluster.nodes?.ready ?? null,
    cell: ({ cluster }) => (cluster.nodes ? `${cluster.nodes.ready} of ${cluster.nodes.total}` : '–'),
  },
  latency: {
    id: 'latency',
    head: 'Answers in',
    align: 'end',
    sortBy: ({ cluster }) => cluster.latencyMs,
    cell: ({ cluster }) => formatDuration(cluster.latencyMs),
  },
} satisfies Record<string, Column<ClusterRow>>;
