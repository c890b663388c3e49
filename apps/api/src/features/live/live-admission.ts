import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { toAppError } from '../../platform/http/error.filter.js';
import { Origins } from '../../platform/http/origins.js';
import { onlyHeader, sourceAddress } from '../../platform/http/request.js';
import { AuditLog, anonymous } from '../audit/index.js';
import { Authenticator, type Caller, SecurityChanges } from '../auth/index.js';
import type { Peer } from './live-connection.js';
import { LiveConnections, maxStaleMs } from './live-connections.js';

const maxSocketsPerCaller = 50;

/**
 * Who may open the live socket: a session cookie with exactly our Origin, or one bearer token. Decided before the protocol is switched, so a
 * refusal is an HTTP answer. Credentials in the query are not taken.
 */
@Injectable()
export class LiveAdmission {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly origins: Origins,
    private readonly authenticator: Authenticator,
    private readonly changes: SecurityChanges,
    private readonly connections: LiveConnections,
    private readonly audit: AuditLog,
  ) {}

  /** @throws AppError; the refusal is in the audit log then */
  async admit(req: IncomingMessage): Promise<{ caller: Caller; peer: Peer }> {
    const peer = { sourceAddress: sourceAddress(req, this.config.trustedProxies), userAgent: req.headers['user-agent'] ?? '' };
    try {
      return { caller: await this.authenticate(req), peer };
    } catch (error) {
      const { code, status } = toAppError(error);
      if (status < 500) await this.refused(peer, code, status, 'authorization' in req.headers ? 'rest' : 'web');
      throw error;
    }
  }

  /** Asked in the same turn in which the socket is added, for the answer changes. @throws AppError busy */
  checkRoom(caller: Caller): void {
    if (this.connections.countOf(caller.id) >= maxSocketsPerCaller) throw new AppError('busy');
  }

  private async authenticate(req: IncomingMessage): Promise<Caller> {
    if (req.url !== '/api/v1/live')
      throw new AppError('invalid_request', {}, { issues: [{ path: '', message: 'this socket takes no query' }] });
    if (this.changes.staleMs > maxStaleMs) throw new AppError('database_unavailable');
    const origin = onlyHeader(req, 'origin');
    const authorization = onlyHeader(req, 'authorization');
    const byToken = authorization !== undefined;
    // A browser always names its origin and cannot send Authorization; what names a foreign one is refused in any case.
    if (byToken ? origin !== undefined && !this.origins.allowsOrigin(origin) : !this.origins.allowsOrigin(origin))
      throw new AppError('wrong_origin');
    const caller = byToken ? await this.byToken(authorization) : await this.bySession(req);
    if (!caller) throw new AppError('not_signed_in');
    if (!byToken && caller.mustChangePassword) throw new AppError('password_change_needed');
    return caller;
  }

  private async byToken(authorization: string | null): Promise<Caller | null> {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    return token ? this.authenticator.fromBearer(token) : null;
  }

  private async bySession(req: IncomingMessage): Promise<Caller | null> {
    const cookie = this.authenticator.sessionCookie(req);
    return cookie ? this.authenticator.fromSession(cookie) : null;
  }

  private async refused(peer: Peer, code: string, status: number, door: 'web' | 'rest'): Promise<void> {
    const start = { action: 'live.connect', verb: 'connect', actor: anonymous, door, mutating: false, ...peer } as const;
    const handle = await this.audit.begin(start).catch(() => null);
    await handle?.end({ outcome: 'refused', reason: code, status });
  }
}
