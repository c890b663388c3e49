import { changePassword, getMe, listSessions, revokeSession, signIn, signOut } from '@fairlead/shared';
import { Controller, Inject } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { type Answer, type BodyOf, Implements, type ParamsOf } from '../../platform/http/implements.js';
import type { RestContext } from '../../platform/http/rest-context.js';
import { Authenticator } from './authenticator.js';
import { actorOf, type Caller } from './caller.js';
import { SignInService } from './sign-in.service.js';

@Controller()
export class AuthController {
  constructor(
    private readonly signIns: SignInService,
    private readonly authenticator: Authenticator,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Implements(signIn)
  async signIn(
    _: null,
    _params: ParamsOf<typeof signIn>,
    { username, password }: BodyOf<typeof signIn>,
    context: RestContext,
  ): Answer<typeof signIn> {
    const req = context.request.raw;
    const oldSecret = this.authenticator.sessionCookie(req);
    const old = oldSecret ? await this.authenticator.fromSession(oldSecret).catch(() => null) : null;
    const { caller, secret } = await this.signIns.signIn(username, password, {
      address: context.sourceAddress,
      userAgent: req.headers['user-agent'] ?? '',
      oldSessionId: old?.credential.id ?? null,
    });
    context.note.actor = actorOf(caller);
    context.note.sessionId = caller.credential.id;
    context.reply.header('set-cookie', this.cookie(context, secret, caller.credential.expiresAt));
    return this.signIns.me(caller);
  }

  @Implements(signOut)
  async signOut(caller: Caller, _params: unknown, _query: unknown, context: RestContext): Promise<void> {
    await this.signIns.signOut(caller);
    context.reply.header('set-cookie', this.cookie(context, '', new Date(0)));
    context.reply.header('clear-site-data', '"cache"');
  }

  @Implements(getMe)
  async me(caller: Caller): Answer<typeof getMe> {
    return this.signIns.me(caller);
  }

  @Implements(changePassword)
  async changePassword(caller: Caller, _params: unknown, body: BodyOf<typeof changePassword>, context: RestContext): Promise<void> {
    await this.signIns.changePassword(caller, body.current, body.next, context.sourceAddress);
  }

  @Implements(listSessions)
  async sessions(caller: Caller): Answer<typeof listSessions> {
    const found = await this.database.session.findMany({
      where: { principalId: caller.id, revokedAt: null, expiresAt: { gt: this.clock.now() } },
      orderBy: { id: 'desc' },
      take: 500,
    });
    const items = found.map((s) => ({
      id: s.id,
      current: s.id === caller.credential.id,
      createdAt: s.createdAt.toISOString(),
      lastSeenAt: s.lastSeenAt.toISOString(),
      expiresAt: s.expiresAt.toISOString(),
      address: s.address,
      userAgent: s.userAgent,
    }));
    return { items, next: null };
  }

  @Implements(revokeSession)
  async revokeSession(caller: Caller, { session }: ParamsOf<typeof revokeSession>): Promise<void> {
    const { count } = await this.database.session.updateMany({
      where: { id: session, principalId: caller.id, revokedAt: null },
      data: { revokedAt: this.clock.now() },
    });
    if (count === 0) throw new AppError('not_found', { what: 'session', name: session });
  }

  private cookie(context: RestContext, value: string, expires: Date): string {
    const name = this.authenticator.cookieName(context.request.raw);
    const secure = name === '__Host-fairlead' ? '; Secure' : '';
    return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Expires=${expires.toUTCString()}${secure}`;
  }
}
