import type { ImageSpec } from '@fairlead/shared';
import { mountsOf } from './claims.js';
import { ownVariables } from './own-secrets.js';

type Probe = NonNullable<NonNullable<ImageSpec['probes']>['readiness']>;

const defaultDrainSeconds = 5;

/** The one container of an app. */
export function container(name: string, spec: ImageSpec): Record<string, unknown> {
  const { cpu, memory, cpuLimit, memoryLimit } = spec.resources;
  const requests = given({ cpu, memory });
  const limits = given({ cpu: cpuLimit, memory: memoryLimit });
  const mounts = mountsOf(spec);
  const ports = portsOf(spec);
  const variables = [...spec.env.map(({ name: key, value }) => ({ name: key, value })), ...ownVariables(name, spec)];
  const drain = spec.schedule ? 0 : (spec.termination?.drainSeconds ?? (spec.port === undefined ? 0 : defaultDrainSeconds));
  const fromSecrets = (spec.secrets ?? []).filter((use) => use.env);
  return {
    name,
    image: spec.image,
    imagePullPolicy: spec.imagePullPolicy,
    // The last lines of a crash come with its cause.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    ...(spec.command && { command: spec.command }),
    ...(spec.args && { args: spec.args }),
    ...(ports.length > 0 && { ports }),
    ...probes(spec),
    ...(variables.length > 0 && { env: variables }),
    ...(fromSecrets.length > 0 && {
      envFrom: fromSecrets.map(({ secret, optional }) => ({ secretRef: { name: secret, ...(optional && { optional }) } })),
    }),
    ...((requests || limits) && { resources: { ...(requests && { requests }), ...(limits && { limits }) } }),
    // A pod is told to end while routes still send to it: it goes on answering for a moment.
    ...(drain > 0 && { lifecycle: { preStop: { sleep: { seconds: drain } } } }),
    securityContext: {
      ...(!spec.exceptions?.privilegeEscalation && { allowPrivilegeEscalation: false }),
      ...(spec.hardened && { runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } }),
    },
    ...(mounts.length > 0 && { volumeMounts: mounts }),
  };
}

const portsOf = ({ port, ports = [] }: ImageSpec): Record<string, unknown>[] => [
  ...(port === undefined ? [] : [{ name: 'http', containerPort: port, protocol: 'TCP' }]),
  ...ports.map(({ name, port: number, protocol }) => ({ name, containerPort: number, protocol })),
];

/** A readiness probe wherever a port is known: without one a pod gets requests before it can answer them. */
function probes(spec: ImageSpec): Record<string, unknown> {
  const { readiness, liveness, startup } = spec.probes ?? {};
  const byDefault =
    spec.port === undefined ? undefined : probe({ ...(spec.healthPath ? { path: spec.healthPath } : { tcp: true }) }, 'http');
  const found = {
    readinessProbe: readiness ? probe(readiness, 'http') : byDefault,
    livenessProbe: liveness && probe(liveness, 'http'),
    startupProbe: startup && probe(startup, 'http'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function probe(wish: Probe, defaultPort: string): Record<string, unknown> {
  const port = wish.port ?? defaultPort;
  const what = wish.path
    ? { httpGet: { path: wish.path, port } }
    : wish.command
      ? { exec: { command: wish.command } }
      : { tcpSocket: { port } };
  return {
    ...what,
    ...(wish.initialDelaySeconds !== undefined && { initialDelaySeconds: wish.initialDelaySeconds }),
    periodSeconds: wish.periodSeconds ?? 5,
    timeoutSeconds: wish.timeoutSeconds ?? 2,
    ...(wish.failureThreshold !== undefined && { failureThreshold: wish.failureThreshold }),
  };
}

function given(values: Record<string, string | undefined>): Record<string, string> | undefined {
  const found = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
