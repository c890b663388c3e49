import type { IncomingMessage } from 'node:http';
import {
  badRequest,
  forbidden,
  methodNotAllowed,
  type Status,
  status,
  TargetError,
  tooManyRequests,
  unauthorized,
  unavailable,
} from '@fairlead/kube';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { toAppError } from '../../platform/http/error.filter.js';
import { isRead } from '../../platform/http/is-read.js';
import { Origins } from '../../platform/http/origins.js';
import { sourceAddress } from '../../platform/http/request.js';
import { newId } from '../../platform/id.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { Directory, decideKubernetes, impersonationOf, type KubernetesDecision } from '../access/index.js';
import { type AuditHandle, AuditLog, type AuditStart, anonymous, type Door } from '../audit/index.js';
import { Authenticator, actorOf, type Caller, credentialIds } from '../auth/index.js';
import { refusal } from './answers.js';
import { actionOf, isMutating, resourceOf, summaryOf } from './audit-words.js';
import { bearerToken, type ClientHeaders, readClientHeaders } from './client-headers.js';
import { FoldedDiscovery } from './folded-discovery.js';
import { OpenStreams, reviewOf } from './open-streams.js';
import { type SeatKind, Seats } from './seats.js';
import { BadTarget, type GatewayTarget, isLegacyVerbPath, kubectlTarget, podSocketTarget } from './target.js';
import { GATEWAY_UPSTREAMS, type GatewayUpstreams } from './upstreams.js';

/** A request that may go on. Whoever holds it calls `end` once, whatever happens; that ends its audit entry and gives its seat back. */
export interface Admitted {
  readonly id: string;
  readonly caller: Caller;
  readonly cluster: { id: string; name: string };
  readonly target: GatewayTarget;
  readonly decision: Extract<KubernetesDecision, { allowed: true }>;
  readonly headers: ClientHeaders;
  readonly sourceAddress: string;
  readonly kind: SeatKind;
  /** The entry of a stream says that it began; a session's must be durable before it does. */
  started(): Promise<void>;
  end(how: Ending): void;
}

export interface Ending {
  outcome?: 'allowed' | 'refused' | 'failed';
  status: number | null;
  bytesIn?: number;
  bytesOut?: number;
  cause?: string | null;
  reason?: string;
}

export interface Refused {
  readonly refused: Status;
  readonly id: string;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const sessions = new Set(['exec', 'attach', 'portforward']);

class Refusal extends Error {
  constructor(
    readonly status: Status,
    /** For the audit log. */
    readonly reason: string,
    readonly outcome: 'refused' | 'failed' = 'refused',
  ) {
    super(reason);
  }
}

/**
 * The one admission of everything that goes to a cluster, ordinary or upgraded, from kubectl or the dashboard: canonical target → RequestInfo →
 * authenticate → policy → seat → the cluster's own opinion of sessions → audit. Deny is the default, and a refusal is recorded like an act.
 */
@Injectable()
export class Admission {
  private readonly seats = new Seats();
  private readonly discovery = new FoldedDiscovery();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_UPSTREAMS) private readonly upstreams: GatewayUpstreams,
    private readonly authenticator: Authenticator,
    private readonly audit: AuditLog,
    private readonly directory: Directory,
    private readonly origins: Origins,
    private readonly streams: OpenStreams,
  ) {}

  async admit(req: IncomingMessage, door: Extract<Door, 'kubectl' | 'web'>, isUpgrade: boolean): Promise<Admitted | Refused> {
    const id = newId();
    const method = req.method ?? '';
    const start: AuditStart = {
      action: 'kubernetes.request',
      verb: method.toLowerCase(),
      actor: anonymous,
      door,
      mutating: false,
      project: null,
      cluster: null,
      namespace: null,
      resource: null,
      name: null,
      sourceAddress: sourceAddress(req, this.config.trustedProxies),
      userAgent: req.headers['user-agent'] ?? '',
      sessionId: null,
      tokenId: null,
      reason: '',
    };
    let release = () => {};
    try {
      if (!methods.has(method))
        throw new Refusal(methodNotAllowed('the method is not one of Kubernetes'), 'the method is not one of Kubernetes');
      const headers = readClientHeaders(req.rawHeaders, isUpgrade);
      if (headers.repeated)
        throw new Refusal(
          headers.repeated === 'authorization' ? unauthorized() : badRequest(`the header ${headers.repeated} came twice`),
          `the header ${headers.repeated} came twice`,
        );
      const target = readTarget(method, req.url ?? '', door);
      describe(start, target);
      const caller = await this.authenticate(req, headers, door);
      start.actor = actorOf(caller);
      const { sessionId, tokenId } = credentialIds(caller);
      start.sessionId = sessionId;
      start.tokenId = tokenId;
      if (headers.impersonates)
        throw new Refusal(
          forbidden(`User "${caller.name}" cannot impersonate: Fairlead says who you are in the cluster`),
          'deny.impersonation',
        );
      if (headers.hasBody && isRead(method)) throw new Refusal(badRequest('a read has no body'), 'a read with a body');
      const cluster = await this.upstreams.resolve(target.cluster);
      const now = this.clock.now();
      if (!cluster || !seesCluster(caller, cluster, now))
        throw new Refusal(noCluster(target.cluster), 'the cluster is not there, or no grant reaches it');
      start.cluster = cluster;
      const decision = decideKubernetes(caller, cluster, target.info, now);
      start.project = decision.project;
      if (decision.class === 'discovery') start.action = 'kubernetes.discovery';
      if (isLegacyVerbPath(target.target))
        throw new Refusal(forbidden('paths below /watch/ and /proxy/ are not open; use ?watch=1'), 'a legacy path');
      if (!decision.allowed)
        throw new Refusal(refusal(caller, target.info, decision, await this.granters(decision, now)), decision.because);
      const kind = seatKind(target);
      if (isUpgrade) checkUpgrade(headers, target, door);
      else if (kind === 'session')
        throw new Refusal(badRequest('this needs an upgrade to WebSocket or SPDY/3.1'), 'a session without an upgrade');
      if (kind !== 'request' && !this.streams.rightsKnown)
        throw new Refusal(
          unavailable('your rights cannot be checked at the moment; try again shortly', 5),
          'rights could not be checked',
          'failed',
        );
      release = this.seat(caller, kind);
      start.mutating = isMutating(target.info);
      start.reason = decision.because;
      // Before anything reaches the cluster.
      const handle = await this.audit.begin(start, id);
      try {
        if (kind === 'session') await this.askCluster(caller, cluster, target);
      } catch (error) {
        const known = this.refusalOf(error);
        handle.ended({ outcome: known.outcome, reason: known.reason, status: known.status.code, summary: summaryOf(target.target) });
        release();
        return { refused: known.status, id };
      }
      return this.admitted({ id, caller, cluster, target, decision, headers, kind, sourceAddress: start.sourceAddress }, handle, release);
    } catch (error) {
      release();
      const known = this.refusalOf(error);
      await this.record(start, id, known);
      return { refused: known.status, id };
    }
  }

  private admitted(
    facts: Pick<Admitted, 'id' | 'caller' | 'cluster' | 'target' | 'decision' | 'headers' | 'kind' | 'sourceAddress'>,
    handle: AuditHandle,
    release: () => void,
  ): Admitted {
    const { caller, cluster, decision, kind, target } = facts;
    let over = false;
    return {
      ...facts,
      started: () => handle.started(decision.because),
      end: ({ outcome = 'allowed', status: code, bytesIn = 0, bytesOut = 0, cause = null, reason }) => {
        if (over) return;
        over = true;
        release();
        if (
          outcome === 'allowed' &&
          kind === 'request' &&
          decision.class === 'discovery' &&
          !this.discovery.isFirst(caller.credential.id, cluster.id, this.clock.monotonicMs())
        )
          return;
        handle.ended({
          outcome,
          reason: reason ?? decision.because,
          status: code,
          bytesIn,
          bytesOut,
          endCause: cause,
          summary: summaryOf(target.target),
        });
      },
    };
  }

  private async authenticate(req: IncomingMessage, headers: ClientHeaders, door: Door): Promise<Caller> {
    if (door === 'web') {
      if (!this.origins.allowsOrigin(headers.origin)) throw new Refusal(forbidden('the request comes from another site'), 'wrong_origin');
      const secret = this.authenticator.sessionCookie(req);
      const caller = secret && headers.authorization === undefined ? await this.authenticator.fromSession(secret) : null;
      if (!caller) throw new Refusal(unauthorized(), 'not_signed_in');
      if (caller.mustChangePassword) throw new Refusal(forbidden('change the generated password first'), 'password_change_needed');
      return caller;
    }
    // A cookie is never looked at here: no other site can make a browser act.
    const token = bearerToken(headers.authorization);
    const caller = token ? await this.authenticator.fromBearer(token) : null;
    if (!caller) throw new Refusal(unauthorized(), 'not_signed_in');
    return caller;
  }

  private async granters(decision: Extract<KubernetesDecision, { allowed: false }>, now: Date): Promise<string[]> {
    if (!decision.project || decision.needs === null) return [];
    return this.directory.grantersOf(decision.project.id, now).catch(() => []);
  }

  private seat(caller: Caller, kind: SeatKind): () => void {
    const release = this.seats.take(caller.id, kind);
    if (!release) throw new Refusal(tooManyRequests(`too many ${kind}s of yours at once`, 1), 'too many at once');
    return release;
  }

  /** By WebSocket a session is a GET, and clusters before 1.35 ask only for `get`: here it always is `create`. */
  private async askCluster(caller: Caller, cluster: { id: string; name: string }, { info }: GatewayTarget): Promise<void> {
    const { user, groups } = impersonationOf(caller);
    const allowed = await this.upstreams.observe(cluster.id).review(user, groups, reviewOf(info));
    if (!allowed)
      throw new Refusal(
        forbidden(
          `User "${caller.name}" cannot create resource "${info.resource}/${info.subresource}" in the namespace "${info.namespace}": the cluster does not allow it`,
        ),
        'the cluster does not allow it',
      );
  }

  private refusalOf(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    if (error instanceof TargetError || error instanceof BadTarget) return new Refusal(badRequest(error.message), error.message);
    const known = toAppError(error);
    if (!(error instanceof AppError) && known.code === 'internal') this.logger.error({ error }, 'a request to a cluster failed');
    if (known.code === 'internal' && isClusterTrouble(error))
      return new Refusal(status(502, 'BadGateway', 'the cluster does not answer'), 'the cluster does not answer', 'failed');
    const reason = { 404: 'NotFound', 502: 'BadGateway', 503: 'ServiceUnavailable' }[known.status] ?? 'InternalError';
    return new Refusal(status(known.status, reason, known.message), known.code, 'failed');
  }

  private async record(start: AuditStart, id: string, { status: answer, reason, outcome }: Refusal): Promise<void> {
    const handle = await this.audit.begin({ ...start, mutating: false }, id).catch(() => null);
    handle?.ended({ outcome, reason, status: answer.code });
  }
}

function readTarget(method: string, url: string, door: Door): GatewayTarget {
  return door === 'web' ? podSocketTarget(url) : kubectlTarget(method, url);
}

function describe(start: AuditStart, { info, target }: GatewayTarget): void {
  start.action = actionOf(info);
  start.verb = info.verb === '' ? 'unknown' : info.verb;
  start.namespace = info.namespace || null;
  start.resource = resourceOf(info);
  start.name = info.isResourceRequest ? info.name || null : target.path.slice(0, 200);
}

/** Whether the cluster is there is told to those only whom a grant leads there. */
const seesCluster = (caller: Caller, cluster: { id: string; name: string }, now: Date): boolean =>
  decideKubernetes(caller, cluster, anyDiscovery, now).allowed;
const anyDiscovery = {
  isResourceRequest: false,
  path: '/version',
  verb: 'get',
  apiGroup: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
};

const noCluster = (name: string): Status => status(404, 'NotFound', `there is no cluster ${name}, or no grant of yours reaches it`);

function seatKind({ info, target }: GatewayTarget): SeatKind {
  if (info.resource === 'pods' && info.apiGroup === '' && sessions.has(info.subresource)) return 'session';
  const follow = target.params.get('follow')?.[0];
  return info.verb === 'watch' || (info.subresource === 'log' && follow !== undefined && follow !== 'false' && follow !== '0')
    ? 'stream'
    : 'request';
}

/** In Node an Upgrade header leaves the ordinary way of a request, so what may switch protocols is said here, and nothing else does. */
function checkUpgrade({ upgrade }: ClientHeaders, { info }: GatewayTarget, door: Door): void {
  const session =
    info.apiGroup === '' && info.resource === 'pods' && info.namespace !== '' && info.name !== '' && sessions.has(info.subresource);
  const webLog = door === 'web' && info.resource === 'pods' && info.subresource === 'log';
  if (!session && !webLog) throw new Refusal(badRequest('this path does not switch protocols'), 'an upgrade where there is none');
  if (upgrade !== 'websocket' && !(upgrade === 'spdy/3.1' && door === 'kubectl'))
    throw new Refusal(badRequest('only WebSocket and SPDY/3.1 are spoken here'), 'an upgrade to an unknown protocol');
}

const isClusterTrouble = (error: unknown): boolean =>
  error instanceof Error && /^(KubeError|ClusterUnreachable|AddressDenied)$/.test(error.name);
