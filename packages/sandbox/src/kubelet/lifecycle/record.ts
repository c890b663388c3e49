import type { ContainerState, Terminated } from '../pod.js';
import type { ProbeState } from './probe-state.js';

/** What the kubelet remembers of one container: plain data. */
export interface ContainerRecord {
  name: string;
  state: ContainerState;
  /** The run before this one. */
  last: Terminated | undefined;
  restarts: number;
  /** Runs begun, also those that could not start. */
  attempts: number;
  id: string;
  image: string;
  imageId: string;
  started: boolean;
  ready: boolean;
  backoff: Backoff | undefined;
  probes: { startup?: ProbeState; readiness?: ProbeState; liveness?: ProbeState };
  /** It is being killed by a probe or a hook, to be started again. */
  killed: boolean;
  /** What its next status says instead of "waiting", once the backoff was met. */
  waits: { reason: string; message?: string } | undefined;
}

export interface Backoff {
  ms: number;
  updatedAt: number;
}

export interface PodRecord {
  startTime: number;
  podIP: string;
  /** Volumes are there, and a network. */
  hasSandbox: boolean;
  containers: Map<string, ContainerRecord>;
  /** Nothing is started any more. */
  ending: { reason?: string; message?: string } | undefined;
  /** All its containers have stopped, and its sandbox with them. */
  stopped: boolean;
}

export const newContainer = (name: string, image: string): ContainerRecord => ({
  name,
  state: { waiting: { reason: 'ContainerCreating' } },
  last: undefined,
  restarts: 0,
  attempts: 0,
  id: '',
  image,
  imageId: '',
  started: false,
  ready: false,
  backoff: undefined,
  probes: {},
  killed: false,
  waits: undefined,
});
