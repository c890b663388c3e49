import type { Duplex } from 'node:stream';
import type { LiveContainer } from '../kubelet/runtime/container.js';
import type { ConnectRequest } from './handler.js';
import { type Remote, runRemote, type Wanted } from './remote-process.js';
import { resize } from './remote-websocket.js';
import { SpdyConnection, type SpdyStream } from './spdy/connection.js';

/** exec and attach over SPDY/3.1: a stream of its own for each of error, stdin, stdout, stderr and resize; it begins when all that were asked for are there. */
export const remoteSpdyProtocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];

export function remoteOverSpdy(
  live: LiveContainer,
  wanted: Wanted,
  protocol: string,
  _: ConnectRequest,
  socket: Duplex,
  head: Buffer,
): void {
  accept(socket, protocol);
  const version = Number(/^v(\d)/.exec(protocol)?.[1] ?? 1);
  const streams = new Map<string, SpdyStream>();
  const waiting: { type: string; data: Buffer | undefined }[] = [];
  let remote: Remote | undefined;
  const names = [
    'error',
    ...(wanted.stdin ? ['stdin'] : []),
    ...(wanted.stdout ? ['stdout'] : []),
    ...(wanted.stderr && !wanted.tty ? ['stderr'] : []),
  ];
  const expected = wanted.tty && version >= 3 ? [...names, 'resize'] : names;
  const take = (type: string, data: Buffer | undefined): void => {
    if (!remote) waiting.push({ type, data });
    else if (type === 'stdin') remote.stdin(data);
    else if (type === 'resize' && data)
      for (const line of data.toString('utf8').split('\n')) if (line !== '') resize(Buffer.from(line), remote.resize);
  };
  const begin = (): void => {
    remote = runRemote(live, wanted, {
      prefix: '',
      stdout: (data) => streams.get('stdout')?.write(data),
      stderr: (data) => (streams.get('stderr') ?? streams.get('stdout'))?.write(data),
      end: (status) => {
        const failed = (status as { status: string }).status !== 'Success';
        const text = version >= 4 ? JSON.stringify(status) : failed ? (status as { message: string }).message : '';
        if (text !== '') streams.get('error')?.write(Buffer.from(text));
        for (const stream of streams.values()) stream.end();
        connection.close();
      },
    });
    for (const { type, data } of waiting.splice(0)) take(type, data);
  };
  const connection: SpdyConnection = new SpdyConnection(
    socket,
    (stream) => {
      const type = stream.headers.streamtype ?? '';
      streams.set(type, stream);
      stream.onData = (data) => take(type, data);
      if (!remote && expected.every((each) => streams.has(each))) begin();
    },
    () => remote?.gone(),
  );
  connection.push(head);
}

/** Answers the upgrade. */
export function accept(socket: Duplex, protocol: string): void {
  const head = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${protocol}`];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
}

/** What a client offers in X-Stream-Protocol-Version, which may come more than once. */
export const offeredSpdy = ({ request }: ConnectRequest): string[] =>
  request.rawHeaders
    .flatMap((name, index, all) =>
      index % 2 === 0 && name.toLowerCase() === 'x-stream-protocol-version' ? (all[index + 1] ?? '').split(',') : [],
    )
    .map((each) => each.trim());
