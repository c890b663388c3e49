import { describe, expect, it } from 'vitest';
import { deployment, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { startControllers } from '../index.js';
import { namespaces } from './namespace.controller.js';

describe('a namespace', () => {
  it('has an account and the certificate, and gets them back', () => {
    const cluster = virtualCluster({ controllers: [] });
    const stop = startControllers({ ...cluster, rootCertificate: 'PEM' });
    cluster.create('namespaces', { metadata: { name: 'shop' } });
    cluster.clock.advance(0);
    expect(cluster.get('serviceaccounts', 'default', 'shop')).toBeDefined();
    expect(cluster.get('configmaps', 'kube-root-ca.crt', 'shop')).toMatchObject({ data: { 'ca.crt': 'PEM' } });
    cluster.api.delete('serviceaccounts', 'shop', 'default');
    cluster.api.change('configmaps', 'shop', 'kube-root-ca.crt', (draft) => {
      draft.data = {};
    });
    cluster.clock.advance(0);
    expect(cluster.get('serviceaccounts', 'default', 'shop')).toBeDefined();
    expect(cluster.get('configmaps', 'kube-root-ca.crt', 'shop')).toMatchObject({ data: { 'ca.crt': 'PEM' } });
    stop();
    cluster.stop();
  });

  it('is emptied, its pods first, and goes', () => {
    const cluster = virtualCluster({ controllers: [], stopsAfterMs: 2000 });
    const stop = startControllers(cluster);
    cluster.create('namespaces', { metadata: { name: 'shop' } });
    const app = deployment('web', 2) as { metadata: object };
    cluster.api.create('deployments.apps', { ...app, metadata: { name: 'web', namespace: 'shop' } });
    cluster.clock.advance(10_000);
    cluster.api.delete('namespaces', '', 'shop');
    cluster.clock.advance(4_000);
    expect(cluster.list('pods', 'shop')).toHaveLength(2);
    cluster.clock.advance(1_000);
    expect(cluster.get('namespaces', 'shop')?.status?.conditions?.find((each) => each.type === 'NamespaceContentRemaining')).toMatchObject({
      status: 'True',
      reason: 'SomeResourcesRemain',
      message: expect.stringMatching(/^Some resources are remaining: pods\. has \d resource instances$/),
    });
    cluster.clock.advance(60_000);
    expect(cluster.get('namespaces', 'shop')).toBeUndefined();
    expect(cluster.api.list('deployments.apps', 'shop')).toEqual([]);
    stop();
    cluster.stop();
  });

  it('waits for what has a finalizer, and says so', () => {
    const cluster = virtualCluster({ controllers: [namespaces] });
    cluster.create('namespaces', { metadata: { name: 'shop' } });
    cluster.api.create('configmaps', { metadata: { name: 'held', namespace: 'shop', finalizers: ['example.com/held'] } });
    cluster.api.delete('namespaces', '', 'shop');
    cluster.clock.advance(60_000);
    const conditions = cluster
      .get('namespaces', 'shop')
      ?.status?.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message]);
    expect(conditions).toEqual([
      ['NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'],
      ['NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
      ['NamespaceDeletionContentFailure', 'False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
      ['NamespaceContentRemaining', 'True', 'SomeResourcesRemain', 'Some resources are remaining: configmaps. has 1 resource instances'],
      [
        'NamespaceFinalizersRemaining',
        'True',
        'SomeFinalizersRemain',
        'Some content in the namespace has finalizers remaining: example.com/held in 1 resource instances',
      ],
    ]);
    cluster.api.change('configmaps', 'shop', 'held', (draft) => {
      delete draft.metadata.finalizers;
    });
    cluster.clock.advance(60_000);
    expect(cluster.get('namespaces', 'shop')).toBeUndefined();
    cluster.stop();
  });
});
