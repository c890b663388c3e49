import type { Manifest } from '@fairlead/kube';
import type { ImageSpec } from '@fairlead/shared';
import { type AppIdentity, fieldManager, labels } from './identity.js';

/** Kubernetes objects of an app that is described by fields: a Deployment, and what its port, host and size ask for. Pure. */
export function renderImageApp({ name }: AppIdentity, spec: ImageSpec): Manifest[] {
  const meta = { name, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name } };
  const selector = { 'app.kubernetes.io/name': name, [labels.app]: name };
  const objects = [deployment(meta, selector, spec)];
  if (spec.port !== undefined) objects.push(service(meta, selector, spec.port));
  if (spec.port !== undefined && spec.host !== undefined) objects.push(ingress(meta, spec.host));
  if (spec.replicas >= 2) objects.push(disruptionBudget(meta, selector));
  return objects;
}

type Meta = { name: string; labels: Record<string, string> };

function deployment(meta: Meta, selector: Record<string, string>, spec: ImageSpec): Manifest {
  const { hardened } = spec;
  const pod: Record<string, unknown> = {
    automountServiceAccountToken: false,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' }, ...(hardened && { runAsNonRoot: true }) },
    // Also for one replica, where it does nothing: a template that hung on the size would roll every pod when the size changes.
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: selector } },
    ],
    containers: [container(meta.name, spec)],
  };
  if (hardened) pod.volumes = [{ name: 'tmp', emptyDir: {} }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta,
    spec: {
      replicas: spec.replicas,
      selector: { matchLabels: selector },
      template: { metadata: { labels: { ...meta.labels, [labels.managedBy]: fieldManager, ...selector } }, spec: pod },
    },
  };
}

function container(name: string, spec: ImageSpec): Record<string, unknown> {
  const { cpu, memory, cpuLimit, memoryLimit } = spec.resources;
  const requests = given({ cpu, memory });
  const limits = given({ cpu: cpuLimit, memory: memoryLimit });
  const found: Record<string, unknown> = { name, image: spec.image, imagePullPolicy: spec.imagePullPolicy };
  if (spec.command) found.command = spec.command;
  if (spec.args) found.args = spec.args;
  if (spec.port !== undefined) {
    found.ports = [{ name: 'http', containerPort: spec.port, protocol: 'TCP' }];
    found.readinessProbe = {
      ...(spec.healthPath ? { httpGet: { path: spec.healthPath, port: 'http' } } : { tcpSocket: { port: 'http' } }),
      periodSeconds: 5,
      timeoutSeconds: 2,
    };
  }
  if (spec.env.length > 0) found.env = spec.env.map(({ name: key, value }) => ({ name: key, value }));
  if (requests || limits) found.resources = { ...(requests && { requests }), ...(limits && { limits }) };
  found.securityContext = {
    allowPrivilegeEscalation: false,
    ...(spec.hardened && { runAsNonRoot: true, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } }),
  };
  if (spec.hardened) found.volumeMounts = [{ name: 'tmp', mountPath: '/tmp' }];
  return found;
}

const service = (meta: Meta, selector: Record<string, string>, port: number): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta,
  spec: { selector, ports: [{ name: 'http', port, targetPort: 'http', protocol: 'TCP' }] },
});

const ingress = (meta: Meta, host: string): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: meta,
  spec: {
    rules: [
      { host, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: meta.name, port: { name: 'http' } } } }] } },
    ],
  },
});

const disruptionBudget = (meta: Meta, selector: Record<string, string>): Manifest => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: meta,
  spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
});

function given(values: Record<string, string | undefined>): Record<string, string> | undefined {
  const found = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
