import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api } from '../api/api.js';
import { timestamp } from '../machinery/clock.js';
import type { GroupResource } from '../machinery/object.js';
import { sandboxNode } from './node.js';

interface Seed {
  resource: GroupResource;
  object: KubeObject;
  /** Its status, where the kind takes one only through its subresource. */
  status?: object;
}

/** What a cluster has before anybody used it, so far as its controllers do not make it themselves. What is there already stays as it is. */
export function seedFreshCluster(api: Api, nodes: number, address: string): void {
  const serves = (resource: GroupResource): boolean => {
    const [name = '', ...group] = resource.split('.');
    return api.registry.all().some((each) => each.resource === name && each.group === group.join('.'));
  };
  for (const { resource, object, status } of seeds(nodes, address, api.now())) {
    if (!serves(resource)) continue;
    const { namespace = '', name } = object.metadata;
    if (api.get(resource, namespace, name)) continue;
    api.create(resource, object, { fieldManager: 'kube-apiserver' });
    if (status) {
      const put = (made: KubeObject): void => {
        made.status = status;
      };
      api.change(resource, namespace, name, put, { subresource: 'status', fieldManager: 'kube-apiserver' });
    }
  }
}

function seeds(nodes: number, address: string, now: number): Seed[] {
  const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
  return [
    ...namespaces.map((name) => ({ resource: 'namespaces', object: { metadata: { name } } })),
    ...priorityClasses.map((object) => ({ resource: 'priorityclasses.scheduling.k8s.io', object })),
    { resource: 'storageclasses.storage.k8s.io', object: storageClass },
    { resource: 'ingressclasses.networking.k8s.io', object: ingressClass },
    { resource: 'services', object: kubernetesService },
    ...apiEndpoints(address),
    ...Array.from({ length: nodes }, (_, index) => ({ resource: 'nodes', object: sandboxNode(index, timestamp(now)) })),
  ];
}

const storageClass: KubeObject = {
  metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'sandbox.fairlead.dev/local',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
};

const ingressClass: KubeObject = {
  metadata: { name: 'sandbox', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
  spec: { controller: 'sandbox.fairlead.dev/ingress' },
};

const priorityClasses: readonly KubeObject[] = [
  {
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description: 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
  {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
];

const kubernetesService: KubeObject = {
  metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    type: 'ClusterIP',
    clusterIP: '10.96.0.1',
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
    sessionAffinity: 'None',
  },
};

function apiEndpoints(address: string): Seed[] {
  const metadata = { name: 'kubernetes', namespace: 'default' };
  return [
    {
      resource: 'endpoints',
      object: {
        metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
        subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }],
      },
    },
    {
      resource: 'endpointslices.discovery.k8s.io',
      object: {
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [address], conditions: { ready: true } }],
        ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
      },
    },
  ];
}
