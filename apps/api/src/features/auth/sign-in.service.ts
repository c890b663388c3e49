import type { Me } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import type { Caller } from './caller.js';
import { loadCaller } from './caller-store.js';
import { hashPassword, passwordMatches } from './password.js';
import { createSession, revokeSessions } from './session-store.js';
import { SignInLimits } from './sign-in-limits.js';

@Injectable()
export class SignInService {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly limits: SignInLimits,
  ) {}

  /**
   * A new session for the right password. A session that the browser already had ends. Unknown names, robots and disabled people get the
   * same answer in the same time as a wrong password.
   */
  async signIn(
    username: string,
    password: string,
    from: { address: string; userAgent: string; oldSessionId: string | null },
  ): Promise<{ caller: Caller; secret: string }> {
    await this.limits.take(username, from.address);
    const principal = await this.database.principal.findFirst({ where: { name: username, kind: 'user' } });
    const usable = principal && !principal.disabledAt ? principal.passwordHash : null;
    if (!(await passwordMatches(usable, password)) || !principal) throw new AppError('wrong_credentials');
    await this.limits.succeeded(username, from.address);
    const now = this.clock.now();
    const session = await this.database.$transaction(async (tx) => {
      if (from.oldSessionId) await tx.session.updateMany({ where: { id: from.oldSessionId, revokedAt: null }, data: { revokedAt: now } });
      return createSession(tx, principal.id, from, now);
    });
    const caller = await loadCaller(this.database, { kind: 'session', id: session.id }, now);
    if (!caller) throw new AppError('wrong_credentials');
    return { caller, secret: session.secret };
  }

  async signOut(caller: Caller): Promise<void> {
    const now = this.clock.now();
    const { kind, id } = caller.credential;
    if (kind === 'session') await this.database.session.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } });
    else await this.database.token.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } });
  }

  /** Every other session ends. The current password is asked for again, under the same limits as a sign-in. */
  async changePassword(caller: Caller, current: string, next: string, address: string): Promise<void> {
    if (caller.credential.kind !== 'session')
      throw new AppError('forbidden', { reason: 'A password is changed in a session, not by a token.' });
    await this.limits.take(caller.name, address);
    const principal = await this.database.principal.findUnique({ where: { id: caller.id } });
    if (!principal || !(await passwordMatches(principal.passwordHash, current))) throw new AppError('wrong_credentials');
    await this.limits.succeeded(caller.name, address);
    if (current === next)
      throw new AppError('invalid_request', {}, { issues: [{ path: 'next', message: 'must differ from the current password' }] });
    const passwordHash = await hashPassword(next);
    const now = this.clock.now();
    const keep = caller.credential.id;
    await this.database.$transaction(async (tx) => {
      await tx.principal.update({ where: { id: caller.id }, data: { passwordHash, mustChangePassword: false } });
      await revokeSessions(tx, caller.id, now, keep);
    });
  }

  me(caller: Caller): Me {
    const { credential } = caller;
    return {
      id: caller.id,
      kind: caller.kind,
      name: caller.name,
      displayName: caller.displayName,
      platformRoles: [...caller.platformRoles],
      mustChangePassword: caller.mustChangePassword,
      grants: caller.grants.map((grant) => ({
        project: { id: grant.projectId, name: grant.projectName },
        role: grant.role,
        expiresAt: grant.expiresAt?.toISOString() ?? null,
      })),
      via: credential.kind,
      session: credential.kind === 'session' ? { id: credential.id, expiresAt: credential.expiresAt.toISOString() } : null,
      serverTime: this.clock.now().toISOString(),
    };
  }
}
