import { type Container, isSidecar, type Pod } from '../pod.js';
import type { ContainerRecord, PodRecord } from './record.js';

export type Phase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/** kubelet_pods.go's getPhase: what the states of the containers come to. */
export function phaseOf({ spec }: Pod, record: PodRecord): Phase {
  const policy = spec.restartPolicy ?? 'Always';
  const inits = spec.initContainers ?? [];
  let pending = 0;
  let failed = 0;
  for (const container of inits) {
    const each = record.containers.get(container.name);
    const initialized = isSidecar(container)
      ? each?.started || (record.ending && each?.state.terminated)
      : each?.state.terminated?.exitCode === 0;
    if (initialized) continue;
    if (!isSidecar(container) && policy === 'Never' && each?.state.terminated) failed += 1;
    else pending += 1;
  }
  if (failed > 0) return 'Failed';
  const mains = spec.containers.map(({ name }) => record.containers.get(name));
  const begun = mains.some((each) => each?.state.running ?? each?.state.terminated ?? each?.last);
  if (pending > 0 && !begun) return 'Pending';
  let running = 0;
  let waiting = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const each of mains) {
    if (each?.state.running) running += 1;
    else if (each?.state.terminated && each.state.terminated.reason !== 'ContainerStatusUnknown') {
      stopped += 1;
      if (each.state.terminated.exitCode === 0) succeeded += 1;
    } else if (each?.last) stopped += 1;
    else waiting += 1;
  }
  if (waiting > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (record.ending && stopped > 0) return succeeded === stopped ? 'Succeeded' : 'Failed';
  if (policy === 'Always') return stopped > 0 ? 'Running' : 'Pending';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

export function shouldRestart(container: Container, record: ContainerRecord, policy: string): boolean {
  const ended = record.state.terminated ?? (record.state.waiting ? record.last : undefined);
  if (record.state.running) return false;
  if (!ended) return true;
  if (isSidecar(container) || policy === 'Always') return true;
  return policy === 'OnFailure' && ended.exitCode !== 0;
}
