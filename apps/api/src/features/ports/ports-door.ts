import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config.js';
import { Origins } from '../../platform/http/origins.js';
import { onlyHeader, sourceAddress } from '../../platform/http/request.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { linkPath } from './link.js';
import type { LiveOpening } from './live-opening.js';
import { Openings, titleOf } from './openings.js';
import { pass, passUpgrade } from './passage.js';
import { headersFromApp, type Way } from './passed-headers.js';
import { labelOf } from './port-hosts.js';
import { comesFromElsewhere } from './same-site.js';
import { Trouble } from './trouble.js';
import { type Asked, sendTrouble, troubleOf } from './trouble-page.js';

/**
 * The front door of opened ports. Every request whose Host is one of theirs comes here and nowhere else: nothing of Fairlead's own is reached on such a
 * host name, and nothing of Fairlead's is sent there.
 */
@Injectable()
export class PortsDoor {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly openings: Openings,
    private readonly origins: Origins,
  ) {}

  /** Is this Host header an opened port's, or could it be? */
  claims(host: string | null | undefined): boolean {
    return typeof host === 'string' && /^p-/i.test(host) && labelOf(this.openings.site, host) !== null;
  }

  handleRequest(req: IncomingMessage, res: ServerResponse): void {
    void this.serve(req, res).catch((error: unknown) => this.fail(req, res, error, ''));
  }

  handleUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {}); // its close follows
    void this.serveUpgrade(req, socket, head).catch((error: unknown) => this.fail(req, onSocket(req, socket), error, ''));
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { way, label } = this.wayOf(req);
    if ((req.url ?? '').split('?')[0] === linkPath) return this.redeem(req, res, label, way);
    const opening = await this.admit(req, label, way);
    if (res.destroyed) return;
    pass(req, res, opening, way, { failed: (error) => this.fail(req, res, error, titleOf(opening.target)) });
  }

  private async serveUpgrade(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { way, label } = this.wayOf(req);
    if (req.method !== 'GET' || req.headers.upgrade?.toLowerCase() !== 'websocket')
      throw new Trouble('bad_request', 'Only WebSocket is spoken here.');
    const opening = await this.admit(req, label, way);
    if (socket.destroyed) return;
    const quiet = socket as Socket;
    quiet.setTimeout(0);
    quiet.setNoDelay(true);
    passUpgrade(req, socket, head, opening, way, {
      failed: (error) => this.fail(req, onSocket(req, socket), error, titleOf(opening.target)),
      answered: (answer) => relay(answer, onSocket(req, socket)),
    });
  }

  /** The browser's first request: the token becomes a cookie of this host name alone, and leaves the address. */
  private async redeem(req: IncomingMessage, res: ServerResponse, label: string, { scheme }: Way): Promise<void> {
    if (req.method !== 'GET') throw new Trouble('bad_request', 'A link is opened by GET.');
    const token = new URLSearchParams((req.url ?? '').split('?')[1] ?? '').get('link') ?? '';
    const { secret, row } = await this.openings.redeem(label, token);
    const maxAge = Math.max(1, Math.floor((row.expiresAt.getTime() - row.createdAt.getTime()) / 1000));
    const secure = scheme === 'https:' ? '; Secure' : '';
    res
      .writeHead(302, {
        location: '/',
        'set-cookie': `${cookieName(scheme)}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAge}${secure}`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-length': 0,
      })
      .end();
  }

  private async admit(req: IncomingMessage, label: string, { host, scheme }: Way): Promise<LiveOpening> {
    if (!(req.url ?? '').startsWith('/')) throw new Trouble('bad_request', 'The request target must be a path.');
    const secret = cookieOf(req, cookieName(scheme));
    if (secret !== null && comesFromElsewhere(req.headers, req.method ?? '', `${scheme}//${host}`)) throw new Trouble('other_site');
    return this.openings.at(label, secret);
  }

  private wayOf(req: IncomingMessage): { way: Way; label: string } {
    const { site } = this.openings;
    const host = (onlyHeader(req, 'host') ?? '').toLowerCase();
    const label = labelOf(site, host);
    if (!site.available || label === null) throw new Trouble('not_open');
    const scheme = site.scheme === 'https:' || 'encrypted' in req.socket ? 'https:' : 'http:';
    return { label, way: { host, scheme, sourceAddress: sourceAddress(req, this.config.trustedProxies) } };
  }

  private fail(req: IncomingMessage, res: ServerResponse, error: unknown, target: string): void {
    const trouble = error instanceof Trouble ? error : troubleOf(error);
    if (trouble.code === 'broken' || trouble.code === 'failed') this.logger.warn({ error }, 'a request to an opened port failed');
    const asked: Asked = { method: req.method ?? '', accept: req.headers.accept ?? '', target, home: this.origins.publicUrl };
    sendTrouble(res, trouble, asked);
  }
}

const cookieName = (scheme: Way['scheme']): string => (scheme === 'https:' ? '__Host-fairlead-port' : 'fairlead-port');

/** null when it is not there, or twice. */
function cookieOf(req: IncomingMessage, name: string): string | null {
  const found = (req.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`));
  const value = found.length === 1 ? found[0]!.slice(name.length + 1) : '';
  return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : null;
}

/** An ordinary answer to an upgrade; the connection ends with it. */
function relay(answer: IncomingMessage, res: ServerResponse): void {
  answer.on('error', () => res.destroy());
  res.writeHead(answer.statusCode ?? 502, headersFromApp(answer.rawHeaders));
  answer.pipe(res);
}

function onSocket(req: IncomingMessage, socket: Duplex): ServerResponse {
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(socket as Socket);
  res.once('finish', () => socket.end(() => socket.destroy()));
  return res;
}
