import type { Duplex } from 'node:stream';
import { channel } from '@fairlead/kube/protocol';
import type { LiveContainer } from '../kubelet/runtime/container.js';
import type { ConnectRequest } from './handler.js';
import { type Channels, failure, runRemote, type Wanted } from './remote-process.js';
import { acceptWebSocket } from './websocket.js';

/** exec and attach over WebSocket: the first byte of a message is its channel (a digit, and base64 behind it, for the old text protocols). */
export const remoteSubprotocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
];

export async function remoteOverWebSocket(
  live: LiveContainer | string,
  wanted: Wanted,
  protocol: string,
  { request }: ConnectRequest,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const websocket = await acceptWebSocket(request, socket, head, protocol);
  const speaks = codec(protocol);
  const send = (to: number, data: Buffer): void => websocket.send(speaks.encode(to, data));
  const channels: Channels = {
    prefix: 'Internal error occurred: ',
    stdout: (data) => void (wanted.stdout && send(channel.stdout, data)),
    stderr: (data) => void (wanted.stderr && send(channel.stderr, data)),
    end: (status) => {
      if (speaks.hasStatus) send(channel.error, Buffer.from(JSON.stringify(status)));
      websocket.close(1000);
    },
  };
  const mute = !wanted.stdin && !wanted.stdout && !wanted.stderr;
  // The first thing that is said is nothing: clients wait for it.
  send(wanted.stdout ? channel.stdout : channel.error, Buffer.alloc(0));
  if (mute || typeof live === 'string') {
    const why = mute ? 'you must specify at least 1 of stdin, stdout, stderr' : String(live).replace('unable to upgrade connection: ', '');
    channels.end(failure(`unable to upgrade connection: ${why}`));
    return;
  }
  const remote = runRemote(live, wanted, channels);
  websocket.on('message', (message: Buffer) => {
    const frame = speaks.decode(message);
    if (!frame) return;
    if (frame.to === channel.stdin && wanted.stdin) remote.stdin(frame.data);
    else if (frame.to === channel.resize) resize(frame.data, remote.resize);
    else if (frame.to === channel.close && frame.data[0] === channel.stdin) remote.stdin(undefined);
  });
  websocket.on('close', () => remote.gone());
  websocket.on('error', () => websocket.terminate());
}

/** A terminal's new size, as `{"Width":80,"Height":24}`. */
export function resize(data: Buffer, apply: (columns: number, rows: number) => void): void {
  try {
    const { Width, Height } = JSON.parse(data.toString('utf8')) as { Width?: unknown; Height?: unknown };
    if (typeof Width === 'number' && typeof Height === 'number') apply(Width, Height);
  } catch {
    // Not a size: nothing to do.
  }
}

interface Codec {
  hasStatus: boolean;
  encode(to: number, data: Buffer): Buffer | string;
  decode(message: Buffer): { to: number; data: Buffer } | undefined;
}

function codec(protocol: string): Codec {
  const hasStatus = protocol.startsWith('v');
  if (protocol.includes('base64')) {
    return {
      hasStatus,
      encode: (to, data) => `${to}${data.toString('base64')}`,
      decode: (message) =>
        message.length === 0 ? undefined : { to: (message[0] ?? 48) - 48, data: Buffer.from(message.toString('latin1', 1), 'base64') },
    };
  }
  return {
    hasStatus,
    encode: (to, data) => Buffer.concat([Buffer.of(to), data]),
    decode: (message) => (message.length === 0 ? undefined : { to: message[0] ?? 0, data: message.subarray(1) }),
  };
}
