import { describe, expect, it } from 'vitest';
import { deployment, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { deployments } from '../deployment/deployment.controller.js';
import type { SliceEndpoint } from '../model/network.js';
import { replicaSets } from '../replicaset/replicas.controller.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { endpointMirrors } from './endpoint-mirrors.controller.js';
import { endpointSlices } from './endpoint-slices.controller.js';
import { endpoints } from './endpoints.controller.js';
import { sliceChanges } from './slices.js';

const start = (
  spec: object = { selector: { app: 'web' }, clusterIP: '10.96.0.5', ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] },
): VirtualCluster => {
  const cluster = virtualCluster({
    controllers: [replicaSets, deployments, scheduler, endpoints, endpointSlices, endpointMirrors],
    stopsAfterMs: 5000,
  });
  cluster.create('services', { metadata: { name: 'web', labels: { tier: 'front' } }, spec });
  cluster.create('deployments.apps', deployment('web', 2));
  return cluster;
};

describe('a service', () => {
  it('has nobody behind it at first, then its pods when they are ready', () => {
    const cluster = start();
    cluster.clock.advance(0);
    expect(cluster.get('endpoints', 'web')?.subsets).toBeUndefined();
    expect(cluster.list('endpointslices.discovery.k8s.io')[0]).toMatchObject({ endpoints: null, ports: null, addressType: 'IPv4' });
    cluster.clock.advance(5000);
    const found = cluster.get('endpoints', 'web');
    expect(found?.metadata.labels).toEqual({ tier: 'front', 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
    expect(found?.subsets).toHaveLength(1);
    expect(found?.subsets?.[0]?.ports).toEqual([{ port: 8080, protocol: 'TCP' }]);
    expect(found?.subsets?.[0]?.addresses).toHaveLength(2);
    expect(found?.subsets?.[0]?.addresses?.[0]).toMatchObject({ ip: '10.1.0.1', targetRef: { kind: 'Pod', namespace: 'default' } });
    const slices = cluster.list('endpointslices.discovery.k8s.io');
    expect(slices).toHaveLength(1);
    expect(slices[0]?.metadata.name).toMatch(/^web-\w{5}$/);
    expect(slices[0]?.metadata.labels).toEqual({
      tier: 'front',
      'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      'kubernetes.io/service-name': 'web',
    });
    expect(slices[0]?.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
    expect(slices[0]?.endpoints?.[0]?.conditions).toEqual({ ready: true, serving: true, terminating: false });
    cluster.stop();
  });

  it('says of a pod on its way out that it ends, and no longer sends anything there', () => {
    const cluster = start();
    cluster.clock.advance(5000);
    const pod = cluster.list('pods')[0]?.metadata.name ?? '';
    cluster.api.delete('pods', 'default', pod);
    cluster.clock.advance(0);
    const of = (): SliceEndpoint | undefined =>
      cluster.list('endpointslices.discovery.k8s.io')[0]?.endpoints?.find((each) => each.targetRef?.name === pod);
    expect(of()?.conditions).toEqual({ ready: false, serving: true, terminating: true });
    expect(cluster.get('endpoints', 'web')?.subsets?.[0]?.addresses).toHaveLength(1);
    cluster.clock.advance(20_000);
    expect(of()).toBeUndefined();
    expect(cluster.get('endpoints', 'web')?.subsets?.[0]?.addresses).toHaveLength(2);
    cluster.stop();
  });

  it('without a selector keeps what somebody wrote, and mirrors it', () => {
    const cluster = start({ ports: [{ port: 80 }] });
    cluster.create('endpoints', { metadata: { name: 'web' }, subsets: [{ addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }] }] });
    cluster.clock.advance(5000);
    expect(cluster.get('endpoints', 'web')?.subsets?.[0]?.addresses).toEqual([{ ip: '1.2.3.4' }]);
    const [slice] = cluster.list('endpointslices.discovery.k8s.io');
    expect(slice).toMatchObject({
      metadata: {
        labels: {
          'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io',
          'kubernetes.io/service-name': 'web',
        },
      },
      ports: [{ name: '', port: 80, protocol: 'TCP' }],
      endpoints: [{ addresses: ['1.2.3.4'], conditions: { ready: true } }],
    });
    cluster.api.delete('endpoints', 'default', 'web');
    cluster.clock.advance(10);
    expect(cluster.list('endpointslices.discovery.k8s.io')).toEqual([]);
    cluster.stop();
  });

  it('takes its endpoints with it', () => {
    const cluster = start();
    cluster.clock.advance(5000);
    cluster.api.delete('services', 'default', 'web');
    cluster.clock.advance(10);
    expect(cluster.get('endpoints', 'web')).toBeUndefined();
    cluster.stop();
  });

  it('fills slices of a hundred', () => {
    const endpoint = (index: number): SliceEndpoint => ({
      addresses: [`10.0.${index >> 8}.${index & 255}`],
      conditions: { ready: true, serving: true, terminating: false },
    });
    const all = Array.from({ length: 250 }, (_, index) => endpoint(index));
    const first = sliceChanges([], [{ ports: null, endpoints: all }]);
    expect(first.create.map((each) => each.endpoints?.length)).toEqual([100, 100, 50]);
    const slices = first.create.map((each, index) => ({ metadata: { name: `s${index}` }, addressType: 'IPv4' as const, ...each }));
    const less = sliceChanges(slices, [{ ports: null, endpoints: all.slice(1, 249) }]);
    expect([less.create.length, less.remove.length, less.update.map((each) => each.endpoints?.length)]).toEqual([0, 0, [99, 49]]);
    expect(sliceChanges(slices, [{ ports: null, endpoints: all.slice(0, 200) }]).remove).toHaveLength(1);
  });
});
