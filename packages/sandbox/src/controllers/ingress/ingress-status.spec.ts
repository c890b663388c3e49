import { expect, it } from 'vitest';
import { virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { ingressController, ingressStatus } from './ingress-status.controller.js';

it('an ingress of a class that is served has an address; one of another class has none', () => {
  const cluster = virtualCluster({ controllers: [ingressStatus], nodes: 0 });
  for (const [name, ingressClassName] of [
    ['mine', 'sandbox'],
    ['other', 'nginx'],
    ['none', undefined],
  ]) {
    cluster.create('ingresses.networking.k8s.io', { metadata: { name }, spec: { ...(ingressClassName ? { ingressClassName } : {}) } });
  }
  cluster.clock.advance(10);
  expect(cluster.get('ingresses.networking.k8s.io', 'mine')?.status).toBeUndefined();
  const ofClass = (name: string, controller: string): void =>
    void cluster.api.create('ingressclasses.networking.k8s.io', { metadata: { name }, spec: { controller } });
  ofClass('sandbox', ingressController);
  ofClass('nginx', 'k8s.io/ingress-nginx');
  cluster.clock.advance(10);
  const addresses = ['mine', 'other', 'none'].map(
    (name) => cluster.get('ingresses.networking.k8s.io', name)?.status?.loadBalancer?.ingress?.[0]?.ip,
  );
  expect(addresses).toEqual(['127.0.0.1', undefined, undefined]);
  cluster.stop();
});
