import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({ noServer: true, maxPayload: 32 * 1024 * 1024 });
const chosen = new WeakMap<IncomingMessage, string>();
server.on('headers', (headers, request) => {
  const protocol = chosen.get(request);
  if (protocol !== undefined) headers.push(`Sec-WebSocket-Protocol: ${protocol}`);
});

/** The subprotocols that a client offers, its favourite first. */
export const offered = (request: IncomingMessage): string[] =>
  String(request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** Completes the handshake with that subprotocol; '' is one without a name, of which the API server tells in an empty header. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, protocol: string): Promise<WebSocket> {
  chosen.set(request, protocol);
  // Kubernetes has a subprotocol with a slash in its name, which is none by the book: the library must not see it.
  delete request.headers['sec-websocket-protocol'];
  return new Promise((resolve) => server.handleUpgrade(request, socket, head, (websocket) => resolve(websocket)));
}
