import { describe, expect, it } from 'vitest';
import { template, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import type { Pod } from '../model/pod.js';
import { resourceQuotas } from './resource-quota.controller.js';
import { quotaUsage } from './usage.js';

const pod = (requests: object, limits: object = {}, more: object = {}): Pod =>
  ({ metadata: { name: 'x' }, spec: { containers: [{ name: 'a', resources: { requests, limits } }], ...more } }) as Pod;
const world = {
  pods: [pod({ cpu: '100m', memory: '64Mi' }, { memory: '128Mi' }), pod({ cpu: '1' }, {}, { priorityClassName: 'high' }), pod({})],
  services: [
    { metadata: { name: 's' }, spec: { type: 'NodePort' as const, ports: [{ port: 1 }, { port: 2 }] } },
    { metadata: { name: 'l' }, spec: { type: 'LoadBalancer' as const, ports: [{ port: 1 }] } },
  ],
  claims: [{ metadata: { name: 'c' }, spec: { storageClassName: 'standard', resources: { requests: { storage: '3Gi' } } } }],
  count: (resource: string) => ({ configmaps: 2, 'deployments.apps': 4 })[resource] ?? 0,
};

describe('what a quota counts', () => {
  it.each<[limit: string, used: string]>([
    ['pods', '3'],
    ['requests.cpu', '1100m'],
    ['cpu', '1100m'],
    ['memory', '64Mi'],
    ['limits.memory', '128Mi'],
    ['configmaps', '2'],
    ['count/deployments.apps', '4'],
    ['services.nodeports', '3'],
    ['services.loadbalancers', '1'],
    ['requests.storage', '3Gi'],
    ['standard.storageclass.storage.k8s.io/requests.storage', '3Gi'],
    ['standard.storageclass.storage.k8s.io/persistentvolumeclaims', '1'],
    ['other.storageclass.storage.k8s.io/requests.storage', '0'],
  ])('of %s is %s', (limit, used) => {
    expect(quotaUsage({ metadata: { name: 'q' }, spec: { hard: { [limit]: '10' } } }, world)).toEqual({ [limit]: used });
  });

  it.each([
    { scopes: ['BestEffort'], pods: '1' },
    { scopes: ['NotBestEffort'], pods: '2' },
    { scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] }, pods: '1' },
  ])('in $scopes $scopeSelector is $pods', ({ pods, ...scope }) => {
    expect(quotaUsage({ metadata: { name: 'q' }, spec: { hard: { pods: '10' }, ...scope } }, world)).toEqual({ pods });
  });
});

it('a quota is counted again when something goes', () => {
  const cluster = virtualCluster({ controllers: [resourceQuotas] });
  cluster.create('resourcequotas', { metadata: { name: 'q' }, spec: { hard: { pods: '5', 'requests.cpu': '2' } } });
  const { spec } = template('x') as { spec: object };
  cluster.create('pods', { metadata: { name: 'a' }, spec });
  cluster.clock.advance(10);
  expect(cluster.get('resourcequotas', 'q')?.status).toEqual({
    hard: { pods: '5', 'requests.cpu': '2' },
    used: { pods: '1', 'requests.cpu': '0' },
  });
  cluster.api.delete('pods', 'default', 'a');
  cluster.clock.advance(10);
  expect(cluster.get('resourcequotas', 'q')?.status?.used).toEqual({ pods: '0', 'requests.cpu': '0' });
  cluster.stop();
});
