import type { KubeObject } from '@fairlead/kube/protocol';

/** Pods as a kubelet reads them. */
export interface Pod extends KubeObject {
  spec: PodSpec;
  status?: PodStatus;
}

export interface PodSpec {
  nodeName?: string;
  containers: Container[];
  initContainers?: Container[];
  ephemeralContainers?: (Container & { targetContainerName?: string })[];
  restartPolicy?: string;
  terminationGracePeriodSeconds?: number;
  activeDeadlineSeconds?: number;
  serviceAccountName?: string;
  hostname?: string;
  subdomain?: string;
  hostNetwork?: boolean;
  shareProcessNamespace?: boolean;
  enableServiceLinks?: boolean;
  volumes?: Volume[];
  imagePullSecrets?: { name?: string }[];
  securityContext?: SecurityContext;
  readinessGates?: { conditionType: string }[];
  hostAliases?: { ip: string; hostnames?: string[] }[];
  [field: string]: unknown;
}

export interface SecurityContext {
  runAsUser?: number;
  runAsGroup?: number;
  runAsNonRoot?: boolean;
  readOnlyRootFilesystem?: boolean;
}

export interface Container {
  name: string;
  image?: string;
  imagePullPolicy?: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: EnvVar[];
  envFrom?: { prefix?: string; configMapRef?: Reference; secretRef?: Reference }[];
  ports?: { name?: string; containerPort: number; protocol?: string }[];
  resources?: { limits?: Quantities; requests?: Quantities };
  volumeMounts?: VolumeMount[];
  livenessProbe?: Probe;
  readinessProbe?: Probe;
  startupProbe?: Probe;
  lifecycle?: { postStart?: Handler; preStop?: Handler };
  restartPolicy?: string;
  securityContext?: SecurityContext;
  stdin?: boolean;
  stdinOnce?: boolean;
  tty?: boolean;
  terminationMessagePath?: string;
  terminationMessagePolicy?: string;
  [field: string]: unknown;
}

export type Quantities = Readonly<Record<string, string | number>>;
export interface Reference {
  name?: string;
  optional?: boolean;
}
export interface KeyReference extends Reference {
  key: string;
}
export interface FieldReference {
  fieldPath: string;
}
export interface ResourceReference {
  resource: string;
  containerName?: string;
  divisor?: string | number;
}
export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    configMapKeyRef?: KeyReference;
    secretKeyRef?: KeyReference;
    fieldRef?: FieldReference;
    resourceFieldRef?: ResourceReference;
  };
}
export interface VolumeMount {
  name: string;
  mountPath: string;
  subPath?: string;
  subPathExpr?: string;
  readOnly?: boolean;
}
export interface KeyToPath {
  key: string;
  path: string;
}
export interface DownwardItem {
  path: string;
  fieldRef?: FieldReference;
  resourceFieldRef?: ResourceReference;
}
export interface Projection {
  configMap?: Reference & { items?: KeyToPath[] };
  secret?: Reference & { items?: KeyToPath[] };
  downwardAPI?: { items?: DownwardItem[] };
  serviceAccountToken?: { path: string; audience?: string; expirationSeconds?: number };
}
export interface Volume {
  name: string;
  emptyDir?: object;
  configMap?: Reference & { items?: KeyToPath[] };
  secret?: { secretName?: string; optional?: boolean; items?: KeyToPath[] };
  downwardAPI?: { items?: DownwardItem[] };
  projected?: { sources?: Projection[] };
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean };
  ephemeral?: object;
  hostPath?: { path: string };
  [kind: string]: unknown;
}

export interface Handler {
  exec?: { command?: string[] };
  httpGet?: HttpGet;
  tcpSocket?: { port: number | string; host?: string };
  sleep?: { seconds: number };
}
export interface HttpGet {
  path?: string;
  port: number | string;
  host?: string;
  scheme?: string;
}
export interface Probe extends Handler {
  grpc?: { port: number; service?: string };
  initialDelaySeconds?: number;
  periodSeconds?: number;
  timeoutSeconds?: number;
  successThreshold?: number;
  failureThreshold?: number;
  terminationGracePeriodSeconds?: number;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastProbeTime?: string | null;
  lastTransitionTime?: string;
  observedGeneration?: number;
}
export interface Terminated {
  exitCode: number;
  signal?: number;
  reason: string;
  message?: string;
  startedAt: string;
  finishedAt: string;
  containerID?: string;
}
export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: Terminated;
}
export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state: ContainerState;
  lastState: ContainerState;
  [field: string]: unknown;
}
export interface PodStatus {
  phase?: string;
  reason?: string;
  message?: string;
  conditions?: Condition[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
  ephemeralContainerStatuses?: ContainerStatus[];
  hostIP?: string;
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  qosClass?: string;
  [field: string]: unknown;
}

/** A sidecar: an init container that stays. */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

export const containersOf = ({ spec }: Pod): Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...(spec.ephemeralContainers ?? []),
];

export type ContainerKind = 'containers' | 'initContainers' | 'ephemeralContainers';

export function kindOf({ spec }: Pod, name: string): ContainerKind {
  if (spec.initContainers?.some((each) => each.name === name)) return 'initContainers';
  return spec.ephemeralContainers?.some((each) => each.name === name) ? 'ephemeralContainers' : 'containers';
}

/** `web_default(4f81…)`: how the kubelet names a pod in its messages. */
export const podName = ({ metadata }: Pod): string => `${metadata.name}_${metadata.namespace ?? ''}(${metadata.uid ?? ''})`;
