import { z } from 'zod';
import type { Caller } from '../../src/features/auth/index.js';
import { AppError } from '../../src/platform/app-error.js';
import type { LiveTopic, TopicSink, TopicSubscription } from '../../src/platform/live-topic.js';

export interface NumberRow {
  key: string;
  value: number;
  text?: string;
}

const Params = z.strictObject({ room: z.string().optional() });

/** A world that a test changes as it likes: rows by key. Who has no grant that counts may not see it, where `needsGrant`. */
export class TestTopic implements LiveTopic<Caller, z.infer<typeof Params>> {
  readonly params = Params;
  readonly rows = new Map<string, NumberRow>();
  readonly sinks = new Set<TopicSink>();
  opened = 0;

  constructor(
    readonly name: string,
    private readonly needsGrant = false,
  ) {}

  async open(caller: Caller, _params: z.infer<typeof Params>, sink: TopicSink): Promise<TopicSubscription> {
    this.check(caller);
    this.opened++;
    this.sinks.add(sink);
    sink.snapshot([...this.rows.values()]);
    return {
      close: () => this.sinks.delete(sink),
      recheck: async (again) => {
        try {
          this.check(again as Caller);
        } catch (error) {
          sink.fail('forbidden', (error as Error).message);
        }
      },
    };
  }

  put(row: NumberRow): void {
    this.rows.set(row.key, row);
    for (const sink of this.sinks) sink.put(row);
  }

  remove(key: string): void {
    this.rows.delete(key);
    for (const sink of this.sinks) sink.remove(key);
  }

  private check(caller: Caller): void {
    const counts = caller.grants.some(({ expiresAt }) => !expiresAt || expiresAt > new Date());
    if (this.needsGrant && !counts) throw new AppError('forbidden', { reason: 'This needs a grant.' });
  }
}
