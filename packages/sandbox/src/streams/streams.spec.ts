import { createHash } from 'node:crypto';
import { readStreamEnd } from '@fairlead/kube/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { SpdyClient } from '../../test/kubelet/spdy-client.js';
import { type StreamDoor, streamDoor } from '../../test/kubelet/stream-door.js';
import { headerDictionary } from './spdy/dictionary.js';

let door: StreamDoor;
beforeAll(async () => {
  door = await streamDoor();
  door.run('web', { image: 'nginx:1.27', ports: [{ containerPort: 80 }] });
  door.run(
    'two',
    {},
    {
      containers: [
        { name: 'a', image: 'nginx' },
        { name: 'b', image: 'busybox', command: ['sleep', '100000'] },
      ],
    },
  );
  door.run('crash', { command: ['sh', '-c', 'echo starting; echo bad >&2; exit 3'] });
  door.run('waits', { command: ['sleep', '9'], envFrom: [{ configMapRef: { name: 'nope' } }] });
  door.run('noimage', { image: 'nginx:missing' });
  door.run('counts', { command: ['sh', '-c', 'for i in 1 2 3 4 5; do echo $i; sleep 1; done; sleep 100000'] });
  door.clock.advance(12_000);
});
afterAll(() => door.close());

describe('log', () => {
  it.each([
    ['counts/log', '1\n2\n3\n4\n5\n'],
    ['counts/log?tailLines=2', '4\n5\n'],
    ['counts/log?tailLines=0', ''],
    ['counts/log?limitBytes=3', '1\n2'],
    ['crash/log', 'starting\nbad\n'],
    ['crash/log?previous=true', 'starting\nbad\n'],
    ['two/log?container=b', ''],
  ])('%s', async (path, text) => {
    expect(await door.get(path)).toMatchObject({ code: 200, text });
  });

  it('tells the time of each line', async () => {
    const { text } = await door.get('counts/log?timestamps=true&tailLines=1');
    expect(text).toMatch(/^2026-01-01T00:00:\d\d\.\d{9}Z 5\n$/);
  });

  it.each([
    ['two/log', 400, 'a container name must be specified for pod two, choose one of: [a b]'],
    ['web/log?container=zz', 400, 'container zz is not valid for pod web'],
    ['web/log?previous=true', 400, 'previous terminated container "app" in pod "web" not found'],
    ['waits/log', 400, 'container "app" in pod "waits" is waiting to start: CreateContainerConfigError'],
    ['noimage/log', 400, 'container "app" in pod "noimage" is waiting to start: trying and failing to pull image'],
    ['web/log?tailLines=-1', 422, 'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'],
    [
      'web/log?sinceSeconds=1&sinceTime=2020-01-01T00:00:00Z',
      422,
      'PodLogOptions "web" is invalid: []: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
    ['web/exec?command=ls', 400, 'Upgrade request required'],
  ])('%s is refused', async (path, code, message) => {
    expect(await door.get(path)).toMatchObject({ code, message });
  });
});

describe('proxy', () => {
  it.each([
    ['web/proxy/', 200, 'Welcome to nginx!'],
    ['http:web:80/proxy/', 200, 'Welcome to nginx!'],
    ['web/proxy/nothing', 404, '404 Not Found'],
    ['web:81/proxy/', 503, ':81: connect: connection refused'],
  ])('%s', async (path, code, text) => {
    const answer = await door.get(path);
    expect(answer.code).toBe(code);
    expect(answer.text).toContain(text);
  });
});

interface Said {
  channel: number;
  text: string;
}

/** All messages until it closes. */
function spoken(websocket: WebSocket, begin: (websocket: WebSocket) => void = () => {}): Promise<Said[]> {
  return new Promise((resolve, reject) => {
    const said: Said[] = [];
    websocket.on('open', () => begin(websocket));
    websocket.on('message', (message: Buffer) => said.push({ channel: message[0] ?? 0, text: message.toString('utf8', 1) }));
    websocket.on('close', () => resolve(said));
    websocket.on('error', reject);
  });
}

const on = (said: readonly Said[], channel: number): string =>
  said
    .filter((each) => each.channel === channel)
    .map(({ text }) => text)
    .join('');

describe('exec over WebSocket', () => {
  it.each([['v5.channel.k8s.io'], ['v4.channel.k8s.io']])('%s: output, errors and the end', async (protocol) => {
    const command = ['sh', '-c', 'echo out; echo err >&2; exit 4'].map((word) => `command=${encodeURIComponent(word)}`).join('&');
    const said = await spoken(door.websocket(`two/exec?container=b&${command}&stdout=true&stderr=true`, protocol));
    expect(said[0]).toEqual({ channel: 1, text: '' });
    expect(on(said, 1)).toBe('out\n');
    expect(on(said, 2)).toBe('err\n');
    expect(readStreamEnd(Buffer.from(on(said, 3)))).toEqual({ ok: false, exitCode: 4 });
  });

  it('standard input ends with the close message of v5', async () => {
    const said = await spoken(
      door.websocket('two/exec?container=b&command=wc&command=-c&stdin=true&stdout=true', 'v5.channel.k8s.io'),
      (websocket) => {
        websocket.send(Buffer.from('\0hello'));
        websocket.send(Buffer.of(255, 0));
      },
    );
    expect(on(said, 1)).toBe('5\n');
  });

  it('a terminal echoes, edits, and is left with exit', async () => {
    const said = await spoken(
      door.websocket('two/exec?container=b&command=sh&stdin=true&stdout=true&tty=true', 'v5.channel.k8s.io'),
      (websocket) => {
        websocket.send(Buffer.from('\x04{"Width":100,"Height":30}'));
        websocket.send(Buffer.from('\0stty sixe\x7f\x7fze\r'));
        websocket.send(Buffer.from('\0sleep 1000\r'));
        websocket.send(Buffer.from('\0\x03'));
        websocket.send(Buffer.from('\0exit 5\r'));
      },
    );
    const screen = on(said, 1);
    expect(screen).toContain('/ # ');
    expect(screen).toContain('30 100\r\n');
    expect(screen).toContain('^C\r\n');
    expect(readStreamEnd(Buffer.from(on(said, 3)))).toEqual({ ok: false, exitCode: 5 });
  });

  it.each([
    [
      'two/exec?container=b&command=nothere&stdout=true',
      /^Internal error occurred: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nothere": executable file not found in \$PATH: unknown$/,
    ],
    ['two/exec?container=b&stdout=true', /exec failed: args must not be empty: unknown$/],
    [
      'two/exec?container=b&command=ls',
      /^Internal error occurred: unable to upgrade connection: you must specify at least 1 of stdin, stdout, stderr$/,
    ],
    ['waits/exec?command=ls&stdout=true', /^Internal error occurred: unable to upgrade connection: container not found \("app"\)$/],
  ])('%s says why not', async (path, message) => {
    const said = await spoken(door.websocket(path, 'v5.channel.k8s.io'));
    const end = readStreamEnd(Buffer.from(on(said, 3)));
    expect(end).toMatchObject({ ok: false });
    expect('message' in end ? end.message : '').toMatch(message);
  });

  it('a subprotocol that nobody speaks is 403, a container that is not there 400', async () => {
    await expect(spoken(door.websocket('two/exec?container=b&command=ls&stdout=true', 'nonsense'))).rejects.toThrow('403');
    await expect(spoken(door.websocket('two/exec?command=ls&stdout=true', 'v5.channel.k8s.io'))).rejects.toThrow('400');
  });

  it('attach shows what is written from then on', async () => {
    door.run('talks', { command: ['sh', '-c', 'sleep 20; echo now; exit 0'] }, { restartPolicy: 'Never' });
    door.clock.advance(5000);
    const said = await spoken(door.websocket('talks/attach?stdout=true', 'v4.channel.k8s.io'), () =>
      setTimeout(() => door.clock.advance(20_000), 50),
    );
    expect(on(said, 1)).toBe('now\n');
    expect(readStreamEnd(Buffer.from(on(said, 3)))).toEqual({ ok: true });
  });
});

describe('port-forward by channels', () => {
  it('carries bytes both ways, the port first, and ends when the pod’s side does', async () => {
    const websocket = door.websocket('web/portforward?ports=80', 'v4.channel.k8s.io');
    websocket.once('open', () => websocket.send(Buffer.from('\0GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')));
    const said = await spoken(websocket);
    expect(said.slice(0, 2)).toEqual([0, 1].map((channel) => ({ channel, text: 'P\0' })));
    expect(on(said, 0)).toContain('Welcome to nginx!');
  });

  it('says that nobody listens, and ends', async () => {
    const said = await spoken(door.websocket('web/portforward?ports=81', 'v4.channel.k8s.io'));
    expect(on(said, 1)).toContain('connect: connection refused');
  });
});

const spdy = async (path: string, protocol: string) =>
  (await door.upgrade(path, ['Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${protocol}`])).socket;

describe('SPDY', () => {
  it('has the dictionary of the specification', () => {
    expect(createHash('sha256').update(headerDictionary).digest('hex')).toBe(
      '51d27341373f923f3cd88e1eb7162aeaa3723d7585ff2399201dc06498407f02',
    );
  });

  it('exec: input, output and the end, each on its stream', async () => {
    const socket = await spdy(
      'two/exec?container=b&command=sh&command=-c&command=cat%3B%20exit%203&stdin=true&stdout=true&stderr=true',
      'v4.channel.k8s.io',
    );
    const client = new SpdyClient(socket);
    const [error, stdin, stdout] = [
      await client.open({ streamtype: 'error' }),
      await client.open({ streamtype: 'stdin' }),
      await client.open({ streamtype: 'stdout' }),
    ];
    await client.open({ streamtype: 'stderr' });
    client.write(stdin, 'typed', true);
    expect(await client.all(stdout)).toBe('typed');
    expect(readStreamEnd(Buffer.from(await client.all(error)))).toEqual({ ok: false, exitCode: 3 });
    socket.destroy();
  });

  it('exec into what does not run is refused before the upgrade', async () => {
    await expect(spdy('waits/exec?command=ls&stdout=true', 'v4.channel.k8s.io')).rejects.toThrow('500');
  });

  const ask = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

  it('forwards a port', async () => {
    const socket = await spdy('web/portforward', 'portforward.k8s.io');
    const client = new SpdyClient(socket);
    await client.open({ streamtype: 'error', port: '80', requestid: '0' });
    const data = await client.open({ streamtype: 'data', port: '80', requestid: '0' });
    client.write(data, ask);
    expect(await client.all(data)).toContain('Welcome to nginx!');
    socket.destroy();
  });

  it('says that nobody listens', async () => {
    const socket = await spdy('web/portforward', 'portforward.k8s.io');
    const client = new SpdyClient(socket);
    const error = await client.open({ streamtype: 'error', port: '81', requestid: '0' });
    await client.open({ streamtype: 'data', port: '81', requestid: '0' });
    expect(await client.all(error)).toMatch(
      /^error forwarding port 81 to pod [0-9a-f]{64}, uid : .*dial tcp4 127.0.0.1:81: connect: connection refused/,
    );
    socket.destroy();
  });

  it('goes through a tunnel in a WebSocket as well, whose subprotocol has a slash in it', async () => {
    const headers = [
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io',
    ];
    const { socket, head } = await door.upgrade('web/portforward', headers);
    expect(head).toContain('Sec-WebSocket-Protocol: SPDY/3.1+portforward.k8s.io');
    const answered = new Promise<Buffer>((resolve) => socket.once('data', resolve));
    // A ping of SPDY in a masked binary message.
    const ping = Buffer.from('800300060000000400000001', 'hex');
    socket.write(Buffer.concat([Buffer.of(0x82, 0x80 | ping.length, 0, 0, 0, 0), ping]));
    expect(await answered).toEqual(Buffer.concat([Buffer.of(0x82, ping.length), ping]));
    socket.destroy();
  });

  it('bytes that are no SPDY end the connection', async () => {
    const socket = await spdy('web/portforward', 'portforward.k8s.io');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.resume();
    socket.write(Buffer.from('\x80\x09nonsense that goes on and on'));
    await closed;
  });
});
