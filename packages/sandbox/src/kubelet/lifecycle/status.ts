import { timestamp } from '../../machinery/clock.js';
import { type Condition, type Container, type ContainerStatus, isSidecar, type Pod, type PodStatus } from '../pod.js';
import { type Phase, phaseOf } from './phase.js';
import type { ContainerRecord, PodRecord } from './record.js';

/** The status that the kubelet writes: all of it from the pod, what it remembers, and the status before. */
export function podStatus(pod: Pod, record: PodRecord, hostIP: string, now: number): PodStatus {
  const before = pod.status ?? {};
  const computed = record.ending?.reason ? 'Failed' : phaseOf(pod, record);
  // An end is told when everything has stopped, not before.
  const terminal = computed === 'Succeeded' || computed === 'Failed';
  const held: string = terminal && !record.stopped ? (before.phase ?? 'Pending') : computed;
  const phase = record.ending && record.stopped && !terminal ? 'Failed' : held;
  const { generation } = pod.metadata as { generation?: number };
  const observed = generation === undefined ? {} : { observedGeneration: generation };
  const initStatuses = (pod.spec.initContainers ?? []).map((each) => containerStatus(pod, each, record));
  const statuses = pod.spec.containers.map((each) => containerStatus(pod, each, record)).sort((a, b) => (a.name < b.name ? -1 : 1));
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map((each) => containerStatus(pod, each, record));
  const notOurs = ['qosClass', 'nominatedNodeName', 'resize', 'resourceClaimStatuses'];
  const kept = Object.fromEntries(Object.entries(before).filter(([key]) => notOurs.includes(key)));
  return {
    ...observed,
    phase,
    conditions: conditions(pod, record, computed, now, generation),
    ...(record.ending?.message && record.stopped ? { message: record.ending.message } : {}),
    ...(record.ending?.reason && record.stopped ? { reason: record.ending.reason } : {}),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(record.podIP ? { podIP: record.podIP, podIPs: [{ ip: record.podIP }] } : {}),
    startTime: timestamp(record.startTime),
    ...(initStatuses.length > 0 ? { initContainerStatuses: initStatuses } : {}),
    containerStatuses: statuses,
    ...kept,
    ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral } : {}),
  };
}

function containerStatus(pod: Pod, container: Container, { containers }: PodRecord): ContainerStatus {
  const record = containers.get(container.name) as ContainerRecord;
  const { state, last, restarts, id, image, imageId, started, ready } = record;
  const limits = container.resources?.limits;
  const requests = { ...limits, ...container.resources?.requests };
  const hasRequests = Object.keys(requests).length > 0;
  const resources = { ...(limits && Object.keys(limits).length > 0 ? { limits } : {}), ...(hasRequests ? { requests } : {}) };
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
  }));
  const waiting = state.waiting?.reason === 'ContainerCreating' && (pod.spec.initContainers?.length ?? 0) > 0;
  return {
    name: container.name,
    state: waiting ? { waiting: { reason: 'PodInitializing' } } : state,
    lastState: last ? { terminated: last } : {},
    ready,
    restartCount: restarts,
    image,
    imageID: imageId,
    ...(id ? { containerID: id } : {}),
    started,
    ...(id && hasRequests ? { allocatedResources: requests } : {}),
    ...(id ? { resources } : {}),
    ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
  };
}

type Judged = Pick<Condition, 'status' | 'reason' | 'message'>;

function conditions(pod: Pod, record: PodRecord, phase: Phase, now: number, generation: number | undefined): Condition[] {
  const before = pod.status?.conditions ?? [];
  const ready = containersReady(pod, record, phase);
  const judged: Readonly<Record<string, Judged>> = {
    PodReadyToStartContainers: { status: record.hasSandbox && !record.stopped ? 'True' : 'False' },
    Initialized: initialized(pod, record, phase),
    Ready: withGates(pod, ready),
    ContainersReady: ready,
  };
  const made = Object.entries(judged).map(([type, value]) => condition(before, type, value, now, generation));
  const scheduled = before.find((each) => each.type === 'PodScheduled');
  const kept = before.filter((each) => !(each.type in judged) && each.type !== 'PodScheduled');
  return [...kept, ...made, condition(scheduled ? [scheduled] : [], 'PodScheduled', { status: 'True' }, now, generation)];
}

function condition(
  before: readonly Condition[],
  type: string,
  { status, reason, message }: Judged,
  now: number,
  generation: number | undefined,
): Condition {
  const old = before.find((each) => each.type === type);
  return {
    type,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime: (old?.status === status && old.lastTransitionTime) || timestamp(now),
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
  };
}

function initialized({ spec }: Pod, { containers }: PodRecord, phase: Phase): Judged {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  const incomplete = (spec.initContainers ?? []).filter((container) => {
    const record = containers.get(container.name);
    return isSidecar(container) ? !record?.started && !record?.last && !record?.state.terminated : record?.state.terminated?.exitCode !== 0;
  });
  if (incomplete.length === 0) return { status: 'True' };
  const mainsBegan = spec.containers.some(
    ({ name }) => containers.get(name)?.state.running ?? containers.get(name)?.state.terminated ?? containers.get(name)?.last,
  );
  if (mainsBegan) return { status: 'True' };
  return { status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: [${names(incomplete)}]` };
}

function containersReady({ spec }: Pod, { containers }: PodRecord, phase: Phase): Judged {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = [...(spec.initContainers ?? []).filter(isSidecar), ...spec.containers].filter(({ name }) => !containers.get(name)?.ready);
  if (unready.length === 0) return { status: 'True' };
  return { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${names(unready)}]` };
}

function withGates({ spec, status }: Pod, ready: Judged): Judged {
  if (ready.status !== 'True') return ready;
  const problems = (spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const found = status?.conditions?.find((each) => each.type === conditionType);
    if (!found) return `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
    return found.status === 'True' ? [] : `the status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`;
  });
  return problems.length === 0 ? ready : { status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

const names = (containers: readonly Container[]): string => containers.map(({ name }) => name).join(' ');
