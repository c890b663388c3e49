import { formatQuantity, isRecord, type KubeObject, parseQuantity } from '@fairlead/kube';
import type { Obstacle } from '@fairlead/shared';

/** What pods of one kind take of a quota: resource → nanos of one pod. */
type Usage = ReadonlyMap<string, bigint>;

/** One workload of a plan: how many pods, of which kind, there are now and shall be. */
export interface Sized {
  title: string;
  wanted: { replicas: number; pod: KubeObject };
  /** Null for a new workload. */
  live: { replicas: number; pod: KubeObject } | null;
  /** Pods above `wanted.replicas` while a rollout runs; 0 where nothing rolls. */
  surge: number;
}

const one = 1_000_000_000n;

/**
 * Whether the pods that shall be fit into the quotas of the namespace. Pure. A dry run sees one pod at most; the cluster says the rest only when
 * the pods are made. What does not fit blocks; what fits only without a rollout's surge is a warning. Quotas with scopes are left out.
 */
export function quotaObstacles(quotas: readonly KubeObject[], workloads: readonly Sized[]): Obstacle[] {
  return quotas.flatMap((quota) => {
    const spec = isRecord(quota.spec) ? quota.spec : {};
    if (spec.scopes || spec.scopeSelector) return [];
    const hard = amounts(spec.hard);
    const used = amounts(isRecord(quota.status) ? quota.status.used : {});
    return [...hard].flatMap(([resource, limit]) => judge(quota.metadata.name, resource, limit, used.get(resource) ?? 0n, workloads));
  });
}

function judge(quota: string, resource: string, limit: bigint, used: bigint, workloads: readonly Sized[]): Obstacle[] {
  const change = (each: Sized, extra: number): bigint => {
    const next = usageOf(each.wanted.pod).get(plain(resource)) ?? 0n;
    const before = each.live ? (usageOf(each.live.pod).get(plain(resource)) ?? 0n) * BigInt(each.live.replicas) : 0n;
    // While pods are replaced the old ones count too.
    return extra > 0 ? next * BigInt(extra) : next * BigInt(each.wanted.replicas) - before;
  };
  const sum = (extra: boolean) => workloads.reduce((total, each) => total + change(each, extra ? each.surge : 0), 0n);
  const first = workloads[0];
  if (!first) return [];
  const asked = sum(false);
  const say = (more: bigint, severity: Obstacle['severity'], when: string): Obstacle[] => [
    {
      object: first.title,
      field: 'spec.replicas',
      reason: `the quota ${quota} has ${show(resource, limit)} of ${resource}, ${show(resource, used)} of it used: ${show(resource, more)} more ${when}`,
      severity,
    },
  ];
  if (asked > 0n && used + asked > limit) return say(asked, 'blocks', 'do not fit');
  const during = sum(true);
  return during > 0n && used + during > limit
    ? say(during, 'warns', 'during the rollout do not fit, so it goes on with fewer pods or stops')
    : [];
}

/** The names under which a quota may count the same. */
function plain(resource: string): string {
  if (resource === 'cpu' || resource === 'memory' || resource === 'ephemeral-storage') return `requests.${resource}`;
  return resource === 'count/pods' ? 'pods' : resource;
}

function usageOf(pod: KubeObject): Usage {
  const found = new Map<string, bigint>([['pods', one]]);
  for (const container of containersOf(pod))
    for (const side of ['requests', 'limits'] as const)
      for (const [name, nanos] of amounts(resourcesOf(container)[side])) {
        const key = `${side}.${name}`;
        found.set(key, (found.get(key) ?? 0n) + nanos);
      }
  return found;
}

/**
 * The pod of a template that lives, with what a limit range gave it: what `made` (a dry run of the new one) has and its template does not say.
 */
export function withDefaultsOf(template: KubeObject, made: KubeObject, madeFrom: KubeObject | null): KubeObject {
  const by = (pod: KubeObject | null) => new Map(containersOf(pod).map((each) => [each.name, resourcesOf(each)]));
  const [given, said] = [by(made), by(madeFrom)];
  const containers = containersOf(template).map((container) => {
    const own = resourcesOf(container);
    const side = (name: 'requests' | 'limits') => {
      const known = said.get(container.name)?.[name] ?? {};
      const defaults = Object.entries(given.get(container.name)?.[name] ?? {}).filter(([key]) => !Object.hasOwn(known, key));
      return { ...Object.fromEntries(defaults), ...own[name] };
    };
    return { ...container, resources: { requests: side('requests'), limits: side('limits') } };
  });
  return { ...template, spec: { ...(isRecord(template.spec) ? template.spec : {}), containers } };
}

type Resources = Record<'requests' | 'limits', Record<string, unknown>>;

function resourcesOf({ resources }: Record<string, unknown>): Resources {
  const side = (name: string) => (isRecord(resources) && isRecord(resources[name]) ? resources[name] : {});
  return { requests: side('requests'), limits: side('limits') };
}

const containersOf = (pod: KubeObject | null): Record<string, unknown>[] =>
  pod && isRecord(pod.spec) && Array.isArray(pod.spec.containers) ? pod.spec.containers.filter(isRecord) : [];

function amounts(value: unknown): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [name, amount] of Object.entries(isRecord(value) ? value : {}))
    if (typeof amount === 'string' || typeof amount === 'number') found.set(name, parseQuantity(amount));
  return found;
}

const show = (resource: string, nanos: bigint): string => formatQuantity(nanos, /memory|storage/.test(resource) ? 'binary' : 'decimal');
