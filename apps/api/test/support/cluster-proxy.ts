import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TestCertificate {
  ca: string;
  cert: string;
  key: string;
}

/** A fresh authority and a server's certificate for `names` (subjectAltName syntax), by the machine's openssl. */
export function makeCertificate(names: string, validity: readonly string[] = ['-days', '2']): TestCertificate {
  const folder = mkdtempSync(path.join(tmpdir(), 'fairlead-tls-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  try {
    openssl('req', '-x509', ...fresh, '-days', '2', '-subj', '/CN=test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
    openssl('req', ...fresh, '-subj', '/CN=proxy', '-keyout', 'key.pem', '-out', 'request.pem');
    writeFileSync(path.join(folder, 'names.cnf'), `subjectAltName=${names}\n`);
    openssl(
      'x509',
      '-req',
      '-in',
      'request.pem',
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      ...validity,
      '-extfile',
      'names.cnf',
      '-out',
      'cert.pem',
    );
    const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Stands between Fairlead and a real cluster, and misbehaves when told to. Only bearer tokens get through it. */
export class ClusterProxy {
  /** Drops every Impersonate-* header. */
  strips = false;
  /** Takes requests and never answers. */
  hangs = false;
  /** SubjectAccessReviews that came through. */
  reviews = 0;
  port = 0;
  private server: https.Server | null = null;
  private readonly sockets = new Set<Socket>();
  private readonly agent: https.Agent;

  constructor(
    private readonly certificate: TestCertificate,
    private readonly upstream: { server: string; ca: string },
  ) {
    this.agent = new https.Agent({ ca: upstream.ca, keepAlive: true });
  }

  async start(): Promise<this> {
    const { cert, key } = this.certificate;
    const server = https.createServer({ cert, key }, (request, response) => {
      if (this.hangs) return;
      if (request.url?.endsWith('/subjectaccessreviews')) this.reviews++;
      const headers: string[] = [];
      for (let i = 0; i < request.rawHeaders.length; i += 2) {
        if (this.strips && /^impersonate-/i.test(request.rawHeaders[i]!)) continue;
        headers.push(request.rawHeaders[i]!, request.rawHeaders[i + 1]!);
      }
      const forward = https.request(
        new URL(request.url!, this.upstream.server),
        { method: request.method!, headers, agent: this.agent },
        (answer) => {
          response.writeHead(answer.statusCode!, answer.rawHeaders);
          response.flushHeaders();
          answer.pipe(response);
        },
      );
      forward.on('error', () => response.destroy());
      response.on('close', () => forward.destroy());
      request.pipe(forward);
    });
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Cuts every connection and takes none until `start`. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.stop();
    this.agent.destroy();
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }
}
