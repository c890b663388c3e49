import { timestamp } from '../../machinery/clock.js';
import { type Container, containersOf, isSidecar, type Pod } from '../pod.js';
import { stopContainer, stopPod, stopSidecars } from './ender.js';
import { isComplete, nextContainer } from './next-container.js';
import { Prober } from './prober.js';
import { type ContainerRecord, newContainer, type PodRecord } from './record.js';
import type { Ended, PodRuntime } from './runtime.js';
import { Starter } from './starter.js';
import { podStatus } from './status.js';
import { Timers } from './timers.js';

const tooLong = 'Pod was active on the node longer than the specified deadline';

/** One pod on its node, from its binding to its end: the kubelet's pod worker and syncPod. It is awake only while something is to be done. */
export class PodWorker {
  readonly record: PodRecord;
  private readonly timers: Timers;
  private readonly starter: Starter;
  private readonly prober: Prober;
  /** A container that is on its way: others wait. */
  private starting: string | undefined;
  private mountFailures = 0;
  private removed = false;
  /** Its work is done; sidecars are on their way out. */
  private completing = false;

  constructor(
    private readonly runtime: PodRuntime,
    private pod: Pod,
    known?: PodRecord,
  ) {
    const { clock } = runtime;
    this.timers = new Timers(clock);
    this.record = known ?? {
      startTime: clock.now(),
      podIP: '',
      hasSandbox: false,
      containers: new Map(),
      ending: undefined,
      stopped: false,
    };
    this.noteContainers();
    this.starter = new Starter({
      runtime,
      timers: this.timers,
      pod: () => this.pod,
      ended: (container, exit) => this.exited(container, exit),
      done: (container, retry) => this.begun(container, retry),
    });
    this.prober = new Prober({
      runtime,
      timers: this.timers,
      changed: () => this.publishAndSync(),
      fail: (container, kind, probe) => {
        const seconds = probe.terminationGracePeriodSeconds ?? this.pod.spec.terminationGracePeriodSeconds ?? 30;
        stopContainer(this.ending, container, seconds * 1000, `Container ${container.name} failed ${kind} probe, will be restarted`);
      },
    });
  }

  private get ending(): { runtime: PodRuntime; timers: Timers; record: PodRecord } {
    const { runtime, timers, record } = this;
    return { runtime, timers, record };
  }

  /** The pod is new here. */
  begin(): void {
    this.publish();
    this.armDeadline();
    this.sync();
  }

  /** It was here before the sandbox was restarted: its containers run on. */
  resume(): void {
    this.armDeadline();
    for (const container of containersOf(this.pod)) {
      const record = this.record.containers.get(container.name);
      if (!record?.state.running) continue;
      if (this.runtime.configProblem(container) !== undefined) continue;
      this.runtime.start(container, (exit) => this.exited(container, exit));
      const { ready, started } = record;
      this.prober.begin(container, record);
      record.ready = ready;
      record.started = started;
      if (record.probes.readiness) record.probes.readiness.ok = ready;
    }
    this.timers.set('sync', 500, () => this.sync());
  }

  /** A newer version of it. */
  update(pod: Pod): void {
    const before = this.pod;
    this.pod = pod;
    this.noteContainers();
    if (pod.metadata.deletionTimestamp) {
      if (pod.metadata.deletionTimestamp !== before.metadata.deletionTimestamp) this.sync();
      return;
    }
    const gated = (pod.spec.readinessGates?.length ?? 0) > 0;
    const more = (pod.spec.ephemeralContainers?.length ?? 0) > (before.spec.ephemeralContainers?.length ?? 0);
    if (more || pod.metadata.generation !== before.metadata.generation) this.armDeadline();
    if (gated || more || pod.metadata.generation !== before.metadata.generation) this.publishAndSync();
  }

  /** Nobody looks after it any more; its processes end unseen. */
  stop(): void {
    this.timers.clearAll();
    this.removed = true;
  }

  private noteContainers(): void {
    for (const { name, image = '' } of containersOf(this.pod))
      if (!this.record.containers.has(name)) this.record.containers.set(name, newContainer(name, image));
  }

  private armDeadline(): void {
    const { activeDeadlineSeconds } = this.pod.spec;
    if (activeDeadlineSeconds === undefined || this.record.stopped) return;
    const left = this.record.startTime + activeDeadlineSeconds * 1000 - this.runtime.clock.now();
    this.timers.set('deadline', Math.max(left, 0), () => {
      if (this.record.ending || this.record.stopped) return;
      this.runtime.event('Normal', 'DeadlineExceeded', tooLong);
      this.record.ending = { reason: 'DeadlineExceeded', message: tooLong };
      this.sync();
    });
  }

  private publish(): void {
    if (this.removed) return;
    this.timers.clear('relist');
    this.runtime.publish((pod) => podStatus(pod, this.record, this.runtime.hostIP, this.runtime.clock.now()));
  }

  private publishAndSync(): void {
    this.publish();
    this.sync();
  }

  private sync(): void {
    if (this.removed) return;
    const { pod, record } = this;
    if (pod.metadata.deletionTimestamp && !record.ending && !record.stopped) record.ending = {};
    if (record.stopped) {
      this.finish();
      return;
    }
    if (record.ending) {
      this.end();
      return;
    }
    if (this.completing) {
      this.complete();
      return;
    }
    if (this.starting !== undefined) return;
    if (!record.hasSandbox) {
      this.prepare();
      return;
    }
    const next = nextContainer(this.pod, this.record, (name) => this.timers.has(`retry ${name}`));
    if (next) this.start(next.container, next.record);
    else if (isComplete(this.pod, this.record)) this.complete();
  }

  /** Volumes, then the sandbox. */
  private prepare(): void {
    const { runtime, timers, record } = this;
    if (timers.has('prepare')) return;
    const problem = runtime.mountProblem();
    if (problem !== undefined) {
      runtime.event('Warning', 'FailedMount', problem);
      const wait = Math.min(500 * 2 ** this.mountFailures, 122_000);
      this.mountFailures += 1;
      timers.set('prepare', wait, () => this.sync());
      return;
    }
    timers.set('prepare', 200 + runtime.random() * 250, () => {
      record.podIP = runtime.openSandbox();
      record.hasSandbox = true;
      this.sync();
    });
  }

  private start(container: Container, record: ContainerRecord): void {
    this.starting = container.name;
    const ended = record.state.terminated ?? (record.state.waiting && record.last ? record.last : undefined);
    // A container that the kubelet itself killed is judged by the run before: the kubelet has not seen its end yet.
    const judged =
      record.waits === undefined && this.killedLast.has(container.name)
        ? this.killedLast.get(container.name)
        : ended
          ? Date.parse(ended.finishedAt)
          : undefined;
    this.starter.begin(container, record, judged);
  }

  private readonly killedLast = new Map<string, number | undefined>();

  /** The starter is through with it. */
  private begun(container: Container, retry: boolean): void {
    const record = this.record.containers.get(container.name);
    this.starting = undefined;
    if (!record || this.removed) return;
    const isInit = !isSidecar(container) && (this.pod.spec.initContainers ?? []).some(({ name }) => name === container.name);
    if (record.state.running && !record.killed && !isInit) this.prober.begin(container, record);
    // What runs is seen by the next relist; what has ended until then was never seen running.
    if (!record.state.running) this.publish();
    else if (!this.timers.has('relist')) this.timers.set('relist', 200 + this.runtime.random() * 500, () => this.publish());
    if (retry) this.killedLast.delete(container.name);
    if (retry && !record.state.running) {
      const soon = record.state.waiting?.reason === 'ErrImagePull' || record.state.waiting?.reason === 'RunContainerError';
      const wait = soon && !this.timers.has(`told ${container.name}`) ? 1000 : 10_000 * (1 + this.runtime.random() * 0.5);
      if (soon) this.timers.set(`told ${container.name}`, 3600_000, () => {});
      this.timers.set(`retry ${container.name}`, wait, () => this.sync());
    }
    this.sync();
  }

  private exited(container: Container, { code, oom, message }: Ended): void {
    const record = this.record.containers.get(container.name);
    if (!record?.state.running || this.removed) return;
    const finishedAt = timestamp(this.runtime.clock.now());
    const before = record.last?.finishedAt;
    const { startedAt } = record.state.running;
    this.timers.clear(`kill ${container.name}`);
    this.prober.end(container);
    if (record.killed && record.waits === undefined)
      this.killedLast.set(container.name, before === undefined ? undefined : Date.parse(before));
    else this.killedLast.delete(container.name);
    const terminated = {
      exitCode: code,
      reason: oom ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error',
      ...(message ? { message } : {}),
      startedAt,
      finishedAt,
      containerID: record.id,
    };
    record.started = false;
    record.ready = !isSidecar(container) && (this.pod.spec.initContainers ?? []).includes(container) && code === 0;
    const { waits, killed } = record;
    record.killed = false;
    if (waits) {
      record.last = terminated;
      record.state = { waiting: waits };
    } else record.state = { terminated };
    if (this.record.ending) {
      this.endedOne();
      return;
    }
    if (this.completing) {
      this.complete();
      return;
    }
    // Seen by the next relist; a container that the kubelet killed itself is replaced in the same breath.
    const seen = killed && !waits ? 0 : 300 + this.runtime.random() * 700;
    this.timers.set(`seen ${container.name}`, seen, () => {
      if (!killed) this.publish();
      const pause = killed || this.willWait(record) ? 1000 * Number(!killed) : 0;
      this.timers.set(`retry ${container.name}`, pause, () => this.sync());
    });
    this.timers.set(`retry ${container.name}`, 3600_000, () => {});
  }

  /** Whether its next start meets a backoff: told a moment after the end was. */
  private willWait(record: ContainerRecord): boolean {
    return record.backoff !== undefined;
  }

  private complete(): void {
    if (this.timers.has('complete')) return;
    this.completing = true;
    stopPod(this.ending, this.pod, (this.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000);
    stopSidecars(this.ending, this.pod);
    if (this.anyRuns()) return;
    this.publish();
    this.timers.set('complete', 800 + this.runtime.random() * 400, () => this.stopped());
  }

  private anyRuns(): boolean {
    return [...this.record.containers.values()].some((each) => each.state.running);
  }

  private end(): void {
    const { pod, record, runtime } = this;
    this.starting = undefined;
    for (const name of ['start', 'prepare', 'complete']) this.timers.clear(name);
    const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata as {
      deletionTimestamp?: string;
      deletionGracePeriodSeconds?: number;
    };
    const seconds = deletionTimestamp ? (deletionGracePeriodSeconds ?? 30) : (pod.spec.terminationGracePeriodSeconds ?? 30);
    const until = deletionTimestamp ? Date.parse(deletionTimestamp) - runtime.clock.now() : seconds * 1000;
    for (const each of record.containers.values()) {
      if (!each.state.waiting || each.id === '' || !each.last) continue;
      each.state = { terminated: each.last };
      each.last = undefined;
    }
    if (!this.timers.has('ended')) this.publish();
    stopPod(this.ending, pod, Math.max(until, 0));
    if (!this.anyRuns()) this.endedOne();
  }

  private endedOne(): void {
    const mains = this.pod.spec.containers.some(({ name }) => this.record.containers.get(name)?.state.running);
    if (!mains) stopSidecars(this.ending, this.pod);
    if (this.anyRuns() || this.timers.has('ended')) return;
    this.timers.set('ended', 200 + this.runtime.random() * 300, () => this.stopped());
  }

  /** Everything has stopped: the end is told. */
  private stopped(): void {
    const { record } = this;
    this.timers.clearAll();
    if (record.ending) {
      for (const each of record.containers.values()) {
        const main = this.pod.spec.containers.some(({ name }) => name === each.name);
        if (each.state.waiting && each.attempts === 0 && main) {
          const lost = {
            exitCode: 137,
            reason: 'ContainerStatusUnknown',
            message: 'The container could not be located when the pod was terminated',
            startedAt: null,
            finishedAt: null,
          };
          each.state = { terminated: lost as never };
        }
      }
    }
    record.stopped = true;
    this.runtime.closeSandbox();
    this.publish();
    this.finish();
  }

  /** Its object goes, if it is to. */
  private finish(): void {
    if (!this.pod.metadata.deletionTimestamp || this.timers.has('remove')) return;
    this.timers.set('remove', 300 + this.runtime.random() * 500, () => {
      this.removed = true;
      this.runtime.remove();
    });
  }
}
