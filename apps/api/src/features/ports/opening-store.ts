import { Inject, Injectable } from '@nestjs/common';
import type { Prisma } from '../../generated/prisma/client.js';
import { DATABASE, type Database } from '../../platform/database.js';

export type OpeningRow = Prisma.PortOpeningGetPayload<object>;
export type NewOpening = Prisma.PortOpeningUncheckedCreateInput;

/** Told to every process when an opening has ended; the payload is its label. */
export const endedChannel = 'port_openings';

/** Openings in Postgres: any process may carry one, and each step is taken once. */
@Injectable()
export class OpeningStore {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  add(opening: NewOpening): Promise<OpeningRow> {
    return this.database.portOpening.create({ data: opening });
  }

  byLabel(label: string): Promise<OpeningRow | null> {
    return this.database.portOpening.findUnique({ where: { label } });
  }

  /** Of one person, not ended. */
  ofPerson(principalId: string, appId?: string): Promise<OpeningRow[]> {
    return this.database.portOpening.findMany({
      where: { principalId, endedAt: null, ...(appId === undefined ? {} : { appId }) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: 500,
    });
  }

  /** False when the link was used before, or the opening has ended: two who come at once do not both get it. */
  async redeem(id: string, secretHash: Uint8Array<ArrayBuffer>, now: Date): Promise<boolean> {
    const { count } = await this.database.portOpening.updateMany({
      where: { id, openedAt: null, endedAt: null, linkExpiresAt: { gt: now } },
      data: { openedAt: now, secretHash },
    });
    return count === 1;
  }

  async addBytes(id: string, bytesIn: number, bytesOut: number): Promise<void> {
    await this.database.portOpening.updateMany({
      where: { id },
      data: { bytesIn: { increment: bytesIn }, bytesOut: { increment: bytesOut } },
    });
  }

  /** The row as it ended; null when another process was first. */
  async end(id: string, cause: string, now: Date): Promise<OpeningRow | null> {
    const [ended] = await this.database.portOpening.updateManyAndReturn({
      where: { id, endedAt: null },
      data: { endedAt: now, endCause: cause.slice(0, 200) },
    });
    if (!ended) return null;
    await this.database.$executeRaw`SELECT pg_notify(${endedChannel}, ${ended.label})`;
    return ended;
  }

  /** Whose time is over: the whole, or that of a link which nobody opened. */
  overdue(now: Date): Promise<OpeningRow[]> {
    return this.database.portOpening.findMany({
      where: { endedAt: null, OR: [{ expiresAt: { lte: now } }, { openedAt: null, linkExpiresAt: { lte: now } }] },
      take: 500,
    });
  }

  async forget(endedBefore: Date): Promise<void> {
    await this.database.portOpening.deleteMany({ where: { endedAt: { lt: endedBefore } } });
  }
}
