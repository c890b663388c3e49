'use client';
import type { ClusterRow } from '@fairlead/shared';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/button';
import { clusterColumns } from '@/components/cluster-columns';
import { Empty } from '@/components/empty';
import { TopicFreshness } from '@/components/freshness';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { Skeleton } from '@/components/skeleton';
import { useKey } from '@/lib/keys';
import { useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { isPlatform } from '@/lib/roles';
import { Ago } from '@/lib/time';
import { useMe } from '@/lib/use-me';
import { AddClusterDialog } from './add-cluster-dialog';

export function ClustersPage() {
  const topic = useTopic('clusters', {});
  const rows = useRows(topic);
  const state = useTopicState(topic);
  const mayAdd = isPlatform(useMe(), 'admin');
  const [adding, setAdding] = useState(false);
  useKey('n', mayAdd ? () => setAdding(true) : null);
  const add = (
    <Button variant="primary" keys="n" onClick={() => setAdding(true)} refused={mayAdd ? null : 'Adding clusters takes platform admin'}>
      <Plus size={16} strokeWidth={1.75} aria-hidden />
      Add cluster
    </Button>
  );
  return (
    <>
      <PageHeader title="Clusters" actions={add}>
        <TopicFreshness state={state} />
      </PageHeader>
      <Panel flush>
        {state.phase === 'loading' ? (
          <Skeleton waitingFor="the clusters" />
        ) : state.phase === 'refused' ? (
          <Empty kind="not-allowed" title={state.message} />
        ) : (
          <ResourceTable
            label="Clusters"
            rows={rows}
            keyOf={(row) => row.key}
            columns={columns}
            urlSort
            defaultSort="name"
            live
            stale={state.phase === 'stale'}
            empty={
              mayAdd ? (
                <Empty kind="nothing" title="No clusters yet" action={add}>
                  Paste the kubeconfig of a cluster: Fairlead uses it once to make its own narrow accounts there, and does not keep it.
                </Empty>
              ) : (
                <Empty kind="not-allowed" title="No cluster is yours to see">
                  You see the clusters of the projects that you are in. A platform admin adds clusters.
                </Empty>
              )
            }
          />
        )}
      </Panel>
      <AddClusterDialog open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

const columns: Column<ClusterRow>[] = [
  clusterColumns.name,
  clusterColumns.state,
  {
    id: 'why',
    head: 'Why',
    cell: ({ cluster }) =>
      cluster.state === 'ready' ? (
        <span className="text-muted max-sm:hidden">–</span>
      ) : (
        <span>
          {cluster.reason ?? 'first contact'}, since <Ago at={cluster.since} />
        </span>
      ),
  },
  clusterColumns.nodes,
  {
    id: 'version',
    head: 'Version',
    sortBy: ({ cluster }) => cluster.version,
    cell: ({ cluster }) => <span className="font-mono text-xs">{cluster.version ?? '–'}</span>,
  },
  clusterColumns.latency,
  {
    id: 'contact',
    head: 'Last contact',
    align: 'end',
    from: 'sm',
    sortBy: ({ cluster }) => cluster.lastContactAt,
    cell: ({ cluster }) => (cluster.lastContactAt ? <Ago at={cluster.lastContactAt} /> : 'never'),
  },
];
