import type { Duplex } from 'node:stream';
import type { ConnectRequest } from './handler.js';
import { type LogContext, openLog } from './log.js';
import { acceptWebSocket } from './websocket.js';

/** A client that offers none gets the binary one, unnamed. */
export const logSubprotocols = ['binary.k8s.io', 'base64.binary.k8s.io'];
const atOnce = 2048;

/** pods/log over WebSocket: an empty message, then the log in pieces; what the client says is not heard. */
export async function logOverWebSocket(
  context: LogContext,
  protocol: string,
  connect: ConnectRequest,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const { pour } = openLog(context, connect);
  const websocket = await acceptWebSocket(connect.request, socket, head, protocol);
  const say = (data: Buffer): void => websocket.send(protocol.startsWith('base64') ? data.toString('base64') : data);
  websocket.on('error', () => websocket.terminate());
  say(Buffer.alloc(0));
  pour({
    write(data) {
      for (let at = 0; at < data.length; at += atOnce) say(data.subarray(at, at + atOnce));
    },
    end: () => websocket.close(1000),
    onClose: (listener) => void websocket.on('close', listener),
  });
}
