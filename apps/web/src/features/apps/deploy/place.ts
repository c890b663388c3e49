import type { ProjectNamespace } from '@fairlead/shared';

export interface Place {
  key: string;
  cluster: string;
  namespace: string;
  ready: boolean;
}

/** Where a project's apps can go, those that are ready first. */
export function placesOf(namespaces: readonly ProjectNamespace[]): Place[] {
  return namespaces
    .map(({ id, cluster, namespace, state }) => ({ key: id, cluster: cluster.name, namespace, ready: state === 'ready' }))
    .sort((a, b) => Number(b.ready) - Number(a.ready) || `${a.cluster}/${a.namespace}`.localeCompare(`${b.cluster}/${b.namespace}`));
}
