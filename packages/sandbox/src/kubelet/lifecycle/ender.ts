import { type Container, isSidecar, type Pod } from '../pod.js';
import type { PodRecord } from './record.js';
import type { PodRuntime } from './runtime.js';
import type { Timers } from './timers.js';

interface Ending {
  runtime: PodRuntime;
  timers: Timers;
  record: PodRecord;
}

/** killContainer: says so, lets its hook run, SIGTERM, and SIGKILL when its time is over. */
export function stopContainer(
  { runtime, timers, record }: Ending,
  container: Container,
  graceMs: number,
  message: string,
  waitForMains?: () => boolean,
): void {
  const { name } = container;
  if (!record.containers.get(name)?.state.running || timers.has(`kill ${name}`)) return;
  runtime.event('Normal', 'Killing', message, name);
  timers.set(`kill ${name}`, graceMs, () => runtime.kill(name));
  const terminate = (): void => {
    if (record.containers.get(name)?.state.running && !waitForMains?.()) runtime.terminate(name);
  };
  const hook = container.lifecycle?.preStop;
  if (!hook || graceMs <= 0) {
    terminate();
    return;
  }
  runtime.act(container, hook, graceMs, ({ ok }) => {
    if (!ok) runtime.event('Warning', 'FailedPreStopHook', 'PreStopHook failed', name);
    terminate();
  });
}

/** A pod's time is over: all its containers at once, sidecars last, all within the same grace. A shorter grace than before counts. */
export function stopPod(ending: Ending, pod: Pod, graceMs: number): void {
  const { record, runtime, timers } = ending;
  const mainsRun = (): boolean => pod.spec.containers.some(({ name }) => record.containers.get(name)?.state.running);
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers, ...(pod.spec.ephemeralContainers ?? [])]) {
    const { name } = container;
    if (timers.has(`kill ${name}`)) timers.setSooner(`kill ${name}`, graceMs, () => runtime.kill(name));
    else stopContainer(ending, container, graceMs, `Stopping container ${name}`, isSidecar(container) ? mainsRun : undefined);
  }
}

/** The last main container has gone: now its sidecars are told. */
export function stopSidecars({ runtime, record }: Ending, pod: Pod): void {
  for (const container of [...(pod.spec.initContainers ?? [])].reverse()) {
    if (isSidecar(container) && record.containers.get(container.name)?.state.running) runtime.terminate(container.name);
  }
}
