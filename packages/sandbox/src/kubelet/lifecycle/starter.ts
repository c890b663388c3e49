import { timestamp } from '../../machinery/clock.js';
import type { Container, Pod } from '../pod.js';
import { podName } from '../pod.js';
import { goDuration, isBackingOff, nextBackoff } from './backoff.js';
import type { Backoff, ContainerRecord } from './record.js';
import type { Ended, PodRuntime } from './runtime.js';
import type { Timers } from './timers.js';

export const startErrorPrefix =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';

interface Steps {
  runtime: PodRuntime;
  timers: Timers;
  pod(): Pod;
  ended(container: Container, exit: Ended): void;
  /** It runs, or it does not for now: `retry` says that somebody has to look again later. */
  done(container: Container, retry: boolean): void;
}

/** kuberuntime's startContainer with what comes before it: backoff, image, configuration, creation, start, hook. */
export class Starter {
  private readonly pulls = new Map<string, { backoff: Backoff | undefined; failedAt: number; message: string }>();

  constructor(private readonly steps: Steps) {}

  begin(container: Container, record: ContainerRecord, failedAt: number | undefined): void {
    const { runtime } = this.steps;
    const pod = this.steps.pod();
    const now = runtime.clock.now();
    if (failedAt !== undefined) {
      if (isBackingOff(record.backoff, failedAt, now)) {
        runtime.event(
          'Warning',
          'BackOff',
          `Back-off restarting failed container ${container.name} in pod ${podName(pod)}`,
          container.name,
        );
        const message = `back-off ${goDuration(record.backoff?.ms ?? 0)} restarting failed container=${container.name} pod=${podName(pod)}`;
        this.refuse(container, record, { reason: 'CrashLoopBackOff', message });
        return;
      }
      record.backoff = nextBackoff(record.backoff, failedAt, now);
    }
    this.image(container, record);
  }

  private image(container: Container, record: ContainerRecord): void {
    const { runtime, timers } = this.steps;
    const { image = '' } = container;
    const pull = runtime.pull(container);
    const say = (type: 'Normal' | 'Warning', reason: string, message: string): void => runtime.event(type, reason, message, container.name);
    if (pull.is === 'no name') {
      say('Warning', 'InspectFailed', pull.message);
      say('Warning', 'Failed', 'Error: InvalidImageName');
      this.refuse(container, record, { reason: 'InvalidImageName', message: pull.message });
      return;
    }
    const present = runtime.isPresent(image);
    const policy = container.imagePullPolicy ?? 'IfNotPresent';
    if (present && policy !== 'Always') {
      say('Normal', 'Pulled', `Container image "${image}" already present on machine`);
      this.create(container, record, pull);
      return;
    }
    if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      say('Warning', 'ErrImageNeverPull', message);
      say('Warning', 'Failed', 'Error: ErrImageNeverPull');
      this.refuse(container, record, { reason: 'ErrImageNeverPull', message });
      return;
    }
    const now = runtime.clock.now();
    const before = this.pulls.get(image);
    if (before && isBackingOff(before.backoff, before.failedAt, now)) {
      say('Normal', 'BackOff', `Back-off pulling image "${image}"`);
      say('Warning', 'Failed', 'Error: ImagePullBackOff');
      this.refuse(container, record, {
        reason: 'ImagePullBackOff',
        message: `Back-off pulling image "${image}": ErrImagePull: ${before.message}`,
      });
      return;
    }
    say('Normal', 'Pulling', `Pulling image "${image}"`);
    if (pull.is === 'refused') {
      timers.set('start', 500 + runtime.random() * 500, () => {
        const at = runtime.clock.now();
        this.pulls.set(image, { backoff: nextBackoff(before?.backoff, at, at), failedAt: at, message: pull.message });
        say('Warning', 'Failed', `Failed to pull image "${image}": ${pull.message}`);
        say('Warning', 'Failed', 'Error: ErrImagePull');
        this.refuse(container, record, { reason: 'ErrImagePull', message: pull.message });
      });
      return;
    }
    const ms = present ? 300 + runtime.random() * 300 : pull.milliseconds;
    timers.set('start', ms, () => {
      runtime.notePresent(image);
      const took = `${ms >= 1000 ? `${(ms / 1000).toFixed(3)}s` : `${Math.round(ms)}ms`}`;
      say(
        'Normal',
        'Pulled',
        `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${pull.bytes} bytes.`,
      );
      this.create(container, record, pull);
    });
  }

  private create(
    container: Container,
    record: ContainerRecord,
    pull: Extract<ReturnType<PodRuntime['pull']>, { is: 'there' | 'refused' }>,
  ): void {
    const { runtime, timers } = this.steps;
    const problem = runtime.configProblem(container);
    if (problem !== undefined) {
      runtime.event('Warning', 'Failed', `Error: ${problem}`, container.name);
      this.refuse(container, record, { reason: 'CreateContainerConfigError', message: problem });
      return;
    }
    timers.set('start', 60 + runtime.random() * 60, () => {
      const random = (): number => runtime.random();
      if (record.attempts > 0) record.restarts += 1;
      record.attempts += 1;
      if (record.state.terminated) record.last = record.state.terminated;
      record.id = `containerd://${hex(64, random)}`;
      if (pull.is === 'there') {
        record.image = pull.reference.canonical;
        record.imageId = `${pull.reference.host}/${pull.reference.repository}@sha256:${digest(pull.reference.canonical)}`;
      }
      runtime.event('Normal', 'Created', `Created container: ${container.name}`, container.name);
      timers.set('start', 40 + runtime.random() * 60, () => this.start(container, record));
    });
  }

  private start(container: Container, record: ContainerRecord): void {
    const { runtime } = this.steps;
    const pod = this.steps.pod();
    const now = runtime.clock.now();
    const problem = runtime.start(container, (exit) => this.steps.ended(container, exit));
    record.waits = undefined;
    record.killed = false;
    if (problem !== undefined) {
      const message = `${startErrorPrefix}${problem}: unknown`;
      runtime.event('Warning', 'Failed', `Error: ${message}`, container.name);
      const failed = {
        exitCode: 128,
        reason: 'StartError',
        message,
        startedAt: '1970-01-01T00:00:00Z',
        finishedAt: timestamp(now),
        containerID: record.id,
      };
      const waits = willRestart(pod, container);
      if (waits) record.last = failed;
      record.state = waits ? { waiting: { reason: 'RunContainerError', message } } : { terminated: failed };
      this.steps.done(container, waits);
      return;
    }
    runtime.event('Normal', 'Started', `Started container ${container.name}`, container.name);
    record.state = { running: { startedAt: timestamp(now) } };
    record.started = container.startupProbe === undefined;
    record.ready = false;
    record.probes = {};
    const hook = container.lifecycle?.postStart;
    if (!hook) {
      this.steps.done(container, false);
      return;
    }
    runtime.act(container, hook, 3600_000, ({ ok, message }) => {
      if (!ok && record.state.running) this.hookFailed(container, record, message);
      this.steps.done(container, !ok);
    });
  }

  private hookFailed(container: Container, record: ContainerRecord, output: string): void {
    const { runtime } = this.steps;
    const pod = this.steps.pod();
    runtime.event('Warning', 'FailedPostStartHook', 'PostStartHook failed', container.name);
    runtime.event('Normal', 'Killing', 'FailedPostStartHook', container.name);
    const command = container.lifecycle?.postStart?.exec?.command;
    const message = command
      ? `Exec lifecycle hook ([${command.join(' ')}]) for Container "${container.name}" in Pod "${podName(pod)}" failed - error: ${output}`
      : `HTTP lifecycle hook (${container.lifecycle?.postStart?.httpGet?.path ?? ''}) for Container "${container.name}" in Pod "${podName(pod)}" failed - error: ${output}`;
    record.waits = { reason: 'PostStartHookError', message };
    record.killed = true;
    runtime.terminate(container.name);
  }

  private refuse(container: Container, record: ContainerRecord, why: { reason: string; message: string }): void {
    if (record.state.terminated) record.last = record.state.terminated;
    record.state = { waiting: why };
    record.ready = false;
    this.steps.done(container, true);
  }
}

const willRestart = ({ spec }: Pod, container: Container): boolean =>
  container.restartPolicy === 'Always' || (spec.restartPolicy ?? 'Always') !== 'Never';

const hex = (length: number, random: () => number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');

function digest(text: string): string {
  let seed = 0;
  for (const char of text) seed = (Math.imul(seed, 31) + char.charCodeAt(0)) | 0;
  return hex(64, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return (seed >>> 0) / 4294967296;
  });
}
