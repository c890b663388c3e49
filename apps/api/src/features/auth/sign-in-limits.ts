import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../../platform/app-error.js';
import { PG_POOL } from '../../platform/pg-pool.js';

const minute = 60;

/**
 * Limits on failed sign-ins, in Postgres, where no flood of names evicts them: 10 failures per account and quarter of an hour, from all
 * addresses together (so a lock-out ends soon by itself); 5 per account and address prefix and minute; 50 per address prefix and quarter of an hour.
 */
@Injectable()
export class SignInLimits {
  private readonly account: RateLimiterPostgres;
  private readonly accountAndPrefix: RateLimiterPostgres;
  private readonly prefix: RateLimiterPostgres;

  constructor(@Inject(PG_POOL) pool: pg.Pool) {
    const base = { storeClient: pool, tableName: 'rate_limits', tableCreated: true, clearExpiredByTimeout: false };
    this.account = new RateLimiterPostgres({ ...base, keyPrefix: 'signin-a', points: 10, duration: 15 * minute });
    this.accountAndPrefix = new RateLimiterPostgres({ ...base, keyPrefix: 'signin-ap', points: 5, duration: minute });
    this.prefix = new RateLimiterPostgres({ ...base, keyPrefix: 'signin-p', points: 50, duration: 15 * minute });
  }

  /** Takes an attempt before the password is looked at, so that a parallel burst counts too. @throws AppError too_many_attempts */
  async take(username: string, address: string): Promise<void> {
    const keys = keysOf(username, address);
    try {
      await this.prefix.consume(keys.prefix);
      await this.accountAndPrefix.consume(keys.accountAndPrefix);
      await this.account.consume(keys.account);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new AppError('too_many_attempts', { seconds: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) });
    }
  }

  /** A right password clears what was counted against its account, and gives the attempt back to its address. */
  async succeeded(username: string, address: string): Promise<void> {
    const keys = keysOf(username, address);
    await Promise.all([
      this.account.delete(keys.account),
      this.accountAndPrefix.delete(keys.accountAndPrefix),
      this.prefix.reward(keys.prefix, 1),
    ]);
  }
}

function keysOf(username: string, address: string) {
  // Hashed: a name is of any length, and what people type there by mistake is often a password.
  const account = createHash('sha256').update(username.toLowerCase()).digest('base64url').slice(0, 32);
  const prefix = addressPrefix(address);
  return { account, prefix, accountAndPrefix: `${account} ${prefix}` };
}

/** IPv4 whole; IPv6 by its /64, which one household or machine holds. */
export function addressPrefix(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]!.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
