import { isRecord } from '@fairlead/kube';
import { AppSpec, ImageSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../platform/app-error.js';
import { toYamlDocuments } from '../plan/shown.js';
import { renderManifests, withRevision } from './manifests.js';

const app = {
  id: '01890000-0000-7000-8000-000000000001',
  name: 'web',
  namespace: 'shop',
  project: { id: '01890000-0000-7000-8000-00000000000a' },
};
const nginx = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: nginx-deployment
  labels: {app: nginx}
spec:
  replicas: 3
  selector: {matchLabels: {app: nginx}}
  template:
    metadata: {labels: {app: nginx}}
    spec: {containers: [{name: nginx, image: 'nginx:1.14.2', ports: [{containerPort: 80}]}]}
`;
const manifests = (yaml: string, more: object = {}) => renderManifests(app, AppSpec.parse({ kind: 'manifests', yaml, ...more }));
const image = (more: object) => renderManifests(app, ImageSpec.parse({ image: 'nginx:1.27', ...more }));

describe('an app of fields', () => {
  it.each([
    ['only an image', {}],
    [
      'port, host, size, env and limits',
      {
        port: 80,
        host: 'web.example.com',
        replicas: 3,
        healthPath: '/healthz',
        env: [{ name: 'A', value: 'b' }],
        resources: { cpu: '100m', memory: '64Mi', memoryLimit: '128Mi' },
        command: ['nginx'],
        args: ['-g', 'daemon off;'],
      },
    ],
    ['hardened', { port: 8080, hardened: true }],
    [
      'autoscaling, three probes and further ports',
      {
        port: 8080,
        ports: [{ name: 'metrics', port: 9090 }],
        autoscaling: { minReplicas: 2, maxReplicas: 6, cpuPercent: 60, memoryPercent: 80 },
        resources: { cpu: '100m', memory: '64Mi' },
        probes: {
          readiness: { path: '/ready', periodSeconds: 3 },
          liveness: { tcp: true, failureThreshold: 5 },
          startup: { command: ['cat', '/ready'], initialDelaySeconds: 1 },
        },
      },
    ],
    [
      'routes with TLS, of two hosts',
      {
        port: 80,
        host: 'a.example.com',
        ingressClass: 'nginx',
        routes: [
          { host: 'a.example.com', path: '/api', tlsSecret: 'a-tls' },
          { host: 'b.example.com', tlsSecret: 'a-tls' },
        ],
      },
    ],
    [
      'files, secrets and volumes',
      {
        files: [
          { path: '/etc/app/app.conf', content: 'a = 1\n' },
          { path: '/etc/app/b.conf', content: 'b' },
        ],
        secrets: [{ secret: 'db' }, { secret: 'cert', env: false, mountPath: '/etc/cert', optional: true }],
        volumes: [
          { name: 'data', mountPath: '/data', size: '1Gi', storageClass: 'fast' },
          { name: 'shared', mountPath: '/shared', claim: 'there', readOnly: true },
          { name: 'cache', mountPath: '/cache' },
        ],
      },
    ],
    [
      'network rules',
      {
        port: 8080,
        network: {
          ingress: [
            { from: 'project', ports: [{ port: 'http' }] },
            { from: { app: 'shop-front' } },
            { from: { app: 'till', namespace: 'tills' }, ports: [{ port: 8080 }, { port: 8125, protocol: 'UDP' }] },
            { from: { namespace: 'ingress-nginx' } },
            { from: { namespaceLabels: { team: 'watch' } } },
            { from: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
          ],
          egress: [{ to: 'namespace' }, { to: { cidr: '192.0.2.7/32' }, ports: [{ port: 443 }] }],
        },
      },
    ],
    ['network rules that let in nobody', { port: 8080, network: { ingress: [] } }],
    ['network rules for everybody on one port', { port: 8080, network: { ingress: [{ from: 'anywhere', ports: [{ port: 8080 }] }] } }],
    [
      'own secrets',
      {
        env: [{ name: 'A', value: 'b' }],
        ownSecrets: [
          { name: 'DB_PASSWORD', hash: 'a'.repeat(24), path: '/etc/app/db-password' },
          { name: 'tls.key', env: false, hash: 'b'.repeat(24), path: '/etc/app/tls.key' },
        ],
      },
    ],
    [
      'a schedule',
      { command: ['sh', '-c', 'date'], schedule: { cron: '0 3 * * *', timeZone: 'Europe/Berlin', retries: 1, deadlineSeconds: 600 } },
    ],
    [
      'placement, disruption, termination, exceptions and an overlay',
      {
        replicas: 3,
        port: 80,
        serviceAccount: 'app',
        placement: { nodeLabels: { disk: 'ssd' }, tolerations: [{ key: 'gpu', effect: 'NoSchedule' }], spread: 'required' },
        disruption: { maxUnavailable: '50%' },
        termination: { graceSeconds: 60, drainSeconds: 15 },
        exceptions: { privilegeEscalation: { reason: 'sudo in the image' }, serviceAccountToken: { reason: 'reads leases' } },
        overlay: { Deployment: { spec: { minReadySeconds: 10 } }, Service: { spec: { type: 'NodePort' } } },
      },
    ],
  ])('renders %s', async (name, spec) => {
    await expect(toYamlDocuments(withRevision(image(spec), 7))).toMatchFileSnapshot(`golden/${name.replaceAll(/[^a-z]+/g, '-')}.yaml`);
  });

  it('keeps its pod template whatever its size, so that scaling rolls no pod', () => {
    const template = (replicas: number) =>
      image({ replicas, port: 80 }).flatMap(({ kind, spec }) => (kind === 'Deployment' && isRecord(spec) ? [spec.template] : []));
    expect(template(1)).toHaveLength(1);
    expect(template(1)).toEqual(template(5));
    expect(template(0)).toEqual(template(2));
  });

  it.each([
    ['autoscaling by CPU without a request', { autoscaling: { minReplicas: 1, maxReplicas: 3, cpuPercent: 50 } }, 'resources.cpu'],
    ['fewer at most than at least', { autoscaling: { minReplicas: 3, maxReplicas: 2, memoryPercent: 50 } }, 'autoscaling.maxReplicas'],
    ['a route without a port', { routes: [{ host: 'a.example' }] }, 'port'],
    ['a port for a schedule', { port: 80, schedule: { cron: '* * * * *' } }, 'port'],
    ['no cron', { schedule: { cron: 'every day' } }, 'schedule.cron'],
    ['a probe of two kinds', { port: 80, probes: { liveness: { path: '/', tcp: true } } }, 'probes.liveness'],
    ['a way out of its folder', { files: [{ path: '/etc/../root', content: '' }] }, 'files.0.path'],
    [
      'one file twice',
      {
        files: [
          { path: '/a', content: '' },
          { path: '/a', content: 'b' },
        ],
      },
      'files',
    ],
    ['a size and a claim', { volumes: [{ name: 'a', mountPath: '/a', size: '1Gi', claim: 'b' }] }, 'volumes.0.claim'],
    ['an exception without a reason', { exceptions: { privilegeEscalation: { reason: '' } } }, 'exceptions.privilegeEscalation.reason'],
    ['an unknown field', { replica: 3 }, ''],
  ])('refuses %s, by its field', (_, spec, path) => {
    const { success, error } = ImageSpec.safeParse({ image: 'nginx', ...spec });
    expect(success).toBe(false);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('keeps name, kind and marks whatever an overlay says', () => {
    const [service] = image({ port: 80, overlay: { Service: { kind: 'Secret', metadata: { name: 'x', annotations: { note: 'y' } } } } });
    expect(service).toMatchObject({
      kind: 'Service',
      metadata: { name: 'web', annotations: { note: 'y', 'fairlead.dev/app-id': app.id } },
    });
    expect(() => image({ overlay: { Ingress: {} } })).toThrow(AppError);
  });

  it('names the ConfigMap of its files by their content', () => {
    const nameOf = (content: string) => image({ files: [{ path: '/a', content }] }).find(({ kind }) => kind === 'ConfigMap')?.metadata.name;
    expect(nameOf('a')).toBe(nameOf('a'));
    expect(nameOf('a')).not.toBe(nameOf('b'));
  });

  it('is the same each time', () => {
    expect(image({ port: 80 })).toEqual(image({ port: 80 }));
  });
});

describe('an app of manifests', () => {
  it('marks metadata only: selectors and templates stay as pasted', async () => {
    await expect(toYamlDocuments(withRevision(manifests(nginx), 2))).toMatchFileSnapshot('golden/nginx-deployment.yaml');
  });

  it('takes overrides on its one workload', () => {
    const [deployment] = manifests(nginx, { replicas: 5, image: 'nginx:1.27' });
    expect(deployment).toMatchObject({ spec: { replicas: 5, template: { spec: { containers: [{ image: 'nginx:1.27' }] } } } });
  });

  it('is applied in the order of need', () => {
    const named = (kind: string, apiVersion: string) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\n`;
    const yaml = [
      named('Ingress', 'networking.k8s.io/v1'),
      nginx,
      named('Service', 'v1'),
      named('ConfigMap', 'v1'),
      named('Widget', 'example.com/v1'),
    ].join('---\n');
    expect(manifests(yaml).map((object) => object.kind)).toEqual(['ConfigMap', 'Service', 'Deployment', 'Ingress', 'Widget']);
  });

  it('drops what only a cluster writes', () => {
    const copied = nginx.replace(
      'metadata:\n',
      'status: {replicas: 3}\nmetadata:\n  uid: a\n  resourceVersion: "7"\n  managedFields: []\n',
    );
    const [object] = manifests(copied);
    expect(Object.keys(object ?? {})).not.toContain('status');
    expect(Object.keys(object?.metadata ?? {}).sort()).toEqual(['annotations', 'labels', 'name', 'namespace']);
  });

  it.each([
    ['nothing in it', '# empty', /no object/],
    ['another namespace', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: other}', /names the namespace other/],
    ['a cluster-scoped kind', 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}', /whole cluster/],
    ['a namespace', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}', /whole cluster/],
    ['a Secret', 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: b}', /readable by every viewer/],
    [
      'a Secret in a List',
      'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret, metadata: {name: a}}]',
      /readable by every viewer/,
    ],
    ['the same object twice', `${nginx}---\n${nginx}`, /twice/],
    ['no name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {}', /metadata.name is missing/],
    ['an anchor', 'apiVersion: v1\nkind: ConfigMap\nmetadata: &a {name: a}', /anchor/],
    ['a path as name', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ../secrets/x}', /no name/],
    ['ten thousand documents', 'a: 1\n---\n'.repeat(10_000), /documents/],
  ])('refuses %s, and says where', (_, yaml, reason) => {
    const caught = catching(() => manifests(yaml));
    expect(caught).toBeInstanceOf(AppError);
    expect(caught).toMatchObject({ code: 'invalid_manifest', issues: [{ path: 'spec.yaml', message: expect.stringMatching(reason) }] });
  });

  it.each([
    ['two workloads', `${nginx}---\n${nginx.replace('nginx-deployment', 'other')}`, { replicas: 2 }],
    ['none', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}', { image: 'x' }],
    ['one without replicas', nginx.replace('Deployment', 'DaemonSet'), { replicas: 2 }],
  ])('refuses an override on %s', (_, yaml, more) => {
    expect(catching(() => manifests(yaml, more))).toMatchObject({ code: 'invalid_request' });
  });
});

function catching(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return null;
}
