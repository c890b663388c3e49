import type { Api } from '../api/api.js';
import { ApiError } from '../machinery/api-error.js';
import type { Clock } from '../machinery/clock.js';
import { imageOf } from './images/images.js';
import { notFound, type Pull, pullOf, unauthorized } from './images/pull.js';
import { imageReference } from './images/reference.js';
import type { Kubelet } from './kubelet.js';
import type { ProbeKind, ProbeResult } from './lifecycle/probe-state.js';
import type { Ended, PodRuntime } from './lifecycle/runtime.js';
import { GivenInput, sink } from './machine/channel.js';
import type { Tree } from './machine/tree.js';
import { targetPort } from './network/cluster-network.js';
import type { Network, WebAnswer } from './network/network.js';
import { type Container, type Handler, kindOf, type Pod, type PodStatus, type Probe, podName } from './pod.js';
import { LiveContainer } from './runtime/container.js';
import type { Log } from './runtime/log.js';
import { commandLine } from './runtime/plan.js';
import { type Scene, sceneFor } from './scenes/scene.js';
import { ConfigProblem, environment } from './setting/environment.js';
import { memoryLimitOf } from './setting/limits.js';
import { mountProblem, type VolumeWorld, volumesOf } from './setting/volumes.js';

/** What its node does for one pod. */
export class NodePod implements PodRuntime {
  readonly clock: Clock;
  /** The run that is on, and the one before: what logs show. */
  readonly live = new Map<string, LiveContainer>();
  readonly previous = new Map<string, Log>();
  readonly hostIP: string;
  podIP = '';
  private trees: Map<string, Tree> | undefined;
  private readonly environments = new Map<string, Record<string, string>>();

  constructor(
    private readonly kubelet: Kubelet,
    public pod: Pod,
  ) {
    this.clock = kubelet.clock;
    this.hostIP = kubelet.facts.address;
    this.podIP = pod.status?.podIP ?? '';
  }

  random(): number {
    return this.kubelet.random();
  }

  mountProblem(): string | undefined {
    return mountProblem(this.pod, this.volumeWorld());
  }

  openSandbox(): string {
    this.podIP = this.pod.spec.hostNetwork ? this.hostIP : this.kubelet.takeAddress();
    return this.podIP;
  }

  closeSandbox(): void {
    if (this.podIP && !this.pod.spec.hostNetwork) this.kubelet.freeAddress(this.podIP);
  }

  isPresent(image: string): boolean {
    return this.kubelet.images.has(canonical(image));
  }

  notePresent(image: string): void {
    this.kubelet.images.add(canonical(image));
  }

  pull(container: Container): Pull {
    const { image = '' } = container;
    const scene = this.scene(container.name);
    const reference = imageReference(image);
    if (typeof reference !== 'string') {
      if (scene?.is === 'missing-image') return { is: 'refused', message: notFound(reference) };
      if (scene?.is === 'private-registry') return { is: 'refused', message: unauthorized(reference) };
    }
    const found = pullOf(image, (host) => this.kubelet.hasPullSecret(this.pod, host));
    return scene?.is === 'slow-pull' && found.is === 'there' ? { ...found, milliseconds: scene.forMs } : found;
  }

  configProblem(container: Container): string | undefined {
    const { image = '' } = container;
    const reference = imageReference(image);
    const made = typeof reference === 'string' ? undefined : imageOf(reference);
    const user = container.securityContext?.runAsUser ?? this.pod.spec.securityContext?.runAsUser ?? made?.user ?? 0;
    const nonRoot = container.securityContext?.runAsNonRoot ?? this.pod.spec.securityContext?.runAsNonRoot;
    try {
      const node = this.kubelet.api.get('nodes', '', this.kubelet.facts.name);
      this.environments.set(
        container.name,
        environment(this.kubelet.api, {
          pod: this.pod,
          container,
          imageEnv: made?.env ?? {},
          podIP: this.podIP,
          hostIP: this.hostIP,
          node,
        }),
      );
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      return error.message;
    }
    if (!nonRoot || user !== 0) return undefined;
    const why =
      container.securityContext?.runAsUser === 0 || this.pod.spec.securityContext?.runAsUser === 0
        ? "container's runAsUser breaks non-root policy"
        : 'container has runAsNonRoot and image will run as root';
    return `${why} (pod: "${podName(this.pod)}", container: ${container.name})`;
  }

  start(container: Container, ended: (exit: Ended) => void): string | undefined {
    const { kubelet, pod } = this;
    const { image = '', name } = container;
    const reference = imageReference(image);
    if (typeof reference === 'string') return reference;
    const made = imageOf(reference);
    this.trees ??= volumesOf(pod, this.volumeWorld());
    const before = this.live.get(name);
    if (before) {
      before.abandon();
      this.previous.set(name, before.log);
    }
    const live = new LiveContainer(
      {
        clock: this.clock,
        random: () => this.random(),
        network: this.network(),
        node: kubelet.facts,
        pod,
        podIP: this.podIP,
        container,
        image: made,
        imageName: image,
        argv: commandLine(made, container),
        env: this.environments.get(name) ?? {},
        volumes: this.trees,
        memoryLimit: memoryLimitOf(container),
        scene: this.scene(name),
        hasVisitors: () => kubelet.hasVisitors(pod),
      },
      ended,
    );
    this.live.set(name, live);
    return live.begin();
  }

  terminate(container: string): void {
    this.live.get(container)?.terminate();
  }

  kill(container: string): void {
    this.live.get(container)?.kill();
  }

  act(container: Container, what: Handler | Probe, timeoutMs: number, done: (result: ProbeResult) => void): () => void {
    const { exec, httpGet, tcpSocket } = what;
    const { sleep } = what as Handler;
    const { grpc } = what as Probe;
    const live = this.live.get(container.name);
    if (exec) return this.command(live, exec.command ?? [], timeoutMs, done);
    if (sleep) return this.clock.after(sleep.seconds * 1000, () => done({ ok: true, message: '' }));
    if (tcpSocket) done(this.tcp(tcpSocket));
    else if (grpc) return this.grpc(grpc.port, timeoutMs, done);
    else if (httpGet) return this.http(httpGet, timeoutMs, done);
    else done({ ok: true, message: '' });
    return () => {};
  }

  ordered(container: Container, kind: ProbeKind): ProbeResult | undefined {
    const scene = this.scene(container.name);
    const live = this.live.get(container.name);
    const age = this.clock.now() - (live?.startedAt ?? 0);
    if (scene?.is === 'readiness' && kind === 'readiness' && age >= scene.afterMs && age < scene.afterMs + scene.forMs)
      return this.orderedFailure(container.readinessProbe, 503);
    return scene?.is === 'liveness' && kind === 'liveness' && age >= scene.afterMs
      ? this.orderedFailure(container.livenessProbe, 500)
      : undefined;
  }

  goodUntil(container: Container, kind: ProbeKind, probe: Probe): number | undefined {
    const live = this.live.get(container.name);
    if (live?.plan.is !== 'serve' || probe.exec) return undefined;
    const scene = this.scene(container.name);
    if ((scene?.is === 'readiness' && kind === 'readiness') || (scene?.is === 'liveness' && kind === 'liveness')) {
      const from = live.startedAt + scene.afterMs;
      return this.clock.now() < from ? from : Number.POSITIVE_INFINITY;
    }
    return Number.POSITIVE_INFINITY;
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void {
    const fieldPath = container === undefined ? {} : { fieldPath: `spec.${kindOf(this.pod, container)}{${container}}` };
    this.kubelet.api.recordEvent({
      about: this.pod,
      type,
      reason,
      message,
      component: 'kubelet',
      host: this.kubelet.facts.name,
      ...fieldPath,
    });
  }

  publish(status: (pod: Pod) => PodStatus): void {
    const { namespace = '', name, uid } = this.pod.metadata;
    const { api, user } = this.kubelet;
    try {
      api.change(
        'pods',
        namespace,
        name,
        (draft) => {
          if (draft.metadata.uid !== uid) return false;
          draft.status = status(draft as Pod);
          return undefined;
        },
        { subresource: 'status', fieldManager: 'kubelet', user },
      );
    } catch (error) {
      // Somebody else was there, or it is gone: the next change tells.
      if (!(error instanceof ApiError)) throw error;
    }
  }

  remove(): void {
    const { namespace = '', name, uid = '' } = this.pod.metadata;
    try {
      this.kubelet.api.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid }, user: this.kubelet.user });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Its processes end without anybody hearing of it. */
  abandon(): void {
    for (const live of this.live.values()) live.abandon();
  }

  network(): Network {
    const { network } = this.kubelet;
    const current = (): Pod => ({ ...this.pod, status: { ...this.pod.status, podIP: this.podIP } });
    return {
      resolve: (host) => network.resolve(host, current()),
      reach: (host, port) => (host === this.podIP ? this.kubelet.reachPod(this.pod, port) : network.reach(host, port, current())),
    };
  }

  scene(container: string): Scene | undefined {
    return sceneFor(this.pod, container);
  }

  private volumeWorld(): VolumeWorld {
    const { api, kept, token } = this.kubelet;
    return { api, now: this.clock.now(), podIP: this.podIP, hostIP: this.hostIP, kept, token };
  }

  private orderedFailure(probe: Probe | undefined, code: number): ProbeResult {
    if (probe?.tcpSocket)
      return { ok: false, message: `dial tcp ${this.podIP}:${this.port(probe.tcpSocket.port)}: connect: connection refused` };
    return { ok: false, message: probe?.exec ? '' : `HTTP probe failed with statuscode: ${code}` };
  }

  private port(port: number | string): number {
    return targetPort(this.pod, port) ?? 0;
  }

  private tcp({ host, port }: { host?: string; port: number | string }): ProbeResult {
    const address = host ?? this.podIP;
    const reached = this.network().reach(address, this.port(port));
    if (reached.is === 'open') return { ok: true, message: '' };
    return { ok: false, message: `dial tcp ${address}:${this.port(port)}: connect: connection refused` };
  }

  private grpc(port: number, timeoutMs: number, done: (result: ProbeResult) => void): () => void {
    if (this.kubelet.reachPod(this.pod, port).is === 'open') {
      done({ ok: true, message: '' });
      return () => {};
    }
    const message = `timeout: failed to connect service "${this.podIP}:${port}" within ${timeoutMs / 1000}s: context deadline exceeded`;
    return this.clock.after(timeoutMs, () => done({ ok: false, message }));
  }

  private http(get: NonNullable<Handler['httpGet']>, timeoutMs: number, done: (result: ProbeResult) => void): () => void {
    const { path = '', host, scheme = 'HTTP' } = get;
    const port = this.port(get.port);
    const address = host ?? this.podIP;
    const url = `${scheme.toLowerCase()}://${address}:${port}${path.startsWith('/') ? path : `/${path}`}`;
    const reached = this.network().reach(address, port);
    const fail = (message: string): void => done({ ok: false, message });
    if (reached.is === 'unknown host' || reached.is === 'unreachable') {
      return this.clock.after(timeoutMs, () =>
        fail(`Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`),
      );
    }
    if (reached.is === 'refused') fail(`Get "${url}": dial tcp ${address}:${port}: connect: connection refused`);
    else if (scheme.toUpperCase() === 'HTTPS') fail(`Get "${url}": http: server gave HTTP response to HTTPS client`);
    else if (reached.speaks !== 'http') fail(`Get "${url}": EOF`);
    else {
      const answer = reached.ask({ method: 'GET', path: path || '/', host: address, agent: 'kube-probe/1.34', from: this.hostIP });
      return this.answered(answer, url, timeoutMs, done);
    }
    return () => {};
  }

  private answered({ code, delayMs = 0 }: WebAnswer, url: string, timeoutMs: number, done: (result: ProbeResult) => void): () => void {
    const result =
      code >= 200 && code < 400 ? { ok: true, message: '' } : { ok: false, message: `HTTP probe failed with statuscode: ${code}` };
    if (delayMs === 0) {
      done(result);
      return () => {};
    }
    const late = { ok: false, message: `Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)` };
    return this.clock.after(Math.min(delayMs, timeoutMs), () => done(delayMs > timeoutMs ? late : result));
  }

  private command(
    live: LiveContainer | undefined,
    command: readonly string[],
    timeoutMs: number,
    done: (result: ProbeResult) => void,
  ): () => void {
    let output = '';
    const taken = sink((data) => {
      if (output.length < 10_240) output += data.toString('utf8');
    });
    const shown = command.join(' ');
    const process = live?.exec(command, { stdin: new GivenInput(Buffer.alloc(0)), stdout: taken, stderr: taken }) ?? 'container not found';
    if (typeof process === 'string') {
      done({ ok: false, message: `OCI runtime exec failed: exec failed: unable to start container process: ${process}: unknown` });
      return () => {};
    }
    const finish = (): void => {
      undo();
      const failed = `command '${shown}' exited with ${process.exitCode}: , message: ${JSON.stringify(output)}`;
      done({ ok: process.exitCode === 0, message: this.isHook(command) ? failed : output });
    };
    let undo = () => {};
    if (process.exitCode !== undefined) {
      finish();
      return undo;
    }
    const undoExit = process.onExit(finish);
    const undoTimeout = this.clock.after(timeoutMs, () => {
      undoExit();
      process.kill('KILL');
      done({ ok: false, message: `command timed out: "${shown}" timed out after ${timeoutMs / 1000}s` });
    });
    undo = () => {
      undoExit();
      undoTimeout();
    };
    return undo;
  }

  private isHook(command: readonly string[]): boolean {
    return this.pod.spec.containers.some(({ lifecycle }) => lifecycle?.postStart?.exec?.command === command);
  }
}

function canonical(image: string): string {
  const reference = imageReference(image);
  return typeof reference === 'string' ? image : reference.canonical;
}

export type NodeApi = Pick<Api, 'get' | 'list' | 'change' | 'create' | 'delete' | 'recordEvent'>;
