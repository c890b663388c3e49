import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import { repeat } from '../../../platform/repeat.js';
import { MomentStore } from './moment-store.js';

const everyMs = 3600_000;
const keepMs = 30 * 24 * 3600_000;

/** Moments are kept for 30 days. */
@Injectable()
export class MomentJanitor implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopped = new AbortController();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: MomentStore,
  ) {}

  onApplicationBootstrap(): void {
    const failed = (error: unknown) => this.logger.warn({ error }, 'sweeping old moments failed');
    void repeat(this.clock, everyMs, this.stopped.signal, () => this.sweep(), failed); // ends with shutdown
  }

  onApplicationShutdown(): void {
    this.stopped.abort();
  }

  sweep(): Promise<void> {
    return this.store.removeBefore(new Date(this.clock.now().getTime() - keepMs));
  }
}
