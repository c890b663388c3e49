'use client';
import type { ClusterRow } from '@fairlead/shared';
import { clusterColumns } from '@/components/cluster-columns';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { useRows, useTopic } from '@/lib/live/use-live';

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
  { ...clusterColumns.name, head: 'Cluster' },
  clusterColumns.state,
  clusterColumns.nodes,
  clusterColumns.latency,
];
