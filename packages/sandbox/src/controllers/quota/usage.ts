import { formatQuantity, parseQuantity } from '@fairlead/kube/protocol';
import type { ResourceQuota } from '../model/cluster.js';
import type { Service } from '../model/network.js';
import type { Container, Pod, Quantities } from '../model/pod.js';
import type { PersistentVolumeClaim } from '../model/storage.js';
import { isFinished } from '../parts/pod-state.js';

/** What a namespace has of everything that quotas count. */
export interface Countable {
  pods: readonly Pod[];
  services: readonly Service[];
  claims: readonly PersistentVolumeClaim[];
  /** Objects of `configmaps`, `deployments.apps`, …: how many. */
  count(resource: string): number;
}

/** `status.used` for each resource that a quota limits; of what nobody knows nothing is said. */
export function quotaUsage({ spec }: ResourceQuota, world: Countable): Record<string, string> {
  const used: Record<string, string> = {};
  const pods = world.pods.filter((pod) => !isFinished(pod) && inScopes(pod, spec));
  for (const [name, limit] of Object.entries(spec.hard ?? {})) {
    const nanos = usedOf(name, pods, world);
    if (nanos !== undefined)
      used[name] = formatQuantity(
        nanos,
        /i$/.test(String(limit)) || name.includes('memory') || name.includes('storage') ? 'binary' : 'decimal',
      );
  }
  return used;
}

const one = 10n ** 9n;
const plain = new Set(['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas', 'services', 'persistentvolumeclaims']);

function usedOf(name: string, pods: readonly Pod[], world: Countable): bigint | undefined {
  if (name === 'pods' || name === 'count/pods') return BigInt(name === 'pods' ? pods.length : world.count('pods')) * one;
  if (plain.has(name)) return BigInt(world.count(name)) * one;
  if (name.startsWith('count/')) return BigInt(world.count(name.slice('count/'.length))) * one;
  if (name === 'services.nodeports') return BigInt(sum(world.services, nodePorts)) * one;
  if (name === 'services.loadbalancers') return BigInt(world.services.filter(({ spec }) => spec.type === 'LoadBalancer').length) * one;
  if (name === 'requests.storage') return total(world.claims.map(({ spec }) => spec.resources?.requests?.storage));
  const [className, item] = name.split('.storageclass.storage.k8s.io/');
  if (item !== undefined) {
    const own = world.claims.filter(({ spec }) => spec.storageClassName === className);
    return item === 'persistentvolumeclaims' ? BigInt(own.length) * one : total(own.map(({ spec }) => spec.resources?.requests?.storage));
  }
  const [kind, resource] = name.startsWith('limits.')
    ? (['limits', name.slice('limits.'.length)] as const)
    : (['requests', name.startsWith('requests.') ? name.slice('requests.'.length) : name] as const);
  return pods.reduce((all, pod) => all + podTotal(pod, kind, resource), 0n);
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((all, each) => all + of(each), 0);
const total = (quantities: readonly (string | number | undefined)[]): bigint =>
  quantities.reduce<bigint>((all, each) => all + parseQuantity(each ?? '0'), 0n);
const nodePorts = ({ spec }: Service): number => (spec.type === 'NodePort' || spec.type === 'LoadBalancer' ? (spec.ports ?? []).length : 0);

function podTotal({ spec }: Pod, kind: 'requests' | 'limits', resource: string): bigint {
  const of = (container: Container): bigint => parseQuantity((container.resources?.[kind] as Quantities | undefined)?.[resource] ?? '0');
  const running = spec.containers.reduce((all, each) => all + of(each), 0n);
  const first = (spec.initContainers ?? []).map(of).reduce(larger, 0n);
  return larger(running, first) + parseQuantity(spec.overhead?.[resource] ?? '0');
}

// Math.max knows no bigint.
function larger(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

function inScopes(pod: Pod, { scopes = [], scopeSelector }: ResourceQuota['spec']): boolean {
  const requirements = [
    ...scopes.map((scopeName) => ({ scopeName, operator: 'Exists', values: [] as string[] })),
    ...(scopeSelector?.matchExpressions ?? []),
  ];
  return requirements.every(({ scopeName, operator, values = [] }) => {
    switch (scopeName) {
      case 'Terminating':
        return pod.spec.activeDeadlineSeconds !== undefined;
      case 'NotTerminating':
        return pod.spec.activeDeadlineSeconds === undefined;
      case 'BestEffort':
        return isBestEffort(pod);
      case 'NotBestEffort':
        return !isBestEffort(pod);
      case 'PriorityClass':
        return hasPriorityClass(pod.spec.priorityClassName, operator, values);
      default:
        return true;
    }
  });
}

function hasPriorityClass(name: string | undefined, operator: string, values: readonly string[]): boolean {
  if (operator === 'Exists') return Boolean(name);
  if (operator === 'DoesNotExist') return !name;
  return values.includes(name ?? '') === (operator === 'In');
}

const isBestEffort = ({ spec }: Pod): boolean =>
  [...spec.containers, ...(spec.initContainers ?? [])].every(({ resources }) => {
    const named = Object.keys({ ...resources?.requests, ...resources?.limits });
    return !named.includes('cpu') && !named.includes('memory');
  });
