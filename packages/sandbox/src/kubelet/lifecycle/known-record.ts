import { type ContainerStatus, containersOf, type Pod } from '../pod.js';
import { newContainer, type PodRecord } from './record.js';

/** What is known of a pod from its status: for the first look after the sandbox was restarted. Undefined: nobody has looked at it yet. */
export function knownRecord(pod: Pod): PodRecord | undefined {
  const { status } = pod;
  if (!status?.startTime) return undefined;
  const statuses = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  const stopped = status.phase === 'Succeeded' || status.phase === 'Failed';
  const hasSandbox = (status.conditions ?? []).some((each) => each.type === 'PodReadyToStartContainers' && each.status === 'True');
  return {
    startTime: Date.parse(status.startTime),
    podIP: status.podIP ?? '',
    hasSandbox: hasSandbox || stopped,
    stopped,
    ending: status.reason ? { reason: status.reason, ...(status.message ? { message: status.message } : {}) } : undefined,
    containers: new Map(
      containersOf(pod).map(({ name, image = '' }) => {
        const found = statuses.find((each) => each.name === name);
        return [name, found ? fromStatus(found) : newContainer(name, image)];
      }),
    ),
  };
}

function fromStatus(status: ContainerStatus) {
  const { name, image, imageID, containerID = '', restartCount, state, lastState, ready, started = false } = status;
  const last = lastState.terminated;
  return {
    ...newContainer(name, image),
    state,
    last,
    restarts: restartCount,
    attempts: containerID === '' ? 0 : restartCount + 1,
    id: containerID,
    imageId: imageID,
    ready,
    started,
    // Its last wait is not written anywhere: as if it had failed as often as it was started again.
    backoff:
      last && restartCount > 0
        ? { ms: Math.min(10_000 * 2 ** Math.max(restartCount - 1, 0), 300_000), updatedAt: Date.parse(last.finishedAt) }
        : undefined,
  };
}
