import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseKubeconfig } from '@fairlead/kube';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterImport, Clusters } from '../src/features/clusters/index.js';
import { administrator, core, kubeconfigOf, rbac, tokenOf, until } from './support/cluster.js';
import { ClusterProxy, makeCertificate } from './support/cluster-proxy.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { type OwnCluster, startOwnCluster } from './support/own-cluster.js';

const name = `clu-${process.pid}`;
const ours = 'labelSelector=app.kubernetes.io%2Fmanaged-by%3Dfairlead';

describe('a cluster of our own', { timeout: 90_000 }, () => {
  let own: OwnCluster;
  let fairlead: Fairlead;
  let admin: Session;
  let folder = '';
  let file: string;
  let cluster: ReturnType<typeof administrator>;
  const shown = async () => (await admin.get(`/clusters/${name}`)).body;

  beforeAll(async () => {
    own = await startOwnCluster(name, 21_000 + (process.pid % 900) * 10);
    cluster = administrator(own.kubeconfigPath);
    folder = await mkdtemp(path.join(os.tmpdir(), 'fairlead-exec-'));
    file = path.join(folder, 'kubeconfig');
    await writeFile(file, await execKubeconfig(folder, cluster.kubeconfig));
  }, 120_000);
  afterAll(async () => {
    await cluster?.client.close();
    await fairlead?.close();
    await own?.remove();
    if (folder) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('whose headers are lost on the way is not registered, and keeps nothing of what was made', async () => {
    fairlead = await startFairlead({ env: { FAIRLEAD_REGISTER_KUBECONFIG: file } });
    admin = await fairlead.admin();
    await cluster.client.create(core('serviceaccounts', 'default'), { metadata: { name: 'root' } });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
    await cluster.client.create(rbac('clusterrolebindings'), {
      metadata: { name: 'root' },
      roleRef,
      subjects: [{ kind: 'ServiceAccount', name: 'root', namespace: 'default' }],
    });
    const certificate = makeCertificate('IP:127.0.0.1');
    const proxy = await new ClusterProxy(certificate, cluster).start();
    proxy.strips = true;
    const kubeconfig = kubeconfigOf({ server: proxy.url, ca: certificate.ca, token: await tokenOf(cluster.client, 'default', 'root') });
    const answer = await admin.post('/clusters', { name: 'stripped', kubeconfig }).timeout(60_000);
    await proxy.close();
    expect(answer.body).toMatchObject({ code: 'cluster_not_ready', message: expect.stringContaining('headers are lost') });
    expect((await admin.get('/clusters')).body.items).toEqual([]);
    await until(
      30_000,
      () => cluster.client.get(core('namespaces', undefined, 'fairlead-system')).catch(() => null),
      (found) => found === null,
    );
    await until(
      10_000,
      () => left(),
      (count) => count === 0,
    );
  });

  it("comes from the operator's own kubeconfig, commands and all, named by its context", async () => {
    await fairlead.app.get(ClusterImport).run();
    expect(await until(10_000, shown, (body) => body.state === 'ready')).toMatchObject({
      name,
      version: expect.stringMatching(/^v1\./),
      server: cluster.server,
    });
    await fairlead.app.get(ClusterImport).run(); // a second start
    expect((await admin.get('/clusters')).body.items).toHaveLength(1);
  });

  it('gone: said since when and why; back: right again by itself', async () => {
    const { id } = await shown();
    const stoppedAt = Date.now();
    await own.stopApiServer();
    const gone = await until(15_000, shown, (body) => body.state === 'unreachable');
    expect(gone.reason).toMatch(/connection|timeout/);
    expect(Date.parse(gone.since)).toBeGreaterThan(stoppedAt - 2_000);
    await own.startApiServer();
    await until(30_000, shown, (body) => body.state === 'ready');
    await until(
      15_000,
      () => fairlead.app.get(Clusters).bindingState(id),
      ({ inStep }) => inStep,
    );
    expect((await fairlead.app.get(Clusters).upstream(id)).gate.open).toBe(true);
  });

  it('that lost the accounts refuses, is told to be registered again, and is mended under its own name', async () => {
    const { id } = await shown();
    expect((await admin.post('/clusters', { name, kubeconfig: cluster.kubeconfig })).body).toMatchObject({ code: 'name_taken' });
    await cluster.client.remove(core('namespaces', undefined, 'fairlead-system'));
    const refused = await until(30_000, shown, (body) => body.state === 'refused');
    expect(refused.reason).toContain('register it again');
    const mended = await admin.post('/clusters', { name, kubeconfig: cluster.kubeconfig }).timeout(60_000);
    expect(mended.body).toMatchObject({ id, state: 'ready' });
  });

  it('is forgotten with everything that Fairlead made in it', async () => {
    expect(await left()).toBeGreaterThan(10);
    await admin.delete(`/clusters/${name}`, { confirm: name }).expect(204);
    expect((await admin.get(`/clusters/${name}`)).status).toBe(404);
    await until(
      40_000,
      () => left(),
      (count) => count === 0,
    );
  });

  /** How many cluster-wide objects of ours there are. */
  async function left(): Promise<number> {
    const admission = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic';
    const paths = [core('namespaces'), rbac('clusterroles'), rbac('clusterrolebindings'), `${admission}ies`, `${admission}ybindings`];
    const lists = await Promise.all(paths.map((each) => cluster.client.list(`${each}?${ours}`)));
    return lists.reduce((sum, list) => sum + list.items.length, 0);
  }
});

/** The administrator's certificate, handed out by a command. */
async function execKubeconfig(folder: string, source: string): Promise<string> {
  const { server, ca, auth } = parseKubeconfig(source);
  if (!('clientCertificate' in auth)) throw new Error('the administrator has a client certificate');
  const command = path.join(folder, 'credential');
  const status = { clientCertificateData: auth.clientCertificate, clientKeyData: auth.clientKey };
  const credential = JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status });
  await writeFile(path.join(folder, 'credential.json'), credential, { mode: 0o600 });
  await writeFile(command, `#!/bin/sh\ncat ${path.join(folder, 'credential.json')}\n`);
  await chmod(command, 0o700);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(ca!).toString('base64') } }],
    users: [{ name, user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'Never' } } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  });
}
