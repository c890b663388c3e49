import type { KubeObject } from '@fairlead/kube/protocol';
import type { AdmissionPlugin } from '../../src/admission/admission.js';
import { type Controller, type ControllerContext, runController } from '../../src/controllers/controller.js';
import type { Kinds } from '../../src/controllers/model/kinds.js';
import { ApiError, forbidden } from '../../src/machinery/api-error.js';
import type { ResourceDefinition } from '../../src/registry/definition.js';
import { type TestApi, testApi } from '../support/test-api.js';
import { plainKinds } from './plain-kinds.js';
import { type KubeletOptions, TinyKubelet } from './tiny-kubelet.js';

export interface VirtualCluster extends TestApi {
  kubelet: TinyKubelet;
  get<K extends keyof Kinds>(resource: K, name: string, namespace?: string): Kinds[K] | undefined;
  list<K extends keyof Kinds>(resource: K, namespace?: string): readonly Kinds[K][];
  /** In namespace `default` unless it says another. */
  create(resource: keyof Kinds, object: object): void;
  change<K extends keyof Kinds>(resource: K, name: string, change: (draft: Kinds[K]) => void): void;
  /** `Normal Reason: message`, oldest first, of one object. */
  events(name: string): string[];
  stop(): void;
}

interface Options extends KubeletOptions {
  controllers: readonly ((context: ControllerContext) => Controller)[];
  nodes?: number;
  more?: readonly ResourceDefinition[];
  admission?: readonly AdmissionPlugin[];
}

const noNamespace = new Set([
  'nodes',
  'namespaces',
  'persistentvolumes',
  'storageclasses.storage.k8s.io',
  'priorityclasses.scheduling.k8s.io',
]);

/** Some controllers over an API of their own, a tiny kubelet, and a clock that stands until it is told to go. */
export function virtualCluster({ controllers, nodes = 3, more = [], admission = [], ...options }: Options): VirtualCluster {
  const { api, clock, random } = testApi([...plainKinds, ...more], [namespaceLifecycle, ...admission]);
  api.create('namespaces', { metadata: { name: 'default' } });
  const kubelet = new TinyKubelet(api, clock, options);
  const stops = controllers.map((each) => runController({ api, clock, random }, each({ api, clock, random })));
  const cluster: VirtualCluster = {
    api,
    clock,
    random,
    kubelet,
    get: (resource, name, namespace = noNamespace.has(resource) ? '' : 'default') => api.get(resource, namespace, name) as never,
    list: (resource, namespace) => api.list(resource, namespace) as never,
    create(resource, object) {
      const given = object as KubeObject;
      const namespace = noNamespace.has(resource) ? {} : { namespace: 'default' };
      api.create(resource, { ...given, metadata: { ...namespace, ...given.metadata } });
    },
    change: (resource, name, change) =>
      void api.change(resource, noNamespace.has(resource) ? '' : 'default', name, (draft) => change(draft as never)),
    events: (name) =>
      api
        .list('events')
        .filter((each) => (each.involvedObject as { name: string }).name === name)
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map((each) => `${each.type} ${each.reason}: ${each.message}`),
    stop() {
      for (const each of stops) each();
      kubelet.stop();
    },
  };
  for (let i = 1; i <= nodes; i += 1) cluster.create('nodes', node(`node-${i}`));
  return cluster;
}

/** Nothing new in a namespace that is on its way out. */
const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  validate({ operation, definition, namespace, name }, api) {
    if (operation !== 'CREATE' || !api.get('namespaces', '', namespace)?.metadata.deletionTimestamp) return;
    const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
    const refusal = forbidden({ group: definition.group, resource: definition.resource }, name, why);
    const causes = [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }];
    throw new ApiError({ ...refusal.status, details: { ...refusal.status.details, causes } });
  },
};

export const node = (
  name: string,
  more: { taints?: object[]; labels?: Record<string, string>; cpu?: string; memory?: string } = {},
): object => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name, ...more.labels } },
  spec: more.taints ? { taints: more.taints } : {},
  status: {
    capacity: { cpu: more.cpu ?? '4', memory: more.memory ?? '8Gi', pods: '110' },
    allocatable: { cpu: more.cpu ?? '4', memory: more.memory ?? '8Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
  },
});

/** A web app's Deployment, as it is after defaulting. */
export const deployment = (name: string, replicas: number, image = 'nginx', spec: object = {}): object => ({
  metadata: { name, labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: template(name, image),
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...spec,
  },
});

export const template = (app: string, image = 'nginx', spec: object = {}): object => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'web', image }], restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...spec },
});
