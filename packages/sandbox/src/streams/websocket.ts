import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

const server = new WebSocketServer({
  noServer: true,
  maxPayload: 32 * 1024 * 1024,
  handleProtocols: (_, request) => chosen.get(request) ?? false,
});
const chosen = new WeakMap<IncomingMessage, string>();

/** The subprotocols that a client offers, its favourite first. */
export const offered = (request: IncomingMessage): string[] =>
  String(request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');

/** Completes the handshake with that subprotocol. */
export function acceptWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer, protocol: string): Promise<WebSocket> {
  chosen.set(request, protocol);
  return new Promise((resolve) => server.handleUpgrade(request, socket, head, (websocket) => resolve(websocket)));
}
