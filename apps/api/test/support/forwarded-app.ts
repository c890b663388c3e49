import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { KeptConnections } from './kept-connections.js';
import { json } from './scripted-upstream.js';

/** A program in a pod: it tells what it was asked, answers much when asked for much, and echoes on a WebSocket. */
export class ForwardedApp {
  private readonly sockets = new WebSocketServer({ noServer: true });
  readonly kept = new KeptConnections();
  private readonly server: Server = createServer((req, res) => {
    if (this.kept.ends(req.socket)) return;
    if (req.url === '/big') res.end(Buffer.alloc(bigBytes, 'x'));
    else if (req.url === '/cookie')
      res.writeHead(200, { 'set-cookie': ['sid=1; Domain=localhost; Path=/', 'fairlead=stolen; Path=/'] }).end();
    else if (req.url === '/forever') res.writeHead(200).write('begun');
    else {
      let bytes = 0;
      req.on('data', (chunk: Buffer) => (bytes += chunk.length));
      req.on('end', () => json(res, 200, { method: req.method, url: req.url, headers: req.headers, bytes }));
    }
  });

  constructor() {
    this.server.on('upgrade', (req, socket, head) => {
      if (this.kept.ends(socket)) return;
      this.sockets.handleUpgrade(req, socket, head, (websocket) =>
        websocket.on('message', (message, isBinary) => websocket.send(message, { binary: isBinary })),
      );
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

export const bigBytes = 20 * 1024 * 1024;

/** The node's part of port-forward by channels: whatever port is asked for, the connection goes to `to`, or nothing listens. */
export function forwardByChannels(req: IncomingMessage, socket: Duplex, head: Buffer, to: number | null): void {
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
  server.handleUpgrade(req, socket, head, (websocket) => {
    const port = Buffer.alloc(2);
    port.writeUInt16LE(Number(new URL(req.url ?? '', 'http://x').searchParams.get('ports')));
    const send = (channel: number, data: Buffer | string) => websocket.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]));
    for (const channel of [0, 1]) send(channel, port);
    if (to === null) {
      send(1, 'dial tcp4 127.0.0.1: connect: connection refused');
      websocket.close();
      return;
    }
    const connection = connect(to, '127.0.0.1');
    connection.on('data', (data: Buffer) => send(0, data));
    connection.on('close', () => websocket.close());
    connection.on('error', () => websocket.close());
    websocket.on('message', (message: Buffer) => connection.write(message.subarray(1)));
    websocket.on('close', () => connection.destroy());
  });
}
