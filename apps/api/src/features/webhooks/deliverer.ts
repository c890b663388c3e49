import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { PgEvents } from '../../platform/pg-events.js';
import { SealError, Sealer } from '../../platform/sealer.js';
import { Clusters } from '../clusters/index.js';
import { type AddressCheck, TargetDenied, webhookAddresses } from './address-policy.js';
import { bodyOf, type Claimed, Outbox, webhooksChannel } from './outbox.js';
import { maxAttempts, orderedAttempts, waitAfter } from './schedule.js';
import { type Sent, send } from './send.js';
import { sign } from './signature.js';
import { targetOf } from './target.js';

const atOnce = 8;
const lookMs = 5_000;
const sweepMs = 3600_000;
const keepMs = 30 * 24 * 3600_000;

export const secretAt = (webhookId: string) => ({ table: 'webhooks', row: webhookId, column: 'secret' });

/** Sends what lies in the outbox, in every process; the database gives each try to one of them. */
@Injectable()
export class Deliverer implements OnApplicationBootstrap, OnApplicationShutdown {
  /** What a webhook may reach: asked when it is made, and with every address at every try. */
  readonly check: AddressCheck;
  private readonly stopped = new AbortController();
  private readonly under = new Set<Promise<void>>();
  private running: Promise<void> = Promise.resolve();
  private nudged = new AbortController();
  private sweptAt = 0;
  private unlisten = () => {};

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) config: Config,
    private readonly sealer: Sealer,
    private readonly events: PgEvents,
    private readonly outbox: Outbox,
    clusters: Clusters,
  ) {
    this.check = webhookAddresses(config.webhookAllow, clusters.checkAddress);
  }

  onApplicationBootstrap(): void {
    this.unlisten = this.events.on(webhooksChannel, () => this.nudged.abort());
    this.running = this.run(); // ends with shutdown
  }

  async onApplicationShutdown(): Promise<void> {
    this.unlisten();
    this.stopped.abort(new Error('stopping'));
    this.nudged.abort();
    await this.running;
    await Promise.all(this.under);
  }

  private async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      this.nudged = new AbortController();
      await this.look().catch((error: unknown) => this.logger.warn({ error }, 'the outbox of webhooks could not be read'));
      await this.clock.sleep(lookMs, this.nudged.signal).catch(() => {});
    }
  }

  private async look(): Promise<void> {
    const now = this.clock.now();
    const free = atOnce - this.under.size;
    for (const claimed of free > 0 ? await this.outbox.claim(now, free, orderedAttempts) : []) {
      const work: Promise<void> = this.deliver(claimed)
        .catch((error: unknown) => this.logger.warn({ error, delivery: claimed.id }, 'a delivery could not be ended'))
        .finally(() => void this.under.delete(work));
      this.under.add(work);
    }
    if (now.getTime() - this.sweptAt < sweepMs) return;
    this.sweptAt = now.getTime();
    await this.outbox.sweep(new Date(now.getTime() - keepMs));
  }

  private async deliver(claimed: Claimed): Promise<void> {
    let sent: Sent;
    try {
      sent = await this.attempt(claimed);
    } catch (error) {
      if (!this.stopped.signal.aborted) throw error;
      // Nobody knows whether it arrived: it is sent again.
      return this.outbox.end(claimed, { state: 'pending', attempts: claimed.attempts - 1, nextAt: this.clock.now() });
    }
    const now = this.clock.now();
    if (sent.state === 'delivered')
      return this.outbox.end(claimed, { state: 'delivered', lastStatus: sent.status, lastError: null, deliveredAt: now });
    const test = claimed.event === 'webhook.test';
    const wait = test ? null : waitAfter(claimed.attempts, Math.random);
    const why = { lastStatus: sent.status, lastError: sent.error.slice(0, 300) };
    if (wait !== null) return this.outbox.end(claimed, { state: 'pending', nextAt: new Date(now.getTime() + wait), ...why });
    if (!test) this.logger.warn({ delivery: claimed.id, webhook: claimed.webhookId, tries: maxAttempts }, 'a webhook was given up');
    await this.outbox.end(claimed, { state: 'failed', ...why });
  }

  private async attempt(claimed: Claimed): Promise<Sent> {
    const { id, event, url } = claimed;
    try {
      const secret = this.sealer.open(claimed.secret, secretAt(claimed.webhookId));
      const body = bodyOf(claimed);
      const headers = {
        'user-agent': 'fairlead-webhook/1',
        'fairlead-event': event,
        'fairlead-delivery': id,
        'fairlead-signature': sign(secret, body, this.clock.now()),
      };
      return await send(targetOf(url, this.check), { headers, body }, { check: this.check, stop: this.stopped.signal });
    } catch (error) {
      if (error instanceof TargetDenied) return { state: 'failed', status: null, error: `not sent: it ${error.message}` };
      if (error instanceof SealError)
        return { state: 'failed', status: null, error: 'its secret does not open: delete it and make a new one' };
      throw error;
    }
  }
}
