import type { healthReady, ResponseOf } from '@fairlead/shared';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { AuditLog } from '../audit/index.js';

type Readiness = ResponseOf<typeof healthReady>;
type Check = Readiness['checks'][number];

const databaseTimeoutMs = 1_000;
const reuseMs = 1_000;

/** Is Fairlead fit for work? Says which part is not, and nothing that would help a stranger. Asked often, it asks the database once a second. */
@Injectable()
export class HealthService implements OnApplicationBootstrap {
  private started = false;
  private database: { check: Promise<Check>; atMs: number } | null = null;

  constructor(
    @Inject(DATABASE) private readonly prisma: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  onApplicationBootstrap(): void {
    this.started = true;
  }

  async readiness(): Promise<Readiness> {
    const { unavailableSince } = this.audit;
    const checks = [
      await this.databaseCheck(),
      checkOf('audit log', unavailableSince === null, `cannot be written since ${unavailableSince?.toISOString()}`),
      checkOf('start-up', this.started, 'is not finished'),
    ];
    return { status: checks.every((check) => check.ok) ? 'ok' : 'unavailable', checks };
  }

  private databaseCheck(): Promise<Check> {
    const nowMs = this.clock.monotonicMs();
    if (!this.database || nowMs - this.database.atMs > reuseMs) this.database = { check: this.askDatabase(), atMs: nowMs };
    return this.database.check;
  }

  private async askDatabase(): Promise<Check> {
    const answered = new AbortController();
    const late = this.clock.sleep(databaseTimeoutMs, answered.signal).then(
      () => false,
      () => false,
    );
    const asked = this.prisma.$queryRaw`SELECT 1`.then(
      () => true,
      () => false,
    );
    const ok = await Promise.race([asked, late]);
    answered.abort();
    return checkOf('database', ok, `does not answer within ${databaseTimeoutMs} ms`);
  }
}

const checkOf = (name: string, ok: boolean, wrong: string): Check => ({ name, ok, message: ok ? 'ok' : wrong });
