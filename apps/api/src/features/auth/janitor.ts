import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { repeat } from '../../platform/repeat.js';

const everyMs = 3600_000;
const keepMs = 30 * 24 * 3600_000;

/** Takes away what nobody needs any more: counts of sign-ins that are over, and sessions that ended a month ago. Tokens stay, for their owners' lists. */
@Injectable()
export class Janitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopped = new AbortController();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const failed = (error: unknown) => this.logger.warn({ error }, 'sweeping old sessions failed');
    void repeat(this.clock, everyMs, this.stopped.signal, () => this.sweep(), failed); // ends with shutdown
  }

  onApplicationShutdown(): void {
    this.stopped.abort();
  }

  async sweep(): Promise<void> {
    const now = this.clock.now();
    await this.database.rateLimit.deleteMany({ where: { expire: { lt: BigInt(now.getTime()) } } });
    await this.database.session.deleteMany({ where: { expiresAt: { lt: new Date(now.getTime() - keepMs) } } });
  }
}
