import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { KubeClient } from './client.js';
import type { ClusterConnection } from './connection.js';
import { parseKubeconfig } from './kubeconfig.js';
import type { KubeObject } from './objects.js';
import { resourcePath } from './paths.js';
import { SharedInformers } from './shared-informers.js';

const path = process.env.FAIRLEAD_TEST_KUBECONFIG;

/** A real API server; a kubeconfig whose server is not on this machine is refused. */
describe.skipIf(!path)('a real cluster', () => {
  const namespace = `kube-spec-${process.pid}`;
  let connection: ClusterConnection;
  let client: KubeClient;
  const configMap = (name?: string) =>
    resourcePath({ group: '', version: 'v1', resource: 'configmaps', namespace, ...(name ? { name } : {}) });

  beforeAll(async () => {
    const { server, ca, auth } = parseKubeconfig(readFileSync(path ?? '', 'utf8'));
    if (!['127.0.0.1', 'localhost', '10.250.0.1'].includes(new URL(server).hostname)) throw new Error('not a test cluster');
    connection = { server, auth, ...(ca ? { ca } : {}) };
    client = new KubeClient(connection, { userAgent: 'kube-spec' });
    await client.create('/api/v1/namespaces', { metadata: { name: namespace } });
  });
  afterAll(async () => {
    await client?.remove(`/api/v1/namespaces/${namespace}`);
    await client?.close();
  });

  test('creates, applies, patches, lists in pages, and removes', async () => {
    await client.create(configMap(), { metadata: { name: 'a' }, data: { x: '1' } }, { dryRun: true });
    await expect(client.get(configMap('a'))).rejects.toMatchObject({ name: 'KubeError', code: 404, reason: 'NotFound' });
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { x: '1' } };
    await client.apply(configMap('a'), object, { fieldManager: 'one' });
    await expect(client.apply(configMap('a'), { ...object, data: { x: '2' } }, { fieldManager: 'two' })).rejects.toMatchObject({
      code: 409,
    });
    await client.apply(configMap('a'), { ...object, data: { x: '2' } }, { fieldManager: 'two', force: true });
    await client.patch(configMap('a'), [{ op: 'replace', path: '/data/x', value: '3' }], 'json');
    await expect(client.get(configMap('a'))).resolves.toMatchObject({ data: { x: '3' } });
    await expect(client.create(configMap(), { metadata: { name: 'b' }, surprise: 1 }, { fieldValidation: 'Strict' })).rejects.toMatchObject(
      { code: 400 },
    );
    const page = await client.list(configMap(), { limit: 1 });
    expect([page.items.length, typeof page.metadata.continue]).toEqual([1, 'string']);
    await client.remove(configMap('a'), { preconditions: { uid: (await client.get(configMap('a'))).metadata.uid ?? '' } });
  });

  test('impersonates exactly whom it is told', async () => {
    const user = 'system:serviceaccount:fairlead-people:u-1';
    const impersonate = { user, groups: ['system:authenticated'], extra: { 'fairlead.dev/token': ['t-1'] } };
    const person = new KubeClient(connection, { impersonate });
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const { status } = await person.create<KubeObject>('/apis/authentication.k8s.io/v1/selfsubjectreviews', review);
    expect(status).toMatchObject({
      userInfo: { username: user, groups: ['system:authenticated'], extra: { 'fairlead.dev/token': ['t-1'] } },
    });
    await expect(person.list(configMap())).rejects.toMatchObject({ code: 403, reason: 'Forbidden' });
    await person.close();
  });

  test('follows a resource from a streaming list', async () => {
    const shared = new SharedInformers({ client: () => client });
    const { informer } = shared.acquire({ group: '', version: 'v1', resource: 'configmaps', namespace });
    await informer.whenSynced(AbortSignal.timeout(10_000));
    const seen: string[] = [];
    informer.onChange(({ type, key }) => seen.push(`${type} ${key}`));
    await client.create(configMap(), { metadata: { name: 'w' } });
    await client.patch(configMap('w'), { data: { x: '1' } }, 'merge');
    await client.remove(configMap('w'));
    const mine = () => seen.filter((each) => each.endsWith('/w'));
    await vi.waitFor(() => expect(mine()).toEqual([`put ${namespace}/w`, `put ${namespace}/w`, `remove ${namespace}/w`]), 10_000);
    await shared.close();
  });
});
