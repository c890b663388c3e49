import type { Duplex } from 'node:stream';
import type { Nodes } from '../kubelet/index.js';
import { badRequest, internal } from '../machinery/api-error.js';
import type { Clock } from '../machinery/clock.js';
import type { ConnectHandler, ConnectRequest } from './handler.js';
import { serveLog } from './log.js';
import { logOverWebSocket, logSubprotocols } from './log-websocket.js';
import {
  forwardOverChannels,
  forwardOverSpdy,
  forwardOverTunnel,
  forwardProtocol,
  forwardSubprotocols,
  forwardTarget,
  tunnelPrefix,
} from './port-forward.js';
import { noNodeProxy, serveProxy } from './proxy.js';
import { target, wanted } from './remote-process.js';
import { offeredSpdy, remoteOverSpdy, remoteSpdyProtocols } from './remote-spdy.js';
import { remoteOverWebSocket, remoteSubprotocols } from './remote-websocket.js';
import { offered } from './websocket.js';

export interface StreamsContext {
  nodes: Nodes;
  clock: Clock;
}

/** log, exec, attach, portforward and proxy of the pretend pods. */
export function podStreams(context: StreamsContext): ConnectHandler {
  return {
    http(connect, response) {
      const { subresource, parent } = connect;
      if (subresource === 'log') return serveLog(context, connect, response);
      if (subresource !== 'proxy') throw badRequest('Upgrade request required');
      if (parent.kind === 'Node') throw noNodeProxy();
      return serveProxy(context, connect, response);
    },
    upgrade(connect, socket, head) {
      const { subresource } = connect;
      if (subresource === 'portforward') return forward(context, connect, socket, head);
      if (subresource === 'exec' || subresource === 'attach') return remote(context, connect, socket, head);
      if (subresource === 'log' && isWebSocket(connect)) return log(context, connect, socket, head);
      throw badRequest('the server does not upgrade this');
    },
  };
}

const isWebSocket = ({ request }: ConnectRequest): boolean => request.headers.upgrade?.toLowerCase() === 'websocket';

function remote({ nodes }: StreamsContext, connect: ConnectRequest, socket: Duplex, head: Buffer): void | Promise<void> {
  const options = wanted(connect);
  const live = target(nodes, connect);
  if (isWebSocket(connect)) {
    const protocols = offered(connect.request);
    const protocol = remoteSubprotocols.find((each) => protocols.includes(each)) ?? (protocols.length === 0 ? '' : undefined);
    if (protocol === undefined) return refuseHandshake(socket);
    return remoteOverWebSocket(live, options, protocol, connect, socket, head);
  }
  if (!options.stdin && !options.stdout && !options.stderr) throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  if (typeof live === 'string') throw internal(live);
  const protocols = offeredSpdy(connect);
  const protocol = remoteSpdyProtocols.find((each) => protocols.includes(each)) ?? 'channel.k8s.io';
  remoteOverSpdy(live, options, protocol, connect, socket, head);
}

function log(context: StreamsContext, connect: ConnectRequest, socket: Duplex, head: Buffer): void | Promise<void> {
  const protocols = offered(connect.request);
  const protocol = protocols.length === 0 ? '' : logSubprotocols.find((each) => protocols.includes(each));
  if (protocol === undefined) return refuseHandshake(socket);
  return logOverWebSocket(context, protocol, connect, socket, head);
}

function forward(context: StreamsContext, connect: ConnectRequest, socket: Duplex, head: Buffer): void | Promise<void> {
  const pod = forwardTarget(context.nodes, connect);
  if (!isWebSocket(connect)) return forwardOverSpdy(context, pod, socket, head);
  const protocols = offered(connect.request);
  const tunnelled = `${tunnelPrefix}${forwardProtocol}`;
  if (protocols.includes(tunnelled)) return forwardOverTunnel(context, pod, tunnelled, connect, socket, head);
  const protocol = forwardSubprotocols.find((each) => protocols.includes(each));
  if (!protocol) return refuseHandshake(socket);
  return forwardOverChannels(context, pod, protocol, connect, socket, head);
}

/** The API server's WebSocket library knows no other answer to subprotocols that it does not speak. */
function refuseHandshake(socket: Duplex): void {
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
}
