import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ClusterConnection } from '../src/connection.js';
import type { TestCertificate } from './certificates.js';

export type Script = (request: IncomingMessage, response: ServerResponse) => void;

/** Stands for an API server: does what its script says, remembers raw request lines and headers, and can be cut off and come back. */
export class ScriptedServer {
  readonly requests: { method: string; url: string; rawHeaders: string[]; body: string }[] = [];
  connections = 0;
  port = 0;
  script: Script = (_request, response) => response.writeHead(404).end();
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly certificate: TestCertificate) {}

  async start(): Promise<this> {
    const { cert, key } = this.certificate;
    const server = createServer({ cert, key }, (request, response) => {
      const chunks: Buffer[] = [];
      const entry = { method: request.method ?? '', url: request.url ?? '', rawHeaders: request.rawHeaders, body: '' };
      this.requests.push(entry);
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        entry.body = Buffer.concat(chunks).toString();
        this.script(request, response);
      });
    });
    server.on('connection', (socket: Socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Every connection is reset, and none is taken, until `start`. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  connection(change: Partial<ClusterConnection> = {}): ClusterConnection {
    return { server: `https://127.0.0.1:${this.port}`, ca: this.certificate.ca, auth: { token: 'test-token' }, ...change };
  }

  /** The values of a header, one for each line that came. */
  headerLines(index: number, name: string): string[] {
    const raw = this.requests.at(index)?.rawHeaders ?? [];
    return raw.filter((_, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === name);
  }
}

export function json(response: ServerResponse, code: number, value: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
