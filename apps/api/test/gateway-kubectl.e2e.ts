import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administrator, alphaKubeconfig, until } from './support/cluster.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { Kubectl, kubectlPath } from './support/kubectl.js';

const space = `gateway-kubectl-${randomBytes(3).toString('hex')}`;
const other = `${space}-other`;

/** A table without what a second more or less changes. */
/** Ages count on between two commands: `5s`, `2m30s`, `3s (x2 over 9s)`. */
const ageless = (text: string) => text.replace(/ +(\d+[smhd])+( \(x\d+ over (\d+[smhd])+\))? +/g, ' ').replace(/ {2,}/g, '  ');

const deployment = (image: string, replicas = 2) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image, imagePullPolicy: 'IfNotPresent' }] } },
    },
  });

describe.skipIf(!alphaKubeconfig || !kubectlPath)('kubectl through Fairlead', () => {
  let fairlead: Fairlead;
  let admin: Session;
  let through: Kubectl;
  let viewer: Kubectl;
  let stranger: Kubectl;
  let direct: Kubectl;

  beforeAll(async () => {
    const cluster = administrator(alphaKubeconfig!);
    fairlead = await startFairlead();
    admin = await fairlead.admin();
    await admin.post('/clusters', { name: 'prod', kubeconfig: cluster.kubeconfig }).expect(201);
    await admin.post('/projects', { name: 'shop', namespaces: [{ cluster: 'prod', namespace: space, create: true }] }).expect(201);
    await admin.post('/projects', { name: 'theirs', namespaces: [{ cluster: 'prod', namespace: other, create: true }] }).expect(201);
    const kubectlOf = async (person: Session & { id: string }, project: string, role: string) => {
      await admin.post(`/projects/${project}/grants`, { principal: person.id, role }).expect(201);
      const yaml = (await person.post('/clusters/prod/kubeconfig', { expiresInHours: 1 }).expect(200)).text;
      return new Kubectl(yaml, space);
    };
    through = await kubectlOf(await fairlead.person('ann'), 'shop', 'deployer');
    viewer = await kubectlOf(await fairlead.person('vic'), 'shop', 'viewer');
    stranger = await kubectlOf(await fairlead.person('sam'), 'theirs', 'admin');
    direct = new Kubectl(cluster.kubeconfig, space);
    await until(
      10_000,
      () => through.run(['auth', 'can-i', 'create', 'deployments']),
      ({ stdout }) => stdout.trim() === 'yes',
    );
  }, 60_000);

  afterAll(async () => {
    await direct?.run(['delete', 'namespace', space, other, '--wait=false', '--ignore-not-found']);
    for (const each of [through, viewer, stranger, direct]) each?.close();
    await fairlead?.close();
  });

  /** The same command by both ways, with the same answer. */
  const alike = async (...args: string[]) => {
    const [by, straight] = await Promise.all([through.ok(...args), direct.ok(...args)]);
    expect(ageless(by)).toBe(ageless(straight));
    return by;
  };

  it('says who you are, and shows your namespaces and no others', async () => {
    expect(await through.ok('auth', 'whoami')).toMatch(/Username\s+system:serviceaccount:fairlead-people:u-[0-9a-f-]{36}/);
    const listed = await through.ok('get', 'namespaces');
    expect(listed).toMatch(/^NAME\s+STATUS\s+AGE\n/);
    expect(
      listed
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(/\s+/)[0]),
    ).toEqual([space]);
    expect(await through.ok('get', 'namespace', space, '-o', 'name')).toBe(`namespace/${space}\n`);
    expect(await through.ok('get', 'namespaces', '-o', 'name')).toBe(`namespace/${space}\n`);
  });

  it('applies, gets as a table, describes, and diffs as on the cluster itself', async () => {
    const applied = await through.run(['apply', '-f', '-'], { input: deployment('nginx:1.27') });
    expect(applied.stdout, applied.stderr).toBe('deployment.apps/web created\n');
    expect(await through.ok('rollout', 'status', 'deployment/web', '--timeout=60s')).toContain('successfully rolled out');
    expect(ageless(await through.ok('get', 'deployment', 'web', '-o', 'wide'))).toBe(
      ageless(await direct.ok('get', 'deployment', 'web', '-o', 'wide')),
    );
    await alike('get', 'pods', '-o', 'name');
    await alike('get', 'deployment', 'web', '-o', 'json');
    expect(await alike('describe', 'deployment', 'web')).toContain('nginx:1.27');
    const diff = await through.run(['diff', '-f', '-'], { input: deployment('nginx:1.28') });
    expect(diff.code).toBe(1);
    expect(diff.stdout).toContain('+      - image: nginx:1.28');
    const server = await through.run(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: deployment('nginx:1.28') });
    expect(server.stdout, server.stderr).toBe('deployment.apps/web serverside-applied\n');
  });

  it('scales, restarts, edits, and rolls back', async () => {
    expect(await through.ok('scale', 'deployment/web', '--replicas=3')).toBe('deployment.apps/web scaled\n');
    expect(await through.ok('rollout', 'restart', 'deployment/web')).toContain('restarted');
    expect(await through.ok('rollout', 'undo', 'deployment/web')).toContain('rolled back');
    expect(await through.ok('patch', 'deployment', 'web', '-p', '{"metadata":{"annotations":{"by":"patch"}}}')).toBe(
      'deployment.apps/web patched\n',
    );
    const edited = await through.run(['edit', 'deployment', 'web'], { env: { KUBE_EDITOR: "sed -i -e 's/by: patch/by: edit/'" } });
    expect(edited.stdout, edited.stderr).toBe('deployment.apps/web edited\n');
    expect(await alike('get', 'deployment', 'web', '-o', 'jsonpath={.metadata.annotations.by}')).toBe('edit');
  });

  it('follows changes with -w', async () => {
    const watch = through.start(['get', 'configmaps', '-w', '-o', 'name']);
    let seen = '';
    watch.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    await until(
      10_000,
      () => seen,
      (text) => text.includes('kube-root-ca.crt'),
    );
    await direct.ok('create', 'configmap', 'seen');
    await until(
      5_000,
      () => seen,
      (text) => text.includes('configmap/seen'),
    );
    watch.kill();
  });

  it('knows the API: api-resources, explain, version', async () => {
    await alike('api-resources');
    await alike('explain', 'deployment.spec.strategy');
    expect(await through.ok('version')).toContain('Server Version');
  });

  it('answers can-i for policy and cluster together', async () => {
    const can = async (kubectl: Kubectl, ...args: string[]) => (await kubectl.run(['auth', 'can-i', ...args])).stdout.trim();
    expect(await can(through, 'patch', 'deployments.apps')).toBe('yes');
    expect(await can(viewer, 'patch', 'deployments.apps')).toBe('no - it needs the role deployer in project shop; you have viewer');
    expect(await can(through, 'create', 'secrets')).toBe('yes');
    expect(await can(through, 'get', 'secrets')).toMatch(/^no/);
    expect(await can(through, 'create', 'pods', '--subresource=exec')).toMatch(/^no/);
    expect(await can(through, '*', '*')).toMatch(/^no/);
    expect(await can(through, 'list', 'namespaces')).toBe('yes');
    const rules = await through.ok('auth', 'can-i', '--list');
    expect(rules).toMatch(/deployments\.apps\s+\[\]\s+\[\]\s+\[/);
    expect(rules).not.toMatch(/pods\/exec/);
  });

  it.each([
    [
      'viewer',
      'scale',
      ['scale', 'deployment/web', '--replicas=1'],
      /cannot (get|patch|update) resource "deployments\/scale".*needs the role deployer in project shop; you have viewer; admin can give it/s,
    ],
    [
      'viewer',
      'read secrets',
      ['get', 'secrets'],
      /secrets is forbidden: User "vic" cannot list resource "secrets" in API group "" in the namespace .*needs the role operator/s,
    ],
    [
      'deployer',
      'delete a pod',
      ['delete', 'pod', 'whatever'],
      /cannot delete resource "pods".*needs the role operator in project shop; you have deployer/s,
    ],
    ['deployer', 'exec', ['exec', 'deployment/web', '--', 'true'], /cannot create resource "pods\/exec".*needs the role operator/s],
    ['deployer', 'ask for all namespaces', ['get', 'pods', '-A'], /asks for every namespace at once/],
    ['deployer', 'look elsewhere', ['-n', 'kube-system', 'get', 'pods'], /no role in the namespace kube-system/],
    ['deployer', 'read nodes', ['get', 'nodes'], /not in a namespace/],
    ['deployer', 'act as somebody', ['get', 'pods', '--as', 'system:admin'], /cannot impersonate/],
    ['stranger', 'look in', ['get', 'pods'], /no role in the namespace/],
  ] as const)('refuses a %s to %s, and says what was lacked', async (who, _, args, message) => {
    const kubectl = { viewer, deployer: through, stranger }[who];
    const { code, stderr } = await kubectl.run([...args]);
    expect(code).toBe(1);
    expect(stderr).toContain('(Forbidden)');
    expect(stderr).toMatch(message);
  });

  it('deletes, waits, and leaves all of it in the audit log', async () => {
    expect(await through.ok('delete', 'deployment', 'web', '--timeout=30s')).toContain('deleted');
    const entries = await until(
      5_000,
      async () => (await admin.get('/audit?limit=500&door=kubectl').expect(200)).body.items as Record<string, unknown>[],
      (items) => items.some(({ action }) => action === 'kubernetes.deployments.delete'),
    );
    const find = (action: string, outcome: string) => entries.find((entry) => entry.action === action && entry.outcome === outcome);
    expect(find('kubernetes.deployments.delete', 'allowed')).toMatchObject({
      actor: { name: 'ann' },
      project: { name: 'shop' },
      cluster: { name: 'prod' },
      namespace: space,
      name: 'web',
      door: 'kubectl',
      status: 200,
      reason: 'role deployer in project shop',
    });
    expect(find('kubernetes.pods.exec', 'refused')).toMatchObject({ actor: { name: 'ann' }, status: 403 });
    expect(find('kubernetes.pods.list', 'refused')).toBeDefined();
    expect(find('kubernetes.configmaps.watch', 'allowed')).toMatchObject({ endCause: 'the client went away' });
    const perMinute = entries.filter(({ action }) => action === 'kubernetes.discovery');
    expect(perMinute.length).toBeGreaterThan(0);
    expect(perMinute.length).toBeLessThan(12);
  });
});
