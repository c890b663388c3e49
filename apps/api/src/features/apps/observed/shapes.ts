import type { KubeObject } from '@fairlead/kube';

/**
 * The fields that are read of observed objects. Every one may be missing: what a cluster sends is data, and a wrong type can only make a wrong
 * word, never an act.
 */
export interface Condition {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
  lastUpdateTime?: string;
}

interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: { exitCode?: number; reason?: string; message?: string; finishedAt?: string };
}

export interface ContainerStatus {
  name?: string;
  image?: string;
  ready?: boolean;
  restartCount?: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface Container {
  name?: string;
  image?: string;
  readinessProbe?: object;
  livenessProbe?: object;
  ports?: { containerPort?: number; name?: string; protocol?: string }[];
  lifecycle?: { preStop?: object };
}

export interface Pod extends KubeObject {
  spec?: { nodeName?: string; containers?: Container[]; initContainers?: Container[] };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    podIP?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

export interface Workload extends KubeObject {
  spec?: {
    replicas?: number;
    paused?: boolean;
    suspend?: boolean;
    strategy?: { type?: string };
    completions?: number;
    template?: { metadata?: { labels?: Record<string, string> }; spec?: { containers?: Container[] } };
    jobTemplate?: { spec?: { template?: { metadata?: { labels?: Record<string, string> }; spec?: { containers?: Container[] } } } };
    containers?: Container[];
  };
  status?: {
    observedGeneration?: number;
    replicas?: number;
    updatedReplicas?: number;
    readyReplicas?: number;
    desiredNumberScheduled?: number;
    currentNumberScheduled?: number;
    updatedNumberScheduled?: number;
    numberReady?: number;
    active?: number;
    ready?: number;
    succeeded?: number;
    failed?: number;
    conditions?: Condition[];
  };
}

export interface Service extends KubeObject {
  spec?: { type?: string; selector?: Record<string, string>; ports?: { port?: number; name?: string; protocol?: string }[] };
  status?: { loadBalancer?: { ingress?: { ip?: string }[] } };
}

export interface Ingress extends KubeObject {
  spec?: { rules?: { host?: string; http?: { paths?: { path?: string }[] } }[]; tls?: { hosts?: string[] }[] };
  status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string; ports?: { port?: number }[] }[] } };
}

export interface EndpointSlice extends KubeObject {
  endpoints?: { conditions?: { ready?: boolean } }[];
}

export interface Event extends KubeObject {
  type?: string;
  reason?: string;
  message?: string;
  note?: string;
  count?: number;
  lastTimestamp?: string | null;
  firstTimestamp?: string | null;
  eventTime?: string | null;
  series?: { count?: number; lastObservedTime?: string };
  involvedObject?: { kind?: string; name?: string; namespace?: string; uid?: string };
}

export const condition = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((each) => each.type === type);

/** When the event last happened. */
export const eventTime = (event: Event): string =>
  event.series?.lastObservedTime ??
  event.lastTimestamp ??
  event.eventTime ??
  event.firstTimestamp ??
  event.metadata.creationTimestamp ??
  '';
