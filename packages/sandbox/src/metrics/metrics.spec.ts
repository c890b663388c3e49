import { toBytes, toMillicores } from '@fairlead/kube/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { type NodeCluster, nodeCluster } from '../../test/kubelet/node-cluster.js';
import { metricsKinds } from './index.js';

let cluster: NodeCluster;
afterEach(() => cluster.stop());

interface Measured {
  metadata: { name: string };
  containers: { name: string; usage: { cpu: string; memory: string } }[];
  usage: { cpu: string; memory: string };
}

const kinds = () => metricsKinds(() => cluster);
const list = (resource: string): Measured[] =>
  (kinds()
    .find((each) => each.resource === resource)
    ?.computed?.list(undefined) ?? []) as unknown as Measured[];
const millicores = (name: string): number =>
  toMillicores(list('pods').find((each) => each.metadata.name === name)?.containers[0]?.usage.cpu ?? '0');

const service = (name: string, annotations: Record<string, string> = {}) =>
  cluster.api.create('services', {
    metadata: { name, namespace: 'default', annotations },
    spec: { clusterIP: '10.96.0.9', selector: { app: name }, ports: [{ port: 80 }] },
  });

describe('metrics', () => {
  it('come after a while, for what runs', () => {
    cluster = nodeCluster();
    cluster.run('web', { image: 'nginx' });
    cluster.run('missing', { image: 'nginx:missing' });
    cluster.clock.advance(10_000);
    expect(list('pods')).toEqual([]);
    cluster.clock.advance(20_000);
    expect(list('pods').map((each) => each.metadata.name)).toEqual(['web']);
    expect(list('nodes').map((each) => each.metadata.name)).toEqual(['sandbox-0']);
    expect(toBytes(list('nodes')[0]?.usage.memory ?? '0')).toBeGreaterThan(500 * 2 ** 20);
  });

  it('a pod has the load that its annotation orders, up to its limit', () => {
    cluster = nodeCluster();
    cluster.run('a', { image: 'nginx' }, {}, { 'sandbox.fairlead.dev/load': '0.5' });
    cluster.run('b', { image: 'nginx', resources: { limits: { cpu: '200m' } } }, {}, { 'sandbox.fairlead.dev/load': '2' });
    cluster.clock.advance(30_000);
    expect(millicores('a')).toBeGreaterThan(450);
    expect(millicores('a')).toBeLessThan(560);
    expect(millicores('b')).toBe(200);
  });

  it('the load of a service is shared by its pods that are ready', () => {
    cluster = nodeCluster();
    service('web', { 'sandbox.fairlead.dev/load': '800m' });
    const labels = (name: string) =>
      cluster.api.change('pods', 'default', name, (pod) => {
        pod.metadata.labels = { app: 'web' };
      });
    cluster.run('one', { image: 'nginx' });
    labels('one');
    cluster.clock.advance(30_000);
    expect(millicores('one')).toBeGreaterThan(700);
    cluster.run('two', { image: 'nginx' });
    labels('two');
    cluster.clock.advance(30_000);
    expect(millicores('one')).toBeLessThan(450);
    expect(millicores('two')).toBeGreaterThan(350);
  });

  it('a web app behind a service follows the hour of the day', () => {
    cluster = nodeCluster();
    service('web');
    cluster.run('web', { image: 'nginx' });
    cluster.clock.advance(3600_000);
    const night = millicores('web');
    cluster.clock.advance(12 * 3600_000);
    expect(millicores('web')).toBeGreaterThan(night * 2);
  });

  it('a busy loop takes a core', () => {
    cluster = nodeCluster();
    cluster.run('busy', { command: ['sh', '-c', 'while true; do :; done'] });
    cluster.clock.advance(40_000);
    expect(millicores('busy')).toBeGreaterThan(900);
  });
});
