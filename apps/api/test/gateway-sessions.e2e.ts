import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { decodeFrame, encodeFrame, readStreamEnd } from '@fairlead/kube';
import { podSocketPath } from '@fairlead/shared';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { administrator, until } from './support/cluster.js';
import { type Fairlead, type Session, startFairlead } from './support/fairlead.js';
import { Kubectl, kubectlPath } from './support/kubectl.js';

const kubeconfigPath = process.env.FAIRLEAD_TEST_KUBECONFIG_NODE;
const space = `gateway-sessions-${randomBytes(3).toString('hex')}`;

const pod = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'box', labels: { app: 'box' } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'box',
        image: 'busybox:1.36',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', 'echo canary-log; while true; do echo tick; sleep 0.2; done'],
      },
      { name: 'web', image: 'nginx:1.27', imagePullPolicy: 'IfNotPresent', ports: [{ containerPort: 80 }] },
    ],
  },
});

describe.skipIf(!kubeconfigPath || !kubectlPath)('sessions in real containers', { timeout: 60_000 }, () => {
  let fairlead: Fairlead;
  let admin: Session;
  let operator: Session & { id: string };
  let through: Kubectl;
  let direct: Kubectl;
  let grant: string;

  beforeAll(async () => {
    const cluster = administrator(kubeconfigPath!);
    fairlead = await startFairlead();
    admin = await fairlead.admin();
    await admin.post('/clusters', { name: 'node', kubeconfig: cluster.kubeconfig }).expect(201);
    await admin.post('/projects', { name: 'shop', namespaces: [{ cluster: 'node', namespace: space, create: true }] }).expect(201);
    operator = await fairlead.person('olga');
    grant = ((await admin.post('/projects/shop/grants', { principal: operator.id, role: 'operator' }).expect(201)).body as { id: string })
      .id;
    through = new Kubectl((await operator.post('/clusters/node/kubeconfig', { expiresInHours: 1 }).expect(200)).text, space);
    direct = new Kubectl(cluster.kubeconfig, space);
    const made = await direct.run(['apply', '-f', '-'], { input: pod });
    expect(made.code, made.stderr).toBe(0);
    await direct.ok('wait', '--for=condition=Ready', 'pod/box', '--timeout=60s');
    await until(
      10_000,
      () => through.run(['auth', 'can-i', 'create', 'pods', '--subresource=exec']),
      ({ stdout }) => stdout.trim() === 'yes',
    );
  }, 120_000);

  afterAll(async () => {
    await direct?.run(['delete', 'namespace', space, '--wait=false', '--ignore-not-found']);
    through?.close();
    direct?.close();
    await fairlead?.close();
  });

  it('reads logs, and follows them', async () => {
    expect(await through.ok('logs', 'box', '-c', 'box', '--limit-bytes=11')).toBe('canary-log\n');
    const follow = through.start(['logs', 'box', '-c', 'box', '-f', '--tail=1']);
    let seen = '';
    follow.stdout.on('data', (chunk: Buffer) => (seen += chunk.toString()));
    await until(
      10_000,
      () => seen,
      (text) => text.split('tick').length > 5,
    );
    follow.kill();
  });

  it.each([
    ['WebSocket', {}],
    ['SPDY', { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false' }],
  ])('runs commands by %s: output, input and exit code', async (_, env) => {
    const run = (args: string[], input?: string) => through.run(args, { env, ...(input === undefined ? {} : { input }) });
    expect(await run(['exec', 'box', '-c', 'box', '--', 'echo', 'hello'])).toMatchObject({ code: 0, stdout: 'hello\n' });
    expect(await run(['exec', '-i', 'box', '-c', 'box', '--', 'wc', '-c'], 'x'.repeat(100_000))).toMatchObject({
      code: 0,
      stdout: '100000\n',
    });
    expect((await run(['exec', 'box', '-c', 'box', '--', 'sh', '-c', 'exit 7'])).code).toBe(7);
  });

  it('copies files both ways, unchanged', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'fairlead-cp-'));
    const bytes = randomBytes(8 * 1024 * 1024);
    await writeFile(path.join(folder, 'there'), bytes);
    await through.ok('cp', path.join(folder, 'there'), 'box:/tmp/file', '-c', 'box');
    await through.ok('cp', 'box:/tmp/file', path.join(folder, 'back'), '-c', 'box');
    const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(hash(await readFile(path.join(folder, 'back')))).toBe(hash(bytes));
    await rm(folder, { recursive: true });
  });

  it.each([
    ['WebSocket', {}],
    ['SPDY', { KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' }],
  ])('forwards a port by %s', async (_, env) => {
    const forward = through.start(['port-forward', 'pod/box', ':80'], env);
    let said = '';
    forward.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until(
      10_000,
      () => said,
      (text) => /127\.0\.0\.1:(\d+)/.test(text),
    );
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(said)![1]);
    const answer = await new Promise<number | undefined>((resolve, reject) =>
      request({ port, path: '/' }, (res) => resolve(res.resume().statusCode))
        .on('error', reject)
        .end(),
    );
    expect(answer).toBe(200);
    forward.kill();
  });

  it('shows what pods use', async () => {
    const used = await until(
      45_000,
      () => through.run(['top', 'pod', '--no-headers']),
      ({ code }) => code === 0,
    );
    expect(used.stdout).toMatch(/^box\s+\d+m\s+\d+Mi/);
  });

  const socket = (
    kind: 'exec' | 'attach' | 'log',
    query: [string, string][],
    headers: Record<string, string> = {},
    protocols: string[] = [],
  ) =>
    new WebSocket(
      `${fairlead.url.replace('http', 'ws')}${podSocketPath({ cluster: 'node', namespace: space, pod: 'box' }, kind, query)}`,
      protocols,
      {
        headers: { cookie: operator.cookie, origin: fairlead.url, ...headers },
      },
    );

  it("gives the dashboard a terminal and a pod's log", async () => {
    const exec = socket(
      'exec',
      [
        ['container', 'box'],
        ['command', 'sh'],
        ['stdin', 'true'],
        ['stdout', 'true'],
        ['stderr', 'true'],
      ],
      {},
      ['v5.channel.k8s.io'],
    );
    let out = '';
    let end: unknown;
    exec.on('message', (data: Buffer) => {
      const frame = decodeFrame(data)!;
      if (frame.channel === 1) out += Buffer.from(frame.data).toString();
      if (frame.channel === 3 && frame.data.length > 0) end = readStreamEnd(frame.data); // each channel opens with an empty message
    });
    await new Promise((resolve) => exec.once('open', resolve));
    expect(exec.protocol).toBe('v5.channel.k8s.io');
    exec.send(encodeFrame(0, 'echo a$((1+1))b; exit 3\n'));
    await until(
      10_000,
      () => end,
      (value) => value !== undefined,
    );
    expect(out).toBe('a2b\n');
    expect(end).toEqual({ ok: false, exitCode: 3 });

    const log = socket('log', [
      ['container', 'box'],
      ['follow', 'true'],
      ['tailLines', '2'],
    ]);
    let text = '';
    let binary = false;
    log.on('message', (data: Buffer, isBinary) => {
      text += data.toString();
      binary = isBinary;
    });
    await until(
      10_000,
      () => text,
      (value) => value.split('tick').length > 5,
    );
    expect(binary).toBe(true);
    log.close();
  });

  it('T2 ends a session that is only read, in words, when the role is taken away; and the audit log says why', async () => {
    const exec = socket(
      'exec',
      [
        ['container', 'box'],
        ['command', 'sh'],
        ['command', '-c'],
        ['command', 'while true; do echo x; sleep 0.1; done'],
        ['stdout', 'true'],
      ],
      {},
      ['v5.channel.k8s.io'],
    );
    let last = 0;
    let end: unknown;
    exec.on('message', (data: Buffer) => {
      last = Date.now();
      const frame = decodeFrame(data)!;
      if (frame.channel === 3 && frame.data.length > 0) end = readStreamEnd(frame.data); // each channel opens with an empty message
    });
    await until(
      10_000,
      () => last,
      (at) => at > 0,
    );
    const closed = new Promise<number>((resolve) => exec.once('close', resolve));
    const terminal = through.start(['exec', 'box', '-c', 'box', '--', 'sh', '-c', 'while true; do echo y; sleep 0.1; done']);
    let complaint = '';
    terminal.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const exited = new Promise((resolve) => terminal.once('exit', resolve));
    await new Promise((resolve) => terminal.stdout.once('data', resolve));

    const taken = Date.now();
    await admin.delete(`/projects/shop/grants/${grant}`).expect(204);
    expect(await closed).toBe(1008);
    await exited;
    expect(last - taken).toBeLessThan(5_000);
    expect(end).toMatchObject({ ok: false });
    expect(complaint).toContain('the right to this was taken away');
    const entries = await until(
      5_000,
      async () =>
        (await admin.get('/audit?limit=100&action=kubernetes.pods.exec').expect(200)).body.items as {
          endCause: string | null;
          door: string;
        }[],
      (items) => items.filter(({ endCause }) => endCause?.startsWith('revoked: ')).length === 2,
    );
    expect(
      entries
        .filter(({ endCause }) => endCause?.startsWith('revoked: '))
        .map(({ door }) => door)
        .sort(),
    ).toEqual(['kubectl', 'web']);
  });
});
