import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Nodes } from '../kubelet/index.js';
import type { Pod } from '../kubelet/pod.js';
import { badRequest, internal } from '../machinery/api-error.js';
import type { Clock } from '../machinery/clock.js';
import type { ConnectRequest } from './handler.js';
import { dial } from './pod-port.js';
import { runtimeOf } from './pods.js';
import { accept } from './remote-spdy.js';
import { SpdyConnection, type SpdyStream } from './spdy/connection.js';
import { acceptWebSocket } from './websocket.js';

export const forwardProtocol = 'portforward.k8s.io';
export const tunnelPrefix = 'SPDY/3.1+';
export const forwardSubprotocols = ['v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];

interface World {
  nodes: Nodes;
  clock: Clock;
}

/** Throws what the API server says where nothing can be forwarded to. */
export function forwardTarget(nodes: Nodes, { parent }: ConnectRequest): Pod {
  const pod = parent as unknown as Pod;
  if (!pod.spec.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  if (!runtimeOf(nodes, pod)) throw internal('unable to upgrade connection: pod does not exist');
  return pod;
}

export function forwardOverSpdy(world: World, pod: Pod, socket: Duplex, head: Buffer): void {
  accept(socket, forwardProtocol);
  speak(world, pod, socket).push(head);
}

/** kubectl's way since 1.31: the bytes of SPDY in binary messages. */
export async function forwardOverTunnel(
  world: World,
  pod: Pod,
  protocol: string,
  { request }: ConnectRequest,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const websocket = await acceptWebSocket(request, socket, head, protocol);
  speak(world, pod, tunnel(websocket));
}

function tunnel(websocket: WebSocket): Duplex {
  const stream = new Duplex({
    read() {},
    write: (chunk: Buffer, _, done) => websocket.send(chunk, { binary: true }, () => done()),
    final(done) {
      websocket.close(1000);
      done();
    },
    destroy(error, done) {
      websocket.terminate();
      done(error);
    },
  });
  websocket.on('message', (data: Buffer) => stream.push(data));
  websocket.on('close', () => {
    stream.push(null);
    stream.destroy();
  });
  websocket.on('error', () => stream.destroy());
  return stream;
}

/** Pairs of streams with the same request id: one for data, one for errors. */
function speak({ nodes, clock }: World, pod: Pod, transport: Duplex): SpdyConnection {
  const pairs = new Map<string, { error?: SpdyStream; data?: SpdyStream }>();
  const open = new Set<Duplex>();
  const connection = new SpdyConnection(
    transport,
    (stream) => {
      const { streamtype = '', requestid = '', port = '' } = stream.headers;
      const pair = pairs.get(requestid) ?? {};
      pairs.set(requestid, pair);
      if (streamtype === 'error') pair.error = stream;
      else pair.data = stream;
      if (!pair.error || !pair.data) return;
      pairs.delete(requestid);
      forward(nodes, clock, pod, Number(port), pair.data, pair.error, open);
    },
    () => {
      for (const each of open) each.destroy();
    },
  );
  return connection;
}

function forward(nodes: Nodes, clock: Clock, pod: Pod, port: number, data: SpdyStream, error: SpdyStream, open: Set<Duplex>): void {
  const reached = nodes.reachPod(pod, port);
  if (reached.is !== 'open') {
    error.write(Buffer.from(refusal(pod, port)));
    error.end();
    data.end();
    return;
  }
  const connection = dial(reached, clock);
  open.add(connection);
  data.onData = (piece) => {
    if (!piece) connection.end();
    else if (nodes.reachPod(pod, port).is === 'open') connection.write(piece);
    else {
      connection.destroy(); // the container, and its end of the connection, are gone
      data.end();
      error.end();
    }
  };
  data.onReset = () => connection.destroy();
  connection.on('data', (piece: Buffer) => data.write(piece));
  connection.on('close', () => open.delete(connection));
  connection.on('end', () => {
    data.end();
    error.end();
  });
}

function refusal({ metadata, status }: Pod, port: number): string {
  const id = (status?.containerStatuses?.[0]?.containerID ?? '').replace(/^\w+:\/\//, '') || '0';
  const inside = `/var/run/netns/cni-${metadata.uid}`;
  return `error forwarding port ${port} to pod ${id}, uid : failed to execute portforward in network namespace "${inside}": failed to connect to localhost:${port} inside namespace "${id}", IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused IPv6 dial tcp6: address localhost: no suitable address found `;
}

/** The old way without SPDY: `?ports=`, two channels for each, their first message is the port. */
export async function forwardOverChannels(
  world: World,
  pod: Pod,
  protocol: string,
  { request, query }: ConnectRequest,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const ports = query
    .getAll('ports')
    .flatMap((each) => each.split(','))
    .map(Number);
  if (ports.length === 0 || ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535))
    throw badRequest('query parameter "ports" is required');
  const websocket = await acceptWebSocket(request, socket, head, protocol);
  const text = protocol.includes('base64');
  const send = (to: number, data: Buffer): void =>
    websocket.send(text ? `${to}${data.toString('base64')}` : Buffer.concat([Buffer.of(to), data]));
  const open = new Set<Duplex>();
  // As the node does: with the last connection the WebSocket ends.
  const ended = (connection: Duplex): void => {
    open.delete(connection);
    if (open.size === 0) websocket.close(1000);
  };
  const connections = ports.map((port, index) => {
    const number = Buffer.alloc(2);
    number.writeUInt16LE(port);
    send(index * 2, number);
    send(index * 2 + 1, number);
    const reached = world.nodes.reachPod(pod, port);
    if (reached.is !== 'open') {
      send(index * 2 + 1, Buffer.from(refusal(pod, port)));
      return undefined;
    }
    const connection = dial(reached, world.clock);
    open.add(connection);
    connection.on('data', (piece: Buffer) => send(index * 2, piece));
    connection.on('end', () => ended(connection)).on('close', () => ended(connection));
    return connection;
  });
  if (open.size === 0) websocket.close(1000);
  websocket.on('message', (message: Buffer) => {
    const to = text ? (message[0] ?? 48) - 48 : (message[0] ?? 0);
    const connection = to % 2 === 0 ? connections[to / 2] : undefined;
    if (!connection) return;
    if (world.nodes.reachPod(pod, ports[to / 2] ?? 0).is === 'open')
      connection.write(text ? Buffer.from(message.toString('latin1', 1), 'base64') : message.subarray(1));
    else connection.destroy();
  });
  websocket.on('close', () => {
    for (const each of connections) each?.destroy();
  });
  websocket.on('error', () => websocket.terminate());
}
