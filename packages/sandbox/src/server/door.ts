import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { canonicalTarget, parseQuery, type RequestInfo, requestInfo, TargetError } from '@fairlead/kube/protocol';
import { ApiError, badRequest } from '../machinery/api-error.js';
import type { UserInfo } from '../machinery/user.js';
import type { Credentials } from './access.js';
import { answerError } from './answer.js';
import { connectUpgraded } from './connect.js';
import type { DoorContext } from './door-context.js';
import type { Exchange } from './exchange.js';
import type { Identity } from './identity.js';
import { answerNoPage, serveNonResource } from './nonresource.js';
import { noSuchResource, notAllowed } from './refusal.js';
import { serveResource } from './resource.js';

const requestMs = 60_000;

/** The HTTPS door: who asks, what for, may they; then the handler. One place where errors become Statuses. */
export class Door {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly certificates = new WeakMap<TLSSocket, Pick<Credentials, 'certificate' | 'foreignCertificate'>>();

  constructor(
    private readonly context: DoorContext,
    identity: Identity,
  ) {
    this.server = createServer(
      {
        cert: identity.server.certificate,
        key: identity.server.key,
        ca: identity.authority.certificate,
        requestCert: true,
        rejectUnauthorized: false, // who comes without, or with a foreign one, is told 401 or is anonymous
        minVersion: 'TLSv1.2',
        requestTimeout: requestMs,
        headersTimeout: requestMs,
        keepAliveTimeout: 180_000,
        maxHeaderSize: 64 * 1024,
      },
      (request, response) => void this.serve(request, response), // never rejects
    );
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void this.upgrade(request, socket, head));
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.server.on('tlsClientError', () => {}); // a client that does not like us, or is none
  }

  /** Answers the port. */
  listen(port: number, host = '127.0.0.1'): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Ends every watch and stream, then every connection. */
  close(): Promise<void> {
    this.context.watches.close();
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeIdleConnections();
      // The machine's time, whatever the cluster's: what was said last may leave.
      setTimeout(() => {
        for (const socket of this.sockets) socket.destroy();
      }, 200).unref();
    });
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const warnings = new Set<string>();
    response.setHeader('Audit-Id', auditId(request));
    response.setHeader('Cache-Control', 'no-cache, private');
    try {
      const exchange = { ...this.admitted(request), response, warnings };
      await this.handled(exchange);
    } catch (error) {
      if (request.destroyed && !request.complete) return; // it went away while it was read
      await answerError({ request, response, warnings }, error);
    }
  }

  private handled(exchange: Exchange): void | Promise<void> {
    if (!isRouted(exchange.target)) return answerNoPage(this.context, exchange);
    return exchange.info.isResourceRequest ? serveResource(this.context, exchange) : serveNonResource(this.context, exchange);
  }

  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => {}); // its handler sees the close
    try {
      const exchange = { ...this.admitted(request), response: undefined as unknown as ServerResponse, warnings: new Set<string>() };
      if (!isRouted(exchange.target)) throw noSuchResource();
      if (!exchange.info.isResourceRequest) throw badRequest('Upgrade request required for a stream only');
      await connectUpgraded(this.context, exchange, socket, head);
    } catch (error) {
      refuseUpgrade(socket, error);
    }
  }

  /** Throws 400, 401, 403. */
  private admitted(request: IncomingMessage): Omit<Exchange, 'response' | 'warnings'> {
    const target = targetOf(request);
    const info = infoOf(request, target);
    const user = this.authenticated(request);
    const { allowed, reason } = this.context.access.authorize(user, info);
    if (!allowed) throw notAllowed(user, info, reason);
    return { request, target, info, user };
  }

  private authenticated(request: IncomingMessage): UserInfo {
    return this.context.access.authenticate({
      headers: request.headers,
      headerLines: request.headersDistinct,
      ...this.shown(request.socket as TLSSocket),
    });
  }

  /** Once for a connection: it cannot change on the way. */
  private shown(socket: TLSSocket): Pick<Credentials, 'certificate' | 'foreignCertificate'> {
    const known = this.certificates.get(socket);
    if (known) return known;
    const certificate = socket.getPeerX509Certificate();
    const found = {
      foreignCertificate: certificate !== undefined && !socket.authorized,
      ...(certificate && socket.authorized ? { certificate } : {}),
    };
    this.certificates.set(socket, found);
    return found;
  }
}

function targetOf(request: IncomingMessage): Exchange['target'] {
  try {
    return canonicalTarget(request.url ?? '/');
  } catch (error) {
    if (error instanceof TargetError && foldable.has(error.reason)) return unrouted(request.url ?? '/');
    if (error instanceof TargetError) throw badRequest(error.message);
    throw error;
  }
}

const foldable: ReadonlySet<string> = new Set(['empty segment', 'dot segment']);

/** Rights are asked for such a path as for any other, but no route leads there: the API server folds nothing. */
function unrouted(url: string): Exchange['target'] {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  return { path, query, target: url, decodedPath: path, segments: [], params: parseQuery(query, 'lenient') };
}

const isRouted = ({ path, segments }: Exchange['target']): boolean => path === '/' || segments.length > 0;

function infoOf(request: IncomingMessage, target: Exchange['target']): RequestInfo {
  try {
    return requestInfo(request.method ?? 'GET', { path: target.decodedPath, params: target.params });
  } catch (error) {
    if (error instanceof TargetError) throw badRequest(error.message);
    throw error;
  }
}

const auditId = ({ headers }: IncomingMessage): string => {
  const given = headers['audit-id'];
  return typeof given === 'string' && given !== '' ? given.slice(0, 64) : randomUUID();
};

/** A Status on a socket that no response object stands for. */
function refuseUpgrade(socket: Duplex, error: unknown): void {
  if (!(error instanceof ApiError)) console.error('sandbox: a stream failed by a mistake of its own:', error);
  const refused =
    error instanceof ApiError ? error.status : { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 500 };
  const body = `${JSON.stringify(refused)}\n`;
  const head = [`HTTP/1.1 ${refused.code} ${refused.code === 403 ? 'Forbidden' : 'Refused'}`, 'Content-Type: application/json'];
  socket.end(`${[...head, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
}
