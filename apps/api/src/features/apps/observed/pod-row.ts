import type { Cause, PodRow, PodState } from '@fairlead/shared';
import { containerTrouble, exitTrouble, type Trouble } from './container-trouble.js';
import { type ContainerStatus, condition, type Event, eventTime, type Pod } from './shapes.js';

/** What a pod is in, in one code, with its trouble when there is one. */
export interface PodFacts {
  state: PodState;
  trouble: Trouble | null;
}

const stuckAfterMs = 30_000;
/** A container that runs may take so long to become ready before that is a cause. */
const patienceMs = 8_000;
const restartedLatelyMs = 60_000;

/** Pure: the pod, the events about it, and the time. */
export function podFacts(pod: Pod, events: readonly Event[], now: Date): PodFacts {
  const { status, metadata } = pod;
  if (metadata.deletionTimestamp) {
    const stuck = now.getTime() - Date.parse(metadata.deletionTimestamp) > stuckAfterMs;
    return { state: stuck ? 'stuck-stopping' : 'stopping', trouble: null };
  }
  if (status?.phase === 'Succeeded') return { state: 'finished', trouble: null };
  if (status?.phase === 'Failed') return failed(pod);
  const trouble = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .map(containerTrouble)
    .find((each) => each !== null);
  if (trouble) return { state: stateOfTrouble(trouble.code), trouble: withEvents(trouble, events) };
  const scheduled = condition(status?.conditions, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') return unschedulable(scheduled.message ?? '');
  if (condition(status?.conditions, 'Ready')?.status === 'True')
    return keepsRestarting(pod, events, now) ?? { state: 'ready', trouble: null };
  return notReady(pod, events, now);
}

/** Ready at this moment, and killed or crashed again and again: a container that restarted twice, last within a minute. */
function keepsRestarting({ status }: Pod, events: readonly Event[], now: Date): PodFacts | null {
  const flapping = status?.containerStatuses?.find(({ restartCount = 0, lastState }) => {
    const endedMsAgo = now.getTime() - Date.parse(lastState?.terminated?.finishedAt ?? '');
    return restartCount >= 2 && endedMsAgo < restartedLatelyMs;
  });
  if (!flapping) return null;
  const trouble = withEvents(exitTrouble(flapping.name ?? 'container', flapping.lastState?.terminated, flapping.restartCount ?? 0), events);
  return { state: stateOfTrouble(trouble.code), trouble };
}

function failed({ status }: Pod): PodFacts {
  if (status?.reason === 'Evicted')
    return { state: 'evicted', trouble: { code: 'other', sentence: 'The node evicted the pod.', evidence: status.message ?? null } };
  const ended = status?.containerStatuses?.find((each) => each.state?.terminated && each.state.terminated.exitCode !== 0);
  const trouble = ended
    ? exitTrouble(ended.name ?? 'container', ended.state?.terminated, ended.restartCount ?? 0)
    : { code: 'other' as const, sentence: 'The pod failed.', evidence: status?.message ?? null };
  return { state: trouble.code === 'out-of-memory' ? 'out-of-memory' : 'failed', trouble };
}

function unschedulable(message: string): PodFacts {
  if (/persistentvolumeclaim|volume node affinity|bind volumes|storageclass/i.test(message))
    return {
      state: 'waiting-for-volume',
      trouble: { code: 'volume-pending', sentence: 'The pod waits for its volume.', evidence: message },
    };
  const lacks = [...message.matchAll(/Insufficient ([\w./-]+)/g)].map((match) => match[1]);
  const sentence = lacks.length > 0 ? `No node has enough free ${[...new Set(lacks)].join(' and ')}.` : 'No node fits the pod.';
  return { state: 'no-node-fits', trouble: { code: 'unschedulable', sentence, evidence: message } };
}

function notReady(pod: Pod, events: readonly Event[], now: Date): PodFacts {
  const running = (pod.status?.containerStatuses ?? []).filter((each) => each.state?.running);
  if (running.length === 0) {
    const mount = latest(events, (each) => each.reason === 'FailedMount' || each.reason === 'FailedAttachVolume');
    return mount ? mountTrouble(mount.message ?? '') : { state: 'starting', trouble: null };
  }
  const liveness = latest(events, (each) => each.reason === 'Unhealthy' && /^Liveness probe/.test(each.message ?? ''));
  const restarted = running.find((each) => (each.restartCount ?? 0) > 0);
  if (restarted && liveness)
    return {
      state: 'crashing',
      trouble: {
        code: 'liveness',
        sentence: `Container ${restarted.name} does not answer its liveness probe and is restarted, ×${restarted.restartCount}.`,
        evidence: liveness.message ?? null,
      },
    };
  if (restarted?.lastState?.terminated) {
    const trouble = exitTrouble(restarted.name ?? 'container', restarted.lastState.terminated, restarted.restartCount ?? 0);
    return { state: stateOfTrouble(trouble.code), trouble };
  }
  const waiting = running.find((each) => !each.ready) ?? running[0];
  const since = Date.parse(waiting?.state?.running?.startedAt ?? '');
  if (!(now.getTime() - since > patienceMs)) return { state: 'starting', trouble: null };
  const probe = latest(events, (each) => each.reason === 'Unhealthy' && /^(Readiness|Startup) probe/.test(each.message ?? ''));
  const port = /dial tcp \S*?:(\d+): connect: connection refused/.exec(probe?.message ?? '')?.[1];
  if (port)
    return {
      state: 'not-ready',
      trouble: {
        code: 'wrong-port',
        sentence: `Nothing listens on port ${port} in container ${waiting?.name ?? ''}: it listens elsewhere, or has not come so far.`,
        evidence: probe?.message ?? null,
      },
    };
  return {
    state: 'not-ready',
    trouble: {
      code: 'not-ready',
      sentence: `Container ${waiting?.name ?? ''} runs and does not become ready.`,
      evidence: probe?.message ?? null,
    },
  };
}

function mountTrouble(message: string): PodFacts {
  const missing = /(configmap|secret) "([^"]+)" not found/i.exec(message);
  if (missing)
    return {
      state: 'config-missing',
      trouble: {
        code: 'config-missing',
        sentence: `The ${missing[1] === 'secret' ? 'Secret' : 'ConfigMap'} ${missing[2]} that is to be mounted is not there.`,
        evidence: message,
      },
    };
  return { state: 'waiting-for-volume', trouble: { code: 'volume-pending', sentence: 'A volume cannot be mounted.', evidence: message } };
}

/** A kill by a failed liveness probe looks like a crash in the status; the events know better. */
function withEvents(trouble: Trouble, events: readonly Event[]): Trouble {
  if (trouble.code !== 'crash') return trouble;
  const liveness = latest(events, (each) => each.reason === 'Unhealthy' && /^Liveness probe/.test(each.message ?? ''));
  if (!liveness) return trouble;
  const [, name, times = ''] = /^Container (\S+) .*?(, ×\d+)?\b[^,]*$/.exec(trouble.sentence) ?? [];
  return {
    code: 'liveness',
    sentence: `Container ${name} does not answer its liveness probe and is restarted${times}.`,
    evidence: liveness.message ?? null,
  };
}

const stateOfTrouble = (code: Cause['code']): PodState => {
  if (code === 'image-not-found' || code === 'registry-refused' || code === 'out-of-memory' || code === 'config-missing') return code;
  return code === 'refused' ? 'config-missing' : 'crashing';
};

const latest = (events: readonly Event[], which: (event: Event) => boolean): Event | undefined =>
  events.filter(which).sort((a, b) => (eventTime(a) < eventTime(b) ? 1 : -1))[0];

/** A pod as the topic `pods` shows it. */
export function podRow(pod: Pod, clusterId: string, events: readonly Event[], now: Date): PodRow {
  const { metadata, spec, status } = pod;
  const { state, trouble } = podFacts(pod, events, now);
  const containers = status?.containerStatuses ?? [];
  const restarts = sum(containers);
  const exit = containers.map((each) => each.state?.terminated ?? each.lastState?.terminated).find((each) => each !== undefined);
  const crashed = (state === 'crashing' || state === 'out-of-memory') && exit ? `exit ${exit.exitCode}, ×${restarts + 1}` : null;
  return {
    key: metadata.uid ?? '',
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    clusterId,
    state,
    reason: crashed ?? trouble?.evidence ?? trouble?.sentence ?? null,
    ready: state === 'ready',
    restarts,
    node: spec?.nodeName ?? null,
    ip: status?.podIP ?? null,
    images: (spec?.containers ?? []).map((each) => each.image ?? ''),
    containers: (spec?.containers ?? []).map((each) =>
      containerRow(
        each.name ?? '',
        containers.find((found) => found.name === each.name),
      ),
    ),
    revision: metadata.labels?.['pod-template-hash'] ?? metadata.labels?.['controller-revision-hash'] ?? null,
    createdAt: metadata.creationTimestamp ?? '',
    deletingSince: metadata.deletionTimestamp ?? null,
  };
}

function containerRow(name: string, status: ContainerStatus | undefined): PodRow['containers'][number] {
  const { waiting, running, terminated } = status?.state ?? {};
  const trouble = status ? containerTrouble(status) : null;
  const state = running ? 'running' : terminated ? 'terminated' : 'waiting';
  return {
    name,
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    state,
    reason: trouble?.sentence ?? waiting?.reason ?? terminated?.reason ?? null,
  };
}

const sum = (statuses: readonly ContainerStatus[]): number => statuses.reduce((total, each) => total + (each.restartCount ?? 0), 0);
