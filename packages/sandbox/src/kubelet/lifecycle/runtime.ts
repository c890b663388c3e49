import type { Clock } from '../../machinery/clock.js';
import type { Pull } from '../images/pull.js';
import type { Container, Handler, Pod, PodStatus, Probe } from '../pod.js';
import type { ProbeKind, ProbeResult } from './probe-state.js';

export interface Ended {
  code: number;
  oom: boolean;
  message: string;
}

/** What a pod's worker does its work with: the container runtime, the node, and the API. */
export interface PodRuntime {
  readonly clock: Clock;
  random(): number;
  readonly hostIP: string;
  /** Why its volumes cannot be mounted. */
  mountProblem(): string | undefined;
  /** Makes the pod's sandbox; answers its address. */
  openSandbox(): string;
  closeSandbox(): void;
  isPresent(image: string): boolean;
  /** Also the scene's say: how long, or why not. */
  pull(container: Container): Pull;
  notePresent(image: string): void;
  /** Why it cannot be created, after its environment was looked up. */
  configProblem(container: Container): string | undefined;
  /** Answers the runtime's words where it cannot start. */
  start(container: Container, ended: (exit: Ended) => void): string | undefined;
  terminate(container: string): void;
  kill(container: string): void;
  /** A probe or a hook; calls `done` once, perhaps at once. Answers its undo. */
  act(container: Container, what: Handler | Probe, timeoutMs: number, done: (result: ProbeResult) => void): () => void;
  /** What a scene says about probes of that kind. */
  ordered(container: Container, kind: ProbeKind): ProbeResult | undefined;
  /** Until when the next result is the same as a good one now: undefined where it has to be tried. */
  goodUntil(container: Container, kind: ProbeKind, probe: Probe): number | undefined;
  event(type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void;
  publish(status: (pod: Pod) => PodStatus): void;
  /** The pod's object may go. */
  remove(): void;
}
