import { type Container, isSidecar, type Pod } from '../pod.js';
import { phaseOf, shouldRestart } from './phase.js';
import type { ContainerRecord, PodRecord } from './record.js';

/** computePodActions: the container that is to be started next. Those that `rests` names wait for their time. */
export function nextContainer(
  { spec }: Pod,
  { containers }: PodRecord,
  rests: (name: string) => boolean,
): { container: Container; record: ContainerRecord } | undefined {
  const policy = spec.restartPolicy ?? 'Always';
  const mainsBegan = spec.containers.some(({ name }) => (containers.get(name)?.attempts ?? 0) > 0);
  const due = (container: Container): ContainerRecord | undefined => {
    const each = containers.get(container.name);
    return each && !each.killed && !rests(container.name) && shouldRestart(container, each, policy) ? each : undefined;
  };
  for (const container of spec.ephemeralContainers ?? []) {
    const record = containers.get(container.name);
    if (record?.state.waiting && record.attempts === 0 && !rests(container.name)) return { container, record };
  }
  for (const container of spec.initContainers ?? []) {
    const each = containers.get(container.name);
    if (!each || (!isSidecar(container) && (mainsBegan || each.state.terminated?.exitCode === 0))) continue;
    const record = due(container);
    if (record) return { container, record };
    // The next one waits for this one: for its end, or for a sidecar's start.
    if (!isSidecar(container) || !(each.started || (each.last && mainsBegan))) return undefined;
  }
  for (const container of spec.containers) {
    const record = due(container);
    if (record) return { container, record };
  }
  return undefined;
}

/** Nothing of it will be started again. Sidecars do not keep a pod whose work is done. */
export function isComplete(pod: Pod, record: PodRecord): boolean {
  const policy = pod.spec.restartPolicy ?? 'Always';
  if (policy === 'Always') return false;
  const phase = phaseOf(pod, record);
  if (phase === 'Succeeded' || phase === 'Failed') return true;
  return pod.spec.containers.every((each) => {
    const own = record.containers.get(each.name);
    return own?.state.terminated && !shouldRestart(each, own, policy);
  });
}
