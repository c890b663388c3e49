import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { Origins } from '../../platform/http/origins.js';
import type { Caller } from './caller.js';
import { loadCaller } from './caller-store.js';
import { hashSecret, isTokenText } from './secret.js';
import { SecurityChanges } from './security-changes.js';

const cacheMs = 5_000;
const maxCached = 10_000;
const touchEveryMs = 60_000;

interface Cached {
  caller: Promise<Caller | null>;
  untilMs: number;
  touchedMs: number;
}

/**
 * From a credential to its caller. What was loaded is used for at most 5 s and dropped at once when a right of the caller changes;
 * unknown credentials are not cached, so a flood of them cannot push out the known.
 */
@Injectable()
export class Authenticator {
  private readonly cache = new Map<string, Cached>();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly origins: Origins,
    changes: SecurityChanges,
  ) {
    // Names of projects and their namespaces hang on many callers; such changes are rare, so everything is dropped.
    changes.onChange(() => this.cache.clear());
  }

  /** null when the text is no token of ours, or the token is unknown, expired, revoked, or its owner disabled. */
  async fromBearer(token: string): Promise<Caller | null> {
    return isTokenText(token) ? this.cached('token', token) : null;
  }

  async fromSession(secret: string): Promise<Caller | null> {
    return /^[A-Za-z0-9_-]{43}$/.test(secret) ? this.cached('session', secret) : null;
  }

  /** The same credential's caller, fresh from the database; null when it may nothing any more. */
  async reload(caller: Caller): Promise<Caller | null> {
    return loadCaller(this.database, { kind: caller.credential.kind, id: caller.credential.id }, this.clock.now());
  }

  /** By the credential's id, for what rests on it and was opened before; fresh from the database. */
  async ofCredential(kind: 'session' | 'token', id: string): Promise<Caller | null> {
    return loadCaller(this.database, { kind, id }, this.clock.now());
  }

  /** The cookie's value; `__Host-fairlead` over TLS, `fairlead` on loopback http. */
  sessionCookie(req: IncomingMessage): string | null {
    const wanted = `${this.cookieName(req)}=`;
    const values = (req.headers.cookie ?? '')
      .split(';')
      .map((part) => part.trim())
      .filter((part) => part.startsWith(wanted));
    return values.length === 1 ? values[0]!.slice(wanted.length) : null;
  }

  cookieName(req: IncomingMessage): '__Host-fairlead' | 'fairlead' {
    return this.origins.isSecure(req) ? '__Host-fairlead' : 'fairlead';
  }

  private async cached(kind: 'session' | 'token', secret: string): Promise<Caller | null> {
    const nowMs = this.clock.monotonicMs();
    const key = `${kind} ${secret}`;
    const hit = this.cache.get(key);
    if (hit && hit.untilMs > nowMs) {
      const caller = await hit.caller;
      if (caller && caller.credential.expiresAt > this.clock.now()) return caller;
      return null;
    }
    const entry: Cached = {
      caller: loadCaller(this.database, { kind, secretHash: hashSecret(secret) }, this.clock.now()),
      untilMs: nowMs + cacheMs,
      touchedMs: hit?.touchedMs ?? Number.NEGATIVE_INFINITY,
    };
    this.cache.delete(key); // to the end: the oldest stand first
    this.cache.set(key, entry);
    if (this.cache.size > maxCached) this.cache.delete(this.cache.keys().next().value!);
    try {
      const caller = await entry.caller;
      if (!caller) this.cache.delete(key);
      else if (nowMs - entry.touchedMs > touchEveryMs) {
        entry.touchedMs = nowMs;
        void this.touch(caller).catch(() => {}); // only a display of last use
      }
      return caller;
    } catch (error) {
      this.cache.delete(key);
      throw error;
    }
  }

  private async touch(caller: Caller): Promise<void> {
    const now = this.clock.now();
    const { kind, id } = caller.credential;
    if (kind === 'token') await this.database.token.updateMany({ where: { id }, data: { lastUsedAt: now } });
    else await this.database.session.updateMany({ where: { id }, data: { lastSeenAt: now } });
    await this.database.principal.updateMany({ where: { id: caller.id }, data: { lastSeenAt: now } });
  }
}
