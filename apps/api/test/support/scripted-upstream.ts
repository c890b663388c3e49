import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { doorCertificate } from '../../src/door/certificate.js';

export interface Recorded {
  method: string;
  url: string;
  rawHeaders: string[];
  body: string;
  upgrade: boolean;
}

/** Stands for kube-apiserver: plays Fairlead's own accounts' part by itself, records whatever comes for a person, and answers that by `script`. */
export class ScriptedUpstream {
  /** Requests that act as a person, as they came. */
  readonly requests: Recorded[] = [];
  /** What the cluster says to access reviews by Fairlead's observer. */
  allows: (spec: { user: string; resourceAttributes: Record<string, string> }) => boolean = () => true;
  script: (req: IncomingMessage, res: ServerResponse, body: string) => void = (_, res) =>
    json(res, 200, { kind: 'PodList', apiVersion: 'v1', items: [] });
  upgrade: (req: IncomingMessage, socket: Duplex, head: Buffer) => void = (_, socket) => socket.destroy();
  ca = '';
  private server!: Server;
  private folder = '';
  private readonly sockets = new Set<Duplex>();

  async start(): Promise<this> {
    this.folder = await mkdtemp(path.join(os.tmpdir(), 'fairlead-upstream-'));
    const { caPem, certPem, keyPem } = await doorCertificate(this.folder, ['127.0.0.1'], new Date());
    this.ca = caPem;
    this.server = createServer({ cert: certPem, key: keyPem, maxHeaderSize: 64 * 1024 });
    this.server.on('request', (req, res) => void this.take(req, res).catch(() => {})); // a request that broke off
    this.server.on('upgrade', (req, socket, head) => {
      socket.on('error', () => {});
      this.requests.push({ method: req.method!, url: req.url!, rawHeaders: req.rawHeaders, body: '', upgrade: true });
      this.upgrade(req, socket, head);
    });
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    await rm(this.folder, { recursive: true });
  }

  private async take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of req.on('error', () => {})) body += String(chunk);
    const as = req.headers['impersonate-user'];
    if (as === undefined || String(as).endsWith(':canary')) {
      this.own(req, res, body);
      return;
    }
    this.requests.push({ method: req.method!, url: req.url!, rawHeaders: req.rawHeaders, body, upgrade: false });
    this.script(req, res, body);
  }

  /** What Fairlead asks for itself. */
  private own(req: IncomingMessage, res: ServerResponse, body: string): void {
    const url = req.url ?? '';
    const account = /serviceaccounts\/(\w+)\/token/.exec(url)?.[1];
    const watched = url.includes('watch=');
    if (account) json(res, 201, { kind: 'TokenRequest', spec: { expirationSeconds: 3600 }, status: { token: `canary-${account}-token` } });
    else if (url.startsWith('/version')) json(res, 200, { major: '1', minor: '34', gitVersion: 'v1.34.0' });
    else if (url.includes('selfsubjectreviews')) json(res, 201, selfReview(req));
    else if (url.includes('/subjectaccessreviews'))
      json(res, 201, {
        kind: 'SubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        status: { allowed: this.allows(JSON.parse(body).spec) },
      });
    else if (url.startsWith('/api/v1/namespaces') && String(req.headers.authorization).includes('impersonator'))
      json(res, 403, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', code: 403 });
    else if (watched) res.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    else json(res, req.method === 'GET' ? 200 : 201, { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: [] });
  }
}

function selfReview({ headers }: IncomingMessage): object {
  const lines = (name: string) => [headers[name] ?? []].flat();
  const userInfo = {
    username: headers['impersonate-user'],
    groups: lines('impersonate-group'),
    extra: { 'fairlead.dev/token': lines('impersonate-extra-fairlead.dev%2ftoken') },
  };
  return { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', status: { userInfo } };
}

export function json(res: ServerResponse, code: number, value: unknown): void {
  res.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** The values of a header as they came, one for each line. */
export const headerLines = ({ rawHeaders }: Recorded, name: string): string[] =>
  rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]!.toLowerCase() === name);
