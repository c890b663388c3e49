import { setImmediate as nextTurn } from 'node:timers/promises';
import { liveClose } from '@fairlead/shared';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { toAppError } from '../../platform/http/error.filter.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { Authenticator, type Caller, type SecurityChange, SecurityChanges } from '../auth/index.js';
import { heartbeatMs, type LiveConnection } from './live-connection.js';
import { ParkedSubscriptions } from './parked-subscriptions.js';

const tickMs = 1_000;
const recheckMs = 30_000;
const helloMs = 10_000;
/** With nothing heard of changed rights for so long, nobody's rights are known well enough. */
export const maxStaleMs = 15_000;

/**
 * All open sockets, and what must be true of each: its peer answers, its session or token still counts, and its caller still may see what it sees.
 * Rights are asked for again when they change, when a grant runs out, and every 30 s.
 */
@Injectable()
export class LiveConnections implements OnApplicationBootstrap, OnModuleDestroy {
  readonly parked = new ParkedSubscriptions();
  private readonly open = new Set<LiveConnection>();
  private readonly stopped = new AbortController();
  private readonly undo: () => void;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly authenticator: Authenticator,
    private readonly changes: SecurityChanges,
  ) {
    this.undo = changes.onChange((change) => this.changed(change));
  }

  onApplicationBootstrap(): void {
    void this.watch(); // ends with shutdown
  }

  onModuleDestroy(): void {
    this.undo();
    this.stopped.abort();
    this.closeAll();
  }

  add(connection: LiveConnection): void {
    this.open.add(connection);
  }

  /** The socket is gone; what it listened to is kept for a moment in case it comes back. */
  gone(connection: LiveConnection, comesBack: boolean): void {
    if (!this.open.delete(connection)) return;
    const { id } = connection.caller.credential;
    for (const subscription of connection.subscriptions.values()) {
      if (comesBack) this.parked.park(subscription, id, this.clock.monotonicMs());
      else subscription.close();
    }
    connection.subscriptions.clear();
  }

  countOf(principalId: string): number {
    let count = 0;
    for (const connection of this.open) if (connection.caller.id === principalId) count++;
    return count;
  }

  /** Ends every socket: Fairlead stops, or knows nobody's rights. */
  closeAll(reason = 'Fairlead stops', code = 1001): void {
    for (const connection of this.open) this.end(connection, code, reason);
    this.parked.clear();
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await this.clock.sleep(tickMs, signal).catch(() => {});
      if (!signal.aborted) this.tick();
    }
  }

  private tick(): void {
    const nowMs = this.clock.monotonicMs();
    const now = this.clock.now();
    this.parked.sweep(nowMs);
    if (this.changes.staleMs > maxStaleMs) this.closeAll('the database does not answer', 1013);
    const due: LiveConnection[] = [];
    for (const connection of this.open) {
      const { caller } = connection;
      if (nowMs - connection.heardMs > 2 * heartbeatMs) {
        connection.terminate();
        this.gone(connection, true);
      } else if (!connection.welcomed && nowMs - connection.openedMs > helloMs) this.end(connection, liveClose.badMessage, 'no hello');
      else if (caller.credential.expiresAt <= now) this.end(connection, liveClose.notSignedIn, 'signed out');
      else if (nowMs - connection.checkedMs > recheckMs || ranOut(caller, connection.checkedMs - nowMs, now)) due.push(connection);
      if (!connection.closed && nowMs - connection.pingedMs >= heartbeatMs) connection.ping();
    }
    void this.recheck(due);
  }

  private changed(change: SecurityChange): void {
    const concerns = (caller: Caller) =>
      change.principalId === null || change.principalId === caller.id || change.subjectId === caller.credential.id;
    void this.recheck([...this.open].filter((connection) => concerns(connection.caller)));
  }

  /** Never rejects. Sockets of one credential share one look into the database. */
  private async recheck(connections: LiveConnection[]): Promise<void> {
    const byCredential = new Map<string, LiveConnection[]>();
    for (const connection of connections) {
      connection.checkedMs = this.clock.monotonicMs();
      const { id } = connection.caller.credential;
      byCredential.set(id, [...(byCredential.get(id) ?? []), connection]);
    }
    for (const group of byCredential.values()) {
      try {
        const caller = await this.authenticator.reload(group[0]!.caller);
        for (const connection of group) await this.apply(connection, caller);
      } catch (error) {
        // The database is away for a moment; the staleness of rights decides when that is too long.
        for (const connection of group) connection.checkedMs = this.clock.monotonicMs() - recheckMs;
        this.logger.warn({ error }, 'rights of open sockets cannot be read');
      }
      await nextTurn();
    }
  }

  private async apply(connection: LiveConnection, caller: Caller | null): Promise<void> {
    if (connection.closed) return;
    if (!caller || caller.mustChangePassword) return this.end(connection, liveClose.notSignedIn, 'signed out');
    const rightsChanged = rightsOf(caller) !== rightsOf(connection.caller);
    connection.caller = caller;
    await Promise.all(
      [...connection.subscriptions.values()].map(async (subscription) => {
        try {
          await subscription.recheck(caller, rightsChanged);
        } catch (error) {
          const known = toAppError(error);
          // A cluster that is away makes its rows stale; it takes nobody's right.
          if (known.status < 500) subscription.fail(known.code, known.message);
          else this.logger.warn({ topic: subscription.topic.name, error }, 'a right could not be asked again');
        }
      }),
    );
  }

  private end(connection: LiveConnection, code: number, reason: string): void {
    connection.close(code, reason);
    this.gone(connection, false);
  }
}

/** Did a grant run out since the last check, `sinceMs` (negative) from now? */
function ranOut(caller: Caller, sinceMs: number, now: Date): boolean {
  const since = now.getTime() + sinceMs;
  return caller.grants.some(({ expiresAt }) => expiresAt !== null && expiresAt <= now && expiresAt.getTime() > since);
}

const rightsOf = ({ platformRoles, grants, credential }: Caller): string => JSON.stringify([platformRoles, grants, credential]);
