import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../test/certificates.js';
import { json, ScriptedServer } from '../test/scripted-server.js';
import { KubeClient, type KubeClientOptions } from './client.js';
import type { ClusterConnection } from './connection.js';
import { AddressDenied } from './errors.js';

const certificate = makeCertificate();
const server = new ScriptedServer(certificate);
const open: KubeClient[] = [];

function client(change: Partial<ClusterConnection> = {}, options: KubeClientOptions = {}): KubeClient {
  const made = new KubeClient(server.connection(change), options);
  open.push(made);
  return made;
}

const unreachable = (why: string) => expect.objectContaining({ name: 'ClusterUnreachable', why });

beforeAll(async () => {
  await server.start();
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(async () => {
  await Promise.all(open.map((each) => each.close()));
  await server.stop();
});

test('sends verbs, options and bodies as the API server expects them', async () => {
  server.script = (_request, response) => json(response, 200, { metadata: { name: 'x' } });
  const kube = client({ server: `https://127.0.0.1:${server.port}/prefix/` });
  await kube.list('/api/v1/pods', { labelSelector: 'a in (b)', limit: 5 });
  await kube.create('/api/v1/x', { a: 1 }, { dryRun: true, fieldManager: 'm' });
  await kube.apply('/api/v1/x/y', { a: 1 }, { fieldManager: 'm', force: true });
  await kube.patch('/api/v1/x/y', { a: 1 }, 'merge');
  await kube.remove('/api/v1/x/y', { propagationPolicy: 'Foreground', preconditions: { uid: 'u' }, dryRun: true });
  expect(server.requests.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
    'GET /prefix/api/v1/pods?labelSelector=a+in+%28b%29&limit=5 ',
    'POST /prefix/api/v1/x?dryRun=All&fieldManager=m {"a":1}',
    'PATCH /prefix/api/v1/x/y?fieldManager=m&force=true {"a":1}',
    'PATCH /prefix/api/v1/x/y {"a":1}',
    'DELETE /prefix/api/v1/x/y {"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Foreground","preconditions":{"uid":"u"},"dryRun":["All"]}',
  ]);
  expect(server.headerLines(2, 'content-type')).toEqual(['application/apply-patch+yaml']);
  expect(server.headerLines(2, 'authorization')).toEqual(['Bearer test-token']);
});

test('sends each group and extra value on a line of its own', async () => {
  server.script = (_request, response) => json(response, 200, {});
  const impersonate = { user: 'system:serviceaccount:p:u-1', groups: ['a,b', 'c', 'd'], extra: { 'fairlead.dev/token': ['t1', 't2'] } };
  await client({}, { impersonate }).get('/api');
  expect(server.headerLines(0, 'impersonate-user')).toEqual(['system:serviceaccount:p:u-1']);
  expect(server.headerLines(0, 'impersonate-group')).toEqual(['a,b', 'c', 'd']);
  expect(server.headerLines(0, 'impersonate-extra-fairlead.dev%2ftoken')).toEqual(['t1', 't2']);
});

test('one connection serves many identities, and none leaks into another', async () => {
  server.script = (_request, response) => json(response, 200, {});
  const base = client({}, { connections: 1 });
  const people = ['u-1', 'u-2'].map((user) => base.as({ user, groups: [], extra: {} }));
  for (const each of [...people, base, ...people]) await each.get('/x');
  expect(server.requests.map((_, i) => server.headerLines(i, 'impersonate-user'))).toEqual([['u-1'], ['u-2'], [], ['u-1'], ['u-2']]);
});

test('asks for a token before every request', async () => {
  server.script = (_request, response) => json(response, 200, {});
  let n = 0;
  const kube = client({ auth: { token: () => `token-${++n}` } });
  await kube.get('/a');
  await kube.get('/b');
  expect([0, 1].flatMap((i) => server.headerLines(i, 'authorization'))).toEqual(['Bearer token-1', 'Bearer token-2']);
  await expect(client({ auth: { token: 'a\r\nX: y' } }).get('/c')).rejects.toThrow(unreachable('credential not available'));
});

test('gives the Status of a refusal, and never a foreign page', async () => {
  server.script = (_request, response) =>
    json(response, 409, { kind: 'Status', reason: 'AlreadyExists', message: 'there', code: 409, details: { name: 'x' } });
  await expect(client().get('/x')).rejects.toMatchObject({
    name: 'KubeError',
    code: 409,
    reason: 'AlreadyExists',
    message: 'there',
    details: { name: 'x' },
  });
  server.script = (_request, response) => response.writeHead(503).end('<html>secret</html>');
  await expect(client().get('/x')).rejects.toMatchObject({ code: 503, message: 'the server answered 503 without a Kubernetes status' });
  server.script = (_request, response) => response.writeHead(200).end('<html>secret</html>');
  await expect(client().get('/x')).rejects.toThrow(unreachable('malformed answer'));
});

test('passes warnings on', async () => {
  server.script = (_request, response) => {
    response.setHeader('warning', ['299 - "unknown field \\"spec.x\\""', '299 - "second"']);
    json(response, 200, {});
  };
  const warnings: string[] = [];
  await client().create('/x', {}, { onWarning: (text) => warnings.push(text) });
  expect(warnings).toEqual(['unknown field "spec.x"', 'second']);
});

describe('a hostile or broken server', () => {
  test('is not followed elsewhere', async () => {
    server.script = (_request, response) => response.writeHead(302, { location: 'https://evil.invalid/' }).end();
    await expect(client().get('/x')).rejects.toMatchObject({ name: 'KubeError', code: 302 });
    expect(server.requests).toHaveLength(1);
  });

  test('cannot send without end', async () => {
    server.script = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      response.writeHead(200);
      more();
    };
    await expect(client({}, { maxBodyBytes: 1_000_000 }).get('/x')).rejects.toThrow(unreachable('answer too large'));
  });

  test('cannot keep a call waiting: no headers, or a body that stops', async () => {
    server.script = () => undefined;
    await expect(client({}, { timeoutMs: 200 }).get('/x')).rejects.toThrow(unreachable('timeout'));
    server.script = (_request, response) => void response.writeHead(200).write('{');
    await expect(client({}, { timeoutMs: 200 }).get('/x')).rejects.toThrow(unreachable('timeout'));
  });

  test('breaks off: a GET is tried once more, a POST is not', async () => {
    let calls = 0;
    server.script = (request, response) => {
      calls++;
      if (calls === 1 || request.method === 'POST') request.socket.destroy();
      else json(response, 200, {});
    };
    await expect(client().get('/x')).resolves.toEqual({});
    calls = 1;
    await expect(client().create('/x', {})).rejects.toThrow(unreachable('connection reset'));
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('before anything is sent', () => {
  const { ca: _ca, ...systemRoots } = { ca: '', ...server.connection() };
  const refused: [string, Partial<ClusterConnection>][] = [
    ['an authority that did not sign', { ca: makeCertificate().ca }],
    ['the authorities of the system only', {}],
    ['another server name', { ca: certificate.ca, servername: 'other.example' }],
  ];
  test.each(refused)('%s: no request', async (_name, change) => {
    const kube = new KubeClient({ ...systemRoots, server: `https://127.0.0.1:${server.port}`, ...change });
    open.push(kube);
    await expect(kube.get('/x')).rejects.toThrow(unreachable('certificate not trusted'));
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    ['an expired certificate', makeCertificate('IP:127.0.0.1', -1)],
    ['a certificate for another address', makeCertificate('DNS:other.example')],
  ])('%s: no request', async (_name, bad) => {
    const other = await new ScriptedServer(bad).start();
    const kube = new KubeClient(other.connection());
    await expect(kube.get('/x')).rejects.toThrow(unreachable('certificate not trusted'));
    expect(other.requests).toHaveLength(0);
    await kube.close();
    await other.stop();
  });

  test('the environment cannot switch verification off', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      await expect(client({ ca: makeCertificate().ca }).get('/x')).rejects.toThrow(unreachable('certificate not trusted'));
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    }
  });

  test.each(['127.0.0.1', 'localhost'])('the address of %s is judged at the dial', async (host) => {
    server.script = (_request, response) => json(response, 200, {});
    const asked: string[] = [];
    const before = server.connections;
    const denying = client({
      server: `https://${host}:${server.port}`,
      checkAddress: (ip) => {
        asked.push(ip);
        throw new AddressDenied('no');
      },
    });
    await expect(denying.get('/x')).rejects.toThrow(unreachable('address not allowed'));
    expect(asked.length).toBeGreaterThan(0);
    expect(server.connections).toBe(before);
    await expect(client({ server: `https://${host}:${server.port}`, checkAddress: () => undefined }).get('/x')).resolves.toEqual({});
  });

  test.each(['http://127.0.0.1', 'https://u:p@127.0.0.1', 'https://127.0.0.1/?a', 'https://127.0.0.1/#a'])('%s is no server', (address) => {
    expect(() => new KubeClient({ server: address, auth: { anonymous: true } })).toThrow(TypeError);
  });
});

describe('streams', () => {
  test('flow as they come, do not time out, and do not hold up calls', async () => {
    server.script = (request, response) => {
      if (request.url === '/call') return json(response, 200, {});
      response.writeHead(200);
      response.write('one');
      setTimeout(() => response.end('two'), 400);
    };
    const kube = client({}, { timeoutMs: 200, connections: 1 });
    let text = '';
    for await (const piece of kube.stream('/log')) {
      text += Buffer.from(piece).toString();
      await kube.get('/call');
    }
    expect(text).toBe('onetwo');
  });

  test('end with the signal\u2019s reason, and the server notices', async () => {
    const closed = deferred();
    server.script = (_request, response) => {
      response.on('close', closed.resolve);
      response.writeHead(200).write('one');
    };
    const control = new AbortController();
    const reason = new Error('right taken away');
    const read = async () => {
      for await (const _ of client().stream('/log', { signal: control.signal })) control.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
    await closed.promise;
  });

  test('are refused with a Status', async () => {
    server.script = (_request, response) => json(response, 403, { kind: 'Status', reason: 'Forbidden', message: 'no', code: 403 });
    await expect(client().openStream('/log')).rejects.toMatchObject({ name: 'KubeError', code: 403 });
  });
});

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
