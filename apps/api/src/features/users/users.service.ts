import { isId, type PlatformRole, type Robot, type User } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../generated/prisma/client.js';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database, isUniqueViolation, type Transaction } from '../../platform/database.js';
import { nameCursor, pageOf, readCursor } from '../../platform/http/paging.js';
import { newId } from '../../platform/id.js';
import { type Caller, hashPassword, newPassword, revokeSessions } from '../auth/index.js';

type Kind = 'user' | 'robot';

/** People and robots. Names never change and are unique over both kinds; nobody is deleted, for the audit log speaks of them. */
@Injectable()
export class UsersService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(kind: Kind, { limit, cursor }: { limit: number; cursor?: string }): Promise<{ rows: Principal[]; limit: number }> {
    const after = readCursor(cursor, nameCursor);
    const rows = await this.database.principal.findMany({
      where: { kind, ...(after && { name: { gt: after } }) },
      orderBy: { name: 'asc' },
      take: limit + 1,
    });
    return { rows, limit };
  }

  async users(query: { limit: number; cursor?: string }): Promise<{ items: User[]; next: string | null }> {
    const { rows, limit } = await this.list('user', query);
    return pageOf(rows, limit, (row) => row.name, userOf);
  }

  async robots(query: { limit: number; cursor?: string }): Promise<{ items: Robot[]; next: string | null }> {
    const { rows, limit } = await this.list('robot', query);
    return pageOf(rows, limit, (row) => row.name, robotOf);
  }

  /** @throws AppError not_found */
  async find(kind: Kind, ref: string): Promise<Principal> {
    const found = await this.database.principal.findFirst({ where: { kind, ...(isId(ref) ? { id: ref } : { name: ref }) } });
    if (!found) throw new AppError('not_found', { what: kind, name: ref });
    return found;
  }

  /** Answers the generated password, when none was given. @throws AppError name_taken */
  async createUser(input: {
    name: string;
    displayName?: string;
    password?: string;
    platformRoles: PlatformRole[];
  }): Promise<User & { password: string | null }> {
    const generated = input.password === undefined ? newPassword() : null;
    const passwordHash = await hashPassword(input.password ?? generated!);
    const row = await this.create({
      kind: 'user',
      name: input.name,
      displayName: input.displayName ?? input.name,
      passwordHash,
      mustChangePassword: generated !== null,
      platformRoles: [...new Set(input.platformRoles)],
    });
    return { ...userOf(row), password: generated };
  }

  async createRobot(input: { name: string; displayName?: string }): Promise<Robot> {
    return robotOf(await this.create({ kind: 'robot', name: input.name, displayName: input.displayName ?? input.name, platformRoles: [] }));
  }

  /** Disabling ends sessions and tokens at once, for a disabled owner's credentials load no caller. The last admin stays. */
  async change(
    kind: Kind,
    ref: string,
    input: { displayName?: string; platformRoles?: PlatformRole[]; disabled?: boolean },
  ): Promise<{ before: Principal; after: Principal }> {
    const before = await this.find(kind, ref);
    const now = this.clock.now();
    const after = await this.database.$transaction(async (tx) => {
      const row = await tx.principal.update({
        where: { id: before.id },
        data: {
          ...(input.displayName !== undefined && { displayName: input.displayName }),
          ...(input.platformRoles && { platformRoles: [...new Set(input.platformRoles)] }),
          ...(input.disabled !== undefined && { disabledAt: input.disabled ? (before.disabledAt ?? now) : null }),
        },
      });
      if (input.disabled) await revokeSessions(tx, before.id, now);
      if (before.platformRoles.includes('admin')) await this.keepOneAdmin(tx);
      return row;
    });
    return { before, after };
  }

  async resetPassword(ref: string): Promise<string> {
    const user = await this.find('user', ref);
    const password = newPassword();
    const passwordHash = await hashPassword(password);
    const now = this.clock.now();
    await this.database.$transaction(async (tx) => {
      await tx.principal.update({ where: { id: user.id }, data: { passwordHash, mustChangePassword: true } });
      await revokeSessions(tx, user.id, now);
    });
    return password;
  }

  /** By the beginning of the name: at most 20. Only for those who can grant. */
  async search(caller: Caller, q: string): Promise<{ id: string; kind: Kind; name: string; displayName: string }[]> {
    const now = this.clock.now();
    const grants = caller.grants.some((grant) => grant.role === 'admin' && (!grant.expiresAt || grant.expiresAt > now));
    if (!grants && !caller.platformRoles.includes('admin'))
      throw new AppError('forbidden', { reason: 'Searching people needs to be an admin of a project or of the platform.' });
    return this.database.principal.findMany({
      where: { disabledAt: null, name: { startsWith: q.toLowerCase() } },
      orderBy: { name: 'asc' },
      take: 20,
      select: { id: true, kind: true, name: true, displayName: true },
    });
  }

  private async create(data: {
    kind: Kind;
    name: string;
    displayName: string;
    passwordHash?: string;
    mustChangePassword?: boolean;
    platformRoles: string[];
  }): Promise<Principal> {
    try {
      return await this.database.principal.create({ data: { id: newId(), createdAt: this.clock.now(), ...data } });
    } catch (error) {
      if (isUniqueViolation(error)) throw new AppError('name_taken', { what: 'user or robot', name: data.name }, { cause: error });
      throw error;
    }
  }

  /** In the transaction that took an admin away, after it: two admins who demote each other queue on the lock, and the second sees none left. */
  private async keepOneAdmin(tx: Transaction): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(7061756470)`;
    const admins = await tx.$queryRaw<unknown[]>`
      SELECT 1 FROM principals WHERE kind = 'user' AND disabled_at IS NULL AND 'admin' = ANY(platform_roles) LIMIT 1`;
    if (admins.length === 0) throw new AppError('last_admin');
  }
}

export function userOf(row: Principal): User {
  return {
    id: row.id,
    name: row.name,
    displayName: row.displayName,
    platformRoles: row.platformRoles as PlatformRole[],
    disabled: row.disabledAt !== null,
    mustChangePassword: row.mustChangePassword,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
  };
}

export function robotOf(row: Principal): Robot {
  const { id, name, displayName, disabled, createdAt, lastSeenAt } = userOf(row);
  return { id, name, displayName, disabled, createdAt, lastSeenAt };
}
