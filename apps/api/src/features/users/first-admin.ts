import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { newId } from '../../platform/id.js';
import { hashPassword, newPassword } from '../auth/index.js';

/** The account that the first start makes. Exactly one process makes it, however many start at once. */
@Injectable()
export class FirstAdmin {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** null when there are principals already. A generated password is changed at the first sign-in; one that the operator gave is not. */
  async ensure(): Promise<{ name: string; password: string | null } | null> {
    if ((await this.database.principal.count()) > 0) return null;
    const generated = this.config.adminPassword === null ? newPassword() : null;
    const passwordHash = await hashPassword(this.config.adminPassword ?? generated!);
    const made = await this.database.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(7061756471)`;
      if ((await tx.principal.count()) > 0) return false;
      await tx.principal.create({
        data: {
          id: newId(),
          kind: 'user',
          name: 'admin',
          displayName: 'Administrator',
          passwordHash,
          mustChangePassword: generated !== null,
          platformRoles: ['admin', 'auditor'],
          createdAt: this.clock.now(),
        },
      });
      return true;
    });
    return made ? { name: 'admin', password: generated } : null;
  }

  /** Where nobody sees a terminal, the password goes to a file that only the operator can read. Answers its path. */
  async writePassword(password: string): Promise<string> {
    const file = path.join(this.config.dataDir, 'admin-password');
    await writeFile(file, `${password}\n`, { mode: 0o600 });
    return file;
  }
}
