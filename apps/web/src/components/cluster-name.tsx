'use client';
import type { Cluster } from '@fairlead/shared';
import { useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';

/** A cluster by its name, with the mark of one that only pretends to run things. */
export function ClusterName({ name }: { name: string }) {
  const clusters = useAsk(routes.listClusters, { query: { limit: 500 } }).data?.items;
  const simulated = clusters?.some((cluster) => cluster.name === name && cluster.simulated);
  return (
    <>
      {name}
      {simulated ? <Simulated /> : null}
    </>
  );
}

export const Simulated = () => <span className="mx-1.5 font-normal font-sans text-muted text-xs">simulated</span>;

/** To choose from, with what matters for that. */
export const clusterOption = ({ name, simulated, state }: Pick<Cluster, 'name' | 'simulated' | 'state'>) => ({
  value: name,
  label: `${name}${simulated ? ' (simulated)' : ''}${state === 'ready' ? '' : ' (away)'}`,
});
