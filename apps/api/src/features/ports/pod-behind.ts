import { isRecord, type KubeClient, type KubeObject, resourcePath, withQuery } from '@fairlead/kube';
import type { PortTarget } from '@fairlead/shared';

interface ServiceShape extends KubeObject {
  spec?: { ports?: { name?: string; port?: number }[] };
}
interface SliceShape extends KubeObject {
  endpoints?: { conditions?: { ready?: boolean }; targetRef?: { kind?: string; name?: string } }[];
  ports?: { name?: string | null; port?: number | null }[];
}

/** The pod and its port that a connection goes to, or why there is none. */
export type Behind = { pod: string; port: number } | { none: string };

/** For a Service: one of its ready pods, by its endpoints, as the caller sees them; each connection chooses anew. @throws KubeError, ClusterUnreachable */
export async function podBehind(client: KubeClient, namespace: string, target: PortTarget, random: () => number): Promise<Behind> {
  if (target.kind === 'pod') return { pod: target.name, port: target.port };
  const service = client.get<ServiceShape>(resourcePath({ group: '', version: 'v1', resource: 'services', namespace, name: target.name }));
  const path = resourcePath({ group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', namespace });
  const slices = client.list<SliceShape>(withQuery(path, { labelSelector: `kubernetes.io/service-name=${target.name}` }));
  return choose(target, (await service).spec?.ports ?? [], (await slices).items, random);
}

/** Pure: `random` gives a number from 0 to below 1. */
export function choose(
  { name, port }: PortTarget,
  ports: readonly { name?: string; port?: number }[],
  slices: readonly Pick<SliceShape, 'endpoints' | 'ports'>[],
  random: () => number,
): Behind {
  const wanted = ports.find((each) => each.port === port);
  if (!wanted) return { none: `The service ${name} no longer has a port ${port}.` };
  const ready = slices.flatMap(({ endpoints, ports: numbers }) => {
    const number = (numbers ?? []).find((each) => (each.name ?? '') === (wanted.name ?? ''))?.port;
    if (typeof number !== 'number') return [];
    return (endpoints ?? []).flatMap(({ conditions, targetRef }) =>
      // A slice that says nothing of readiness means ready, by the API's own words.
      conditions?.ready !== false && isRecord(targetRef) && targetRef.kind === 'Pod' && typeof targetRef.name === 'string'
        ? [{ pod: targetRef.name, port: number }]
        : [],
    );
  });
  return ready[Math.floor(random() * ready.length)] ?? { none: `The service ${name} has no ready pod behind it.` };
}
