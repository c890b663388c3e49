import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { webhookAddresses } from '../src/features/webhooks/address-policy.js';
import { send } from '../src/features/webhooks/send.js';
import { targetOf } from '../src/features/webhooks/target.js';
import { makeCertificate } from './support/cluster-proxy.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const listen = async (server: Server): Promise<number> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const check = webhookAddresses([], (ip) => {
  if (ip.startsWith('169.254.')) throw new Error('never');
});

/** A world in which names stand for what `names` says at each asking, and every address is this machine's `port`. */
function world(port: number, names: string[][], ca?: string) {
  const asked: string[] = [];
  const dialled: string[] = [];
  const wire = {
    resolve: async (host: string) => {
      asked.push(host);
      return names[asked.length - 1] ?? [];
    },
    dial: (address: string) => {
      dialled.push(address);
      return connect({ host: '127.0.0.1', port });
    },
    ...(ca && { ca }),
  };
  const post = (url: string, { limitMs = 2_000, stop = new AbortController().signal } = {}) =>
    send(targetOf(url, check), { headers: { 'fairlead-event': 'x' }, body: '{}' }, { check, wire, stop, limitMs });
  return { asked, dialled, post };
}

const answering = (handle: RequestListener) => listen(createServer(handle));

describe('what a name stands for', () => {
  it.each([
    ['loopback', ['127.0.0.1']],
    ['IPv6 loopback', ['::1']],
    ['a private address', ['10.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['a mapped address', ['::ffff:10.0.0.1']],
    ['a unique local address', ['fd00::1']],
    ['multicast', ['224.0.0.1']],
    ['unspecified', ['0.0.0.0']],
    ['carriers’ own', ['100.64.1.1']],
    ['a public and a private address', ['8.8.8.8', '192.168.0.1']],
    ['a private and a public address', ['192.168.0.1', '8.8.8.8']],
    ['no address', []],
    ['another name', ['localhost']],
  ])('%s is never dialled', async (_, addresses) => {
    const { dialled, post } = world(1, [addresses]);
    expect(await post('http://hooks.example.com/')).toMatchObject({ state: 'failed', error: expect.stringMatching(/^not sent: it /) });
    expect(dialled).toEqual([]);
  });

  it('is asked once at each try, and what was checked is what is dialled', async () => {
    const port = await answering((_, response) => response.writeHead(204).end());
    const { asked, dialled, post } = world(port, [['8.8.8.8'], ['127.0.0.1']]);
    expect(await post('http://rebinding.example.com/')).toEqual({ state: 'delivered', status: 204 });
    expect(await post('http://rebinding.example.com/')).toMatchObject({ state: 'failed' });
    expect({ asked: asked.length, dialled }).toEqual({ asked: 2, dialled: ['8.8.8.8'] });
  });

  it('does not tell the address that was refused', async () => {
    const { post } = world(1, [['10.11.12.13']]);
    expect(JSON.stringify(await post('http://hooks.example.com/'))).not.toContain('10.11.12.13');
  });
});

describe('an answer', () => {
  it.each([
    [200, 'delivered'],
    [299, 'delivered'],
    [302, 'failed'],
    [404, 'failed'],
    [500, 'failed'],
  ])('of %i is %s', async (status, state) => {
    const port = await answering((_, response) => response.writeHead(status, { location: 'http://169.254.169.254/' }).end('x'));
    const { dialled, post } = world(port, [['8.8.8.8'], ['8.8.8.8']]);
    expect(await post('http://hooks.example.com/')).toMatchObject({ state, status });
    expect(dialled).toEqual(['8.8.8.8']);
  });

  it('is no delivery when it changes the protocol', async () => {
    const server = createServer();
    server.on('connection', (socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 101 x\r\nupgrade: y\r\nconnection: upgrade\r\n\r\n')),
    );
    const { post } = world(await listen(server), [['8.8.8.8']]);
    expect(await post('http://hooks.example.com/')).toMatchObject({ state: 'failed', error: 'it answered in another protocol' });
  });

  it('without an end is cut off', async () => {
    let written = 0;
    const port = await answering((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => {
        written += 8_192;
        response.write('x'.repeat(8_192));
      }, 1);
      response.on('close', () => clearInterval(timer));
    });
    const { post } = world(port, [['8.8.8.8']]);
    expect(await post('http://hooks.example.com/')).toEqual({ state: 'delivered', status: 200 });
    expect(written).toBeLessThan(2_000_000);
  });

  it.each([['never comes', (() => {}) as RequestListener]])('that %s is waited for no longer than the limit', async (_, handle) => {
    const { post } = world(await answering(handle), [['8.8.8.8']]);
    const since = performance.now();
    expect(await post('http://hooks.example.com/', { limitMs: 300 })).toEqual({
      state: 'failed',
      status: null,
      error: 'no answer within 0.3 s',
    });
    expect(performance.now() - since).toBeLessThan(1_500);
  });

  it('with headers without end is refused', async () => {
    const server = createServer();
    server.on('connection', (socket) =>
      socket.once('data', () => socket.write(`HTTP/1.1 200 x\r\n${'a: b\r\n'.repeat(20_000)}`)).on('error', () => {}),
    );
    const { post } = world(await listen(server), [['8.8.8.8']]);
    expect(await post('http://hooks.example.com/')).toMatchObject({ state: 'failed' });
  });
});

it('a name that is looked up for ever ends with the limit', async () => {
  const wire = { resolve: () => new Promise<string[]>(() => {}), dial: () => connect({ host: '127.0.0.1', port: 1 }) };
  const sent = send(
    targetOf('http://slow.example.com/', check),
    { headers: {}, body: '' },
    { check, wire, stop: new AbortController().signal, limitMs: 200 },
  );
  expect(await sent).toMatchObject({ state: 'failed', error: 'no answer within 0.2 s' });
});

it('a try that is stopped says so by throwing, so that it is not counted', async () => {
  const stop = new AbortController();
  const { post } = world(await answering(() => stop.abort(new Error('stopping'))), [['8.8.8.8']]);
  await expect(post('http://hooks.example.com/', { stop: stop.signal })).rejects.toThrow('stopping');
});

describe('over TLS', () => {
  const good = makeCertificate('DNS:hooks.example.com');
  const serve = () => listen(createTls({ cert: good.cert, key: good.key }, (request, response) => response.end(request.headers.host)));

  it('the name is what the certificate is for, whatever the address', async () => {
    const { dialled, post } = world(await serve(), [['8.8.8.8']], good.ca);
    expect(await post('https://hooks.example.com/')).toEqual({ state: 'delivered', status: 200 });
    expect(dialled).toEqual(['8.8.8.8']);
  });

  it.each([
    ['a certificate for another name', 'https://other.example.com/', good.ca, 'its certificate is for another name'],
    ['an authority that nobody knows', 'https://hooks.example.com/', undefined, 'its certificate is signed by nobody that is trusted'],
  ])('%s is no delivery', async (_, url, ca, error) => {
    let heard = 0;
    const port = await listen(createTls({ cert: good.cert, key: good.key }, () => heard++));
    expect(await world(port, [['8.8.8.8']], ca).post(url)).toEqual({ state: 'failed', status: null, error });
    expect(heard).toBe(0);
  });

  it('a receiver that is not there is said', async () => {
    const port = await serve();
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await world(port, [['8.8.8.8']]).post('https://hooks.example.com/')).toMatchObject({ error: 'the connection was refused' });
  });
});
