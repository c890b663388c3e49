'use client';
import type { Cluster, ClusterNode } from '@fairlead/shared';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { formatBytes, formatCores } from '@/lib/format';
import { nodeStatus } from '@/lib/status';
import { Ago } from '@/lib/time';

export function Nodes({ cluster, nodes }: { cluster: Cluster; nodes: ClusterNode[] }) {
  return (
    <Panel title="Nodes" count={nodes.length} flush>
      <ResourceTable
        label={`Nodes of ${cluster.name}`}
        rows={nodes}
        keyOf={(node) => node.name}
        columns={columns}
        urlSort
        defaultSort="name"
        stale={cluster.state === 'unreachable'}
        empty={
          cluster.state === 'ready' ? (
            <Empty kind="nothing" title="The cluster has no nodes" />
          ) : (
            <Empty kind="unreachable" title={`${cluster.name} has not told its nodes yet`}>
              {cluster.reason}
            </Empty>
          )
        }
      />
    </Panel>
  );
}

const columns: Column<ClusterNode>[] = [
  {
    id: 'name',
    head: 'Node',
    small: 'main',
    sortBy: (node) => node.name,
    cell: (node) => <span className="break-all font-mono">{node.name}</span>,
  },
  {
    id: 'state',
    head: 'State',
    small: 'side',
    sortBy: (node) => nodeStatus(node).word,
    cell: (node) => <StatusWord status={nodeStatus(node)} detail={node.ready || !node.reason ? null : node.reason} />,
  },
  { id: 'roles', head: 'Roles', cell: (node) => <span className="text-muted">{node.roles.join(', ') || 'worker'}</span> },
  { id: 'cpu', head: 'CPU', align: 'end', sortBy: (node) => node.cpuCores, cell: (node) => formatCores(node.cpuCores) },
  { id: 'memory', head: 'Memory', align: 'end', sortBy: (node) => node.memoryBytes, cell: (node) => formatBytes(node.memoryBytes) },
  {
    id: 'version',
    head: 'Version',
    from: 'sm',
    sortBy: (node) => node.version,
    cell: (node) => <span className="font-mono text-xs">{node.version}</span>,
  },
  { id: 'age', head: 'Since', align: 'end', sortBy: (node) => node.createdAt, cell: (node) => <Ago at={node.createdAt} /> },
];
