import type { Route } from '@fairlead/shared';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { AppError, InvariantError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { routeOf } from '../../platform/http/implements.js';
import { Origins } from '../../platform/http/origins.js';
import { onlyHeader, sourceAddress } from '../../platform/http/request.js';
import type { RestContext, RestRequest } from '../../platform/http/rest-context.js';
import { type AuditHandle, AuditLog, type AuditStart, anonymous } from '../audit/index.js';
import { Authenticator, actorOf, type Caller, credentialIds } from '../auth/index.js';
import { Directory } from './directory.js';
import { decideProject, platformAllows, seesProject } from './project-policy.js';
import type { ProjectInfo } from './rest-call.js';

/** Routes that a person with a generated password may still use. */
const beforePasswordChange = new Set(['auth.me', 'auth.change-password', 'auth.sign-out']);

/**
 * One admission for every REST request: authenticate → decide → validate → audit. Deny is the default: a handler without a route of the contract
 * answers 404, and a route's access is the only way in. A refusal is recorded like an act.
 */
@Injectable()
export class RestAdmission implements CanActivate {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly origins: Origins,
    private readonly authenticator: Authenticator,
    private readonly audit: AuditLog,
    private readonly directory: Directory,
  ) {}

  async canActivate(host: ExecutionContext): Promise<boolean> {
    if (host.getType() !== 'http') return true; // sockets have an admission of their own
    const request = host.switchToHttp().getRequest<RestRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const route = routeOf(host.getHandler());
    if (!route) throw new AppError('route_not_found');
    const address = sourceAddress(request.raw, this.config.trustedProxies);
    const start: AuditStart = {
      action: route.action,
      verb: route.method.toLowerCase(),
      actor: anonymous,
      door: request.raw.headers.cookie && !request.raw.headers.authorization ? 'web' : 'rest',
      mutating: route.method !== 'GET',
      sourceAddress: address,
      userAgent: request.raw.headers['user-agent'] ?? '',
    };
    try {
      const caller = route.access === 'public' ? null : await this.authenticate(request, route);
      if (caller) Object.assign(start, { actor: actorOf(caller), ...credentialIds(caller) });
      if (route.method !== 'GET') this.checkOrigin(request, caller);
      const params = check(route.params, request.params);
      const project = await this.projectOf(params, caller);
      if (project) start.project = project;
      const because = caller ? await this.decide(route, caller, project) : 'public';
      // Only who may ask hears what is wrong with the question.
      const query = check(route.query, request.query);
      const body = bodyOf(route, request.body);
      const handle = isPublicRead(route) ? unrecorded(request.id) : await this.audit.begin({ ...start, reason: because }, request.id);
      request.fairlead = {
        caller,
        params,
        query,
        body,
        audit: handle,
        project,
        request,
        reply,
        sourceAddress: address,
        note: { reason: because },
      } satisfies RestContext;
      return true;
    } catch (error) {
      if (!isPublicRead(route)) await this.refused(start, error, request.id);
      throw error;
    }
  }

  private async authenticate(request: RestRequest, route: Route): Promise<Caller> {
    const authorization = onlyHeader(request.raw, 'authorization');
    if (authorization === null) throw new AppError('not_signed_in');
    if (authorization !== undefined) {
      const token = /^Bearer ([^\s]+)$/i.exec(authorization)?.[1];
      const caller = token ? await this.authenticator.fromBearer(token) : null;
      if (!caller) throw new AppError('not_signed_in');
      return caller;
    }
    const cookie = this.authenticator.sessionCookie(request.raw);
    const caller = cookie ? await this.authenticator.fromSession(cookie) : null;
    if (!caller) throw new AppError('not_signed_in');
    if (caller.mustChangePassword && !beforePasswordChange.has(route.action)) throw new AppError('password_change_needed');
    return caller;
  }

  /** A browser names the site a change comes from; a script with a token may leave it out. */
  private checkOrigin(request: RestRequest, caller: Caller | null): void {
    const origin = onlyHeader(request.raw, 'origin');
    const site = request.raw.headers['sec-fetch-site'];
    if (caller?.credential.kind === 'token' && origin === undefined) return;
    if (origin === undefined && caller === null && site === undefined) return; // sign-in by a script
    if (!this.origins.allowsOrigin(origin) || (site !== undefined && site !== 'same-origin')) throw new AppError('wrong_origin');
  }

  private async projectOf(params: unknown, caller: Caller | null): Promise<ProjectInfo | null> {
    const ref = (params as { project?: string }).project;
    if (ref === undefined) return null;
    const known = caller?.grants.find((grant) => grant.projectId === ref || grant.projectName === ref);
    const project = known ? { id: known.projectId, name: known.projectName } : await this.directory.project(ref);
    if (!caller || !project || !seesProject(caller, project.id, this.clock.now()))
      throw new AppError('not_found', { what: 'project', name: ref });
    return project;
  }

  /** The rule that allows, in words. @throws AppError forbidden with a receipt */
  private async decide(route: Route, caller: Caller, project: ProjectInfo | null): Promise<string> {
    const { access } = route;
    const changes = route.method !== 'GET';
    if (access === 'signed-in' || access === 'public') {
      if (changes && caller.credential.kind === 'token' && caller.credential.readOnly && route.action !== 'auth.sign-out')
        throw new AppError('forbidden', { reason: 'The token is read-only.' });
      return `signed in as ${caller.name}`;
    }
    if ('platform' in access) {
      const readOnly = changes && caller.credential.kind === 'token' && caller.credential.readOnly;
      if (!readOnly && platformAllows(caller, access.platform)) return `platform permission ${access.platform}`;
      const reason = readOnly ? 'The token is read-only.' : `This needs the platform permission ${access.platform}.`;
      throw new AppError(
        'forbidden',
        { reason },
        {
          receipt: {
            verb: access.platform,
            resource: access.platform.split('.')[0]!,
            scope: 'platform',
            needs: 'platform admin',
            has: null,
            askFor: [],
          },
        },
      );
    }
    if (!project) throw new InvariantError(`${route.path} judges a project and has none in its path`);
    const decision = decideProject(caller, project, access.project, changes && route.action !== 'apps.plan', this.clock.now());
    if (decision.allowed) return decision.because;
    const askFor = await this.directory.grantersOf(project.id, this.clock.now()).catch(() => []);
    throw new AppError('forbidden', { reason: `${decision.because}.` }, { receipt: { ...decision.receipt, askFor } });
  }

  private async refused(start: AuditStart, error: unknown, id: string): Promise<void> {
    if (!(error instanceof AppError) || error.status >= 500) return;
    const handle = await this.audit.begin({ ...start, mutating: false }, id).catch(() => null);
    await handle?.end({ outcome: 'refused', reason: error.code === 'forbidden' ? error.message : error.code, status: error.status });
  }
}

/** Health and the API's description: asked by anyone, all the time, about nobody. They leave no entry, or anyone could fill the log. */
const isPublicRead = (route: Route): boolean => route.access === 'public' && route.method === 'GET';

const unrecorded = (id: string): AuditHandle => ({ id, started: async () => {}, end: async () => {}, ended: () => {} });

function bodyOf(route: Route, body: unknown): unknown {
  if (route.body) return check(route.body, body ?? {});
  const empty = body === undefined || body === null || JSON.stringify(body) === '{}';
  if (!empty) throw new AppError('invalid_request', {}, { issues: [{ path: '', message: 'this route takes no body' }] });
  return undefined;
}

function check(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 50).map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }));
  throw new AppError('invalid_request', {}, { issues });
}
