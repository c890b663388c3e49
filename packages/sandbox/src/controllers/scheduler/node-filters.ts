import type { ContainerPort, Pod } from '../model/pod.js';
import { matchesNodeAffinity } from '../parts/node-affinity.js';
import { podRequests } from '../parts/pod-requests.js';
import { isTolerated, untolerated } from '../parts/tolerations.js';
import { type Filter, type NodeInfo, never, notNow, type Rejection } from './snapshot.js';

/** Those that look at one node alone, in the scheduler's order. */
export const nodeFilters = (pod: Pod): Filter[] => [
  (info) => unschedulable(pod, info),
  (info) => otherName(pod, info),
  (info) => tainted(pod, info),
  ({ node }) => (matchesNodeAffinity(pod, node) ? undefined : never("node(s) didn't match Pod's node affinity/selector")),
  portFilter(pod),
  (info) => resources(pod, info),
];

function unschedulable(pod: Pod, { node }: NodeInfo): Rejection | undefined {
  if (!node.spec.unschedulable) return undefined;
  const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;
  return isTolerated(pod.spec.tolerations, cordon) ? undefined : never('node(s) were unschedulable');
}

const otherName = (pod: Pod, { name }: NodeInfo): Rejection | undefined =>
  pod.spec.nodeName && pod.spec.nodeName !== name ? never("node(s) didn't match the requested node name") : undefined;

const tainted = (pod: Pod, { node }: NodeInfo): Rejection | undefined =>
  untolerated(pod.spec.tolerations, node.spec.taints, ['NoSchedule', 'NoExecute']) ? never('node(s) had untolerated taint(s)') : undefined;

function portFilter(pod: Pod): Filter {
  const wanted = hostPorts(pod);
  return (info) => {
    if (wanted.length === 0) return undefined;
    const used = info.pods.flatMap(hostPorts);
    const clash = wanted.some((port) => used.some((other) => clashes(port, other)));
    return clash ? notNow("node(s) didn't have free ports for the requested pod ports") : undefined;
  };
}

function hostPorts(pod: Pod): ContainerPort[] {
  const sidecars = (pod.spec.initContainers ?? []).filter((each) => each.restartPolicy === 'Always');
  return [...sidecars, ...pod.spec.containers].flatMap((each) => (each.ports ?? []).filter((port) => (port.hostPort ?? 0) > 0));
}

function clashes(a: ContainerPort, b: ContainerPort): boolean {
  const ip = (port: ContainerPort): string => port.hostIP || '0.0.0.0';
  const sameAddress = ip(a) === ip(b) || ip(a) === '0.0.0.0' || ip(b) === '0.0.0.0';
  return a.hostPort === b.hostPort && (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') && sameAddress;
}

/** Every resource that is short counts as a reason; one of which the node never has enough makes it hopeless. */
function resources(pod: Pod, { allocatable, requested, pods }: NodeInfo): Rejection | undefined {
  const reasons: string[] = [];
  let hopeless = false;
  if (pods.length + 1 > (allocatable.pods ?? 0)) reasons.push('Too many pods');
  for (const [name, amount] of Object.entries(podRequests(pod))) {
    if (amount === 0 || amount <= (allocatable[name] ?? 0) - (requested[name] ?? 0)) continue;
    reasons.push(`Insufficient ${name}`);
    hopeless ||= amount > (allocatable[name] ?? 0);
  }
  if (reasons.length === 0) return undefined;
  return { reasons, resolvable: !hopeless };
}
