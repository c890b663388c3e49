import type { KubeObject } from '@fairlead/kube';
import { type AppStatus, type Cause, restingStates } from '@fairlead/shared';
import { annotations } from '../render/identity.js';
import { type PodFacts, podFacts } from './pod-row.js';
import { condition, type EndpointSlice, type Event, type Ingress, type Pod, type Service, type Workload } from './shapes.js';

/** What is wanted of an app, from the database. */
export interface AppWish {
  namespace: string;
  /** The revision that is wanted, and when it was asked for and applied. */
  current: { number: number; createdAt: Date; appliedAt: Date | null };
  /** The newest act, which may be running or have failed. */
  newest: { number: number; state: 'pending' | 'applying' | 'applied' | 'failed' | 'interrupted'; createdAt: Date; error: string | null };
  /** Workloads among the objects of `current`. */
  workloads: readonly { kind: string; name: string }[];
}

/** What the cluster has of it. */
export interface AppObjects {
  workloads: readonly Workload[];
  replicaSets: readonly Workload[];
  pods: readonly Pod[];
  services: readonly Service[];
  endpointSlices: readonly EndpointSlice[];
  networkPolicies: readonly KubeObject[];
  ingresses: readonly Ingress[];
  eventsOf: (uid: string) => readonly Event[];
}

interface Counts {
  wanted: number;
  total: number;
  updated: number;
  ready: number;
}

const rolloutWindowMs = 60_000;

/** One app's state, and its one cause when it is not well. Pure. */
export function appStatus(wish: AppWish, objects: AppObjects, now: Date): AppStatus {
  const facts = new Map(objects.pods.map((pod) => [pod, podFacts(pod, objects.eventsOf(pod.metadata.uid ?? ''), now)]));
  const counts = countsOf(wish, objects, facts);
  const settling = isSettling(wish, objects);
  const missing = wish.workloads.find(
    ({ kind, name }) => !objects.workloads.some((each) => each.kind === kind && each.metadata.name === name),
  );
  const cause = counts ? findCause(counts, objects, facts) : null;
  const state = stateOf({ wish, counts, settling, cause, objects, facts, missing });
  return {
    state,
    cause:
      restingStates.has(state) || state === 'paused' ? null : (cause ?? (missing && state === 'failing' ? missingCause(missing) : null)),
    replicas: counts,
    rollout: rolloutOf(wish, objects, counts, state, cause),
    address: addressOf(objects.ingresses),
    internalAddress: internalAddressOf(objects.services, wish.namespace),
    images: [...new Set(objects.workloads.flatMap(imagesOf))],
    drift: [],
    asked: isAsked(wish, objects),
  };
}

/** Sums over the app's workloads; null for an app without any. */
function countsOf(wish: AppWish, { workloads }: AppObjects, facts: ReadonlyMap<Pod, PodFacts>): Counts | null {
  if (wish.workloads.length === 0) return null;
  return workloads
    .map((each) => countsOfOne(each, facts))
    .reduce(
      (a, b) => ({ wanted: a.wanted + b.wanted, total: a.total + b.total, updated: a.updated + b.updated, ready: a.ready + b.ready }),
      { wanted: 0, total: 0, updated: 0, ready: 0 },
    );
}

function countsOfOne({ kind, spec, status, metadata }: Workload, facts: ReadonlyMap<Pod, PodFacts>): Counts {
  if (kind === 'DaemonSet')
    return {
      wanted: status?.desiredNumberScheduled ?? 0,
      total: status?.currentNumberScheduled ?? 0,
      updated: status?.updatedNumberScheduled ?? 0,
      ready: status?.numberReady ?? 0,
    };
  if (kind === 'Job') {
    const done = status?.succeeded ?? 0;
    return {
      wanted: spec?.completions ?? 1,
      total: (status?.active ?? 0) + done,
      updated: (status?.active ?? 0) + done,
      ready: (status?.ready ?? 0) + done,
    };
  }
  if (kind === 'CronJob') return { wanted: 0, total: 0, updated: 0, ready: 0 };
  if (kind === 'Pod') {
    const own = [...facts].find(([pod]) => pod.metadata.uid === metadata.uid)?.[1];
    return { wanted: 1, total: 1, updated: 1, ready: own?.state === 'ready' || own?.state === 'finished' ? 1 : 0 };
  }
  const total = status?.replicas ?? 0;
  return {
    wanted: spec?.replicas ?? 1,
    total,
    updated: kind === 'ReplicaSet' ? total : (status?.updatedReplicas ?? 0),
    ready: status?.readyReplicas ?? 0,
  };
}

/** The controllers have not yet done, or not even seen, what was applied. */
function isSettling(wish: AppWish, { workloads }: AppObjects): boolean {
  if (wish.newest.state === 'pending' || wish.newest.state === 'applying') return true;
  return workloads.some(({ kind, metadata, spec, status }) => {
    if (status?.observedGeneration !== undefined && metadata.generation !== undefined && status.observedGeneration < metadata.generation)
      return true;
    if (kind !== 'Deployment' || spec?.paused) return false;
    const progressing = condition(status?.conditions, 'Progressing');
    if (progressing?.reason === 'ProgressDeadlineExceeded') return false;
    const wanted = spec?.replicas ?? 1;
    return (
      progressing?.reason !== 'NewReplicaSetAvailable' ||
      (status?.updatedReplicas ?? 0) < wanted ||
      (status?.replicas ?? 0) > (status?.updatedReplicas ?? 0)
    );
  });
}

/** A workload of ours that still carries an older number, or has not been looked at by its controller. */
function isAsked(wish: AppWish, { workloads }: AppObjects): boolean {
  if (wish.newest.state === 'pending' || wish.newest.state === 'applying') return true;
  return workloads.some(({ metadata, status }) => {
    const seen = Number(metadata.annotations?.[annotations.revision] ?? wish.current.number);
    const observed = status?.observedGeneration;
    return seen < wish.current.number || (observed !== undefined && metadata.generation !== undefined && observed < metadata.generation);
  });
}

function stateOf(is: {
  wish: AppWish;
  counts: Counts | null;
  settling: boolean;
  cause: Cause | null;
  objects: AppObjects;
  facts: ReadonlyMap<Pod, PodFacts>;
  missing: object | undefined;
}): AppStatus['state'] {
  const { wish, counts, settling, cause, objects, facts, missing } = is;
  if (!counts) return settling ? 'rolling-out' : 'serving';
  if (missing) return settling ? 'rolling-out' : 'failing';
  if (objects.workloads.some((each) => each.spec?.paused)) return 'paused';
  if (objects.workloads.every(({ kind }) => kind === 'CronJob'))
    return objects.workloads.every((each) => each.spec?.suspend) ? 'suspended' : 'scheduled';
  if (counts.wanted === 0) return counts.total === 0 ? 'asleep' : 'rolling-out';
  // What only waits may yet come right: a slow starter is not failing while its rollout goes on.
  const waits = !cause || waiting.has(cause.code);
  if (waits && (settling || isComingUp(wish, facts))) return 'rolling-out';
  if (counts.ready >= counts.wanted && !cause) return 'serving';
  return counts.ready > 0 ? 'degraded' : 'failing';
}

const waiting: ReadonlySet<Cause['code']> = new Set(['not-ready', 'wrong-port']);

/** More pods were asked for a moment ago, and they are starting. */
function isComingUp({ current }: AppWish, facts: ReadonlyMap<Pod, PodFacts>): boolean {
  const since = (current.appliedAt ?? current.createdAt).getTime();
  return [...facts].some(
    ([pod, { state }]) => state === 'starting' && Date.parse(pod.metadata.creationTimestamp ?? '') - since < rolloutWindowMs,
  );
}

/** Right cause first: what a container says of itself before what is only waited for. */
const precedence: readonly Cause['code'][] = [
  'out-of-memory',
  'bad-command',
  'crash',
  'config-missing',
  'refused',
  'image-not-found',
  'registry-refused',
  'liveness',
  'volume-pending',
  'unschedulable',
  'wrong-port',
  'not-ready',
  'other',
];

function findCause(counts: Counts, objects: AppObjects, facts: ReadonlyMap<Pod, PodFacts>): Cause | null {
  if (counts.wanted === 0) return null;
  const troubled = [...facts].flatMap(([pod, { trouble }]) => (trouble ? [{ pod, trouble }] : []));
  troubled.sort(
    (a, b) => precedence.indexOf(a.trouble.code) - precedence.indexOf(b.trouble.code) || (createdAt(a.pod) < createdAt(b.pod) ? 1 : -1),
  );
  const first = troubled.find(
    ({ trouble, pod }) => trouble.code !== 'other' || (pod.status?.phase === 'Failed' && counts.ready < counts.wanted),
  );
  if (first)
    return {
      ...first.trouble,
      object: `Pod/${first.pod.metadata.name}`,
      since: condition(first.pod.status?.conditions, 'Ready')?.lastTransitionTime ?? createdAt(first.pod),
    };
  return creationCause(objects) ?? endpointsCause(counts, objects) ?? deadlineCause(objects);
}

/** Pods that could not even be made: quota, Pod Security, an admission webhook. */
function creationCause({ replicaSets, workloads }: AppObjects): Cause | null {
  for (const set of [...replicaSets, ...workloads]) {
    const failure = condition(set.status?.conditions, 'ReplicaFailure');
    if (failure?.status !== 'True') continue;
    const message = failure.message ?? '';
    const quota = /exceeded quota: ([^,]+)/.exec(message)?.[1];
    const level = /violates PodSecurity "([^"]+)"/.exec(message)?.[1];
    const sentence = quota
      ? `The quota ${quota} leaves no room for more pods.`
      : level
        ? `The namespace forbids such pods (Pod Security ${level}).`
        : 'The cluster refuses to make the pods.';
    return {
      code: quota ? 'quota' : 'refused',
      sentence,
      evidence: message,
      object: `${set.kind ?? 'ReplicaSet'}/${set.metadata.name}`,
      since: failure.lastTransitionTime ?? null,
    };
  }
  return null;
}

function endpointsCause(counts: Counts, { services, endpointSlices }: AppObjects): Cause | null {
  if (counts.ready === 0) return null;
  for (const service of services) {
    if (!service.spec?.selector) continue;
    const slices = endpointSlices.filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name);
    if (slices.length === 0 || slices.some((slice) => (slice.endpoints ?? []).length > 0)) continue;
    const selector = Object.entries(service.spec.selector).map(([key, value]) => `${key}=${value}`);
    return {
      code: 'no-endpoints',
      sentence: `The Service ${service.metadata.name} selects no pod, so nothing reaches the app.`,
      evidence: `selector ${selector.join(',')}`,
      object: `Service/${service.metadata.name}`,
      since: null,
    };
  }
  return null;
}

function deadlineCause({ workloads }: AppObjects): Cause | null {
  for (const { kind, metadata, status } of workloads) {
    const progressing = condition(status?.conditions, 'Progressing');
    if (progressing?.reason === 'ProgressDeadlineExceeded')
      return {
        code: 'stuck',
        sentence: 'The rollout makes no progress.',
        evidence: progressing.message ?? null,
        object: `${kind}/${metadata.name}`,
        since: progressing.lastUpdateTime ?? null,
      };
    const failed = condition(status?.conditions, 'Failed');
    if (kind === 'Job' && failed?.status === 'True')
      return {
        code: 'other',
        sentence: 'The job failed.',
        evidence: failed.message ?? null,
        object: `Job/${metadata.name}`,
        since: failed.lastTransitionTime ?? null,
      };
  }
  return null;
}

const missingCause = ({ kind, name }: { kind: string; name: string }): Cause => ({
  code: 'other',
  sentence: `The ${kind} ${name} is not in the cluster.`,
  evidence: null,
  object: `${kind}/${name}`,
  since: null,
});

function rolloutOf(
  wish: AppWish,
  objects: AppObjects,
  counts: Counts | null,
  state: AppStatus['state'],
  cause: Cause | null,
): AppStatus['rollout'] {
  const { newest, current } = wish;
  if (newest.state === 'failed' || newest.state === 'interrupted') {
    const at = newest.createdAt.toISOString();
    return { revision: newest.number, state: 'failed', startedAt: at, endedAt: at, message: newest.error ?? 'It failed.' };
  }
  const startedAt = current.createdAt.toISOString();
  const of = counts ? `${counts.ready} of ${counts.wanted} ready` : 'applied';
  const base = { revision: newest.number, startedAt };
  const deadline = deadlineCause(objects);
  if (deadline) return { ...base, state: 'failed', endedAt: deadline.since, message: cause?.sentence ?? deadline.sentence };
  if (state === 'rolling-out' || cause)
    return { ...base, state: 'running', endedAt: null, message: cause ? `${of}: ${cause.sentence}` : of };
  return { ...base, state: 'done', endedAt: doneAt(wish, objects), message: of };
}

/** When the last pod that this revision asked for became ready, or when it was applied. */
function doneAt({ current }: AppWish, { pods }: AppObjects): string {
  const from = current.createdAt.getTime();
  const ready = pods
    .filter((pod) => Date.parse(createdAt(pod)) >= from - 1_000 && Date.parse(createdAt(pod)) - from < 10 * rolloutWindowMs)
    .map((pod) => Date.parse(condition(pod.status?.conditions, 'Ready')?.lastTransitionTime ?? ''))
    .filter((time) => time >= from);
  return new Date(Math.max(from, (current.appliedAt ?? current.createdAt).getTime(), ...ready)).toISOString();
}

function addressOf(ingresses: readonly Ingress[]): string | null {
  for (const { spec, status } of ingresses) {
    const host = spec?.rules?.find((rule) => rule.host)?.host;
    if (!host) continue;
    const secure = spec?.tls?.some((tls) => tls.hosts?.includes(host)) ?? false;
    // Some controllers say on which port they answer.
    const port = status?.loadBalancer?.ingress?.flatMap((each) => each.ports ?? []).find((each) => each.port)?.port;
    return `${secure ? 'https' : 'http'}://${host}${port === undefined || port === (secure ? 443 : 80) ? '' : `:${port}`}/`;
  }
  return null;
}

function internalAddressOf(services: readonly Service[], namespace: string): string | null {
  const service = services[0];
  const port = service?.spec?.ports?.[0]?.port;
  return service ? `${service.metadata.name}.${namespace}.svc${port ? `:${port}` : ''}` : null;
}

const imagesOf = ({ spec }: Workload): string[] =>
  (spec?.template?.spec?.containers ?? spec?.jobTemplate?.spec?.template?.spec?.containers ?? spec?.containers ?? [])
    .map((each) => each.image ?? '')
    .filter(Boolean);

const createdAt = (pod: Pod): string => pod.metadata.creationTimestamp ?? '';
