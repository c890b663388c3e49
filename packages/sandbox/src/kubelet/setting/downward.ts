import { type KubeObject, parseQuantity } from '@fairlead/kube/protocol';
import type { Container, Pod, ResourceReference } from '../pod.js';

interface Facts {
  pod: Pod;
  container: Container;
  podIP: string;
  hostIP: string;
  node: KubeObject | undefined;
}

/** A field of the pod as the downward API gives it; '' for what it does not have. */
export function fieldValue({ pod, podIP, hostIP }: Facts, path: string): string {
  const { metadata, spec } = pod;
  const one = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (one?.[2] !== undefined) return (one[1] === 'labels' ? metadata.labels : metadata.annotations)?.[one[2]] ?? '';
  const fields: Readonly<Record<string, () => string>> = {
    'metadata.name': () => metadata.name,
    'metadata.namespace': () => metadata.namespace ?? '',
    'metadata.uid': () => metadata.uid ?? '',
    'metadata.labels': () => listed(metadata.labels),
    'metadata.annotations': () => listed(metadata.annotations),
    'spec.nodeName': () => spec.nodeName ?? '',
    'spec.serviceAccountName': () => spec.serviceAccountName ?? 'default',
    'status.podIP': () => podIP,
    'status.podIPs': () => podIP,
    'status.hostIP': () => hostIP,
    'status.hostIPs': () => hostIP,
  };
  return fields[path]?.() ?? '';
}

/** A limit or request in units of the divisor, rounded up; what the node has where there is no limit. */
export function resourceValue({ pod, container, node }: Facts, { resource, containerName, divisor = '0' }: ResourceReference): string {
  const named = containerName ? pod.spec.containers.find((each) => each.name === containerName) : container;
  const [kind = '', ...rest] = resource.split('.');
  const name = rest.join('.');
  const given = (kind === 'limits' ? named?.resources?.limits : named?.resources?.requests)?.[name];
  const allocatable = (node?.status as { allocatable?: Record<string, string> } | undefined)?.allocatable?.[name];
  const value = parseQuantity(given ?? (kind === 'limits' ? (allocatable ?? '0') : '0'));
  const unit = parseQuantity(divisor);
  const by = unit === 0n ? 10n ** 9n : unit;
  return String((value + by - 1n) / by);
}

const listed = (values: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(values ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
