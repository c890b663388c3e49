import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
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
    void this.run(); // ends with shutdown
  }

  onApplicationShutdown(): void {
    this.stopped.abort();
  }

  sweep(): Promise<void> {
    return this.store.removeBefore(new Date(this.clock.now().getTime() - keepMs));
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await this.clock.sleep(everyMs, signal).catch(() => {});
      if (!signal.aborted) await this.sweep().catch((error: unknown) => this.logger.warn({ error }, 'sweeping old moments failed'));
    }
  }
}
