import { type Status, status } from '@fairlead/kube';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { decideKubernetes, impersonationOf, type KubernetesAttributes } from '../access/index.js';
import { Authenticator, type Caller, SecurityChanges } from '../auth/index.js';
import { GATEWAY_UPSTREAMS, type GatewayUpstreams } from './upstreams.js';

/** One request or stream under way, with what its right rests on. */
export interface OpenStream {
  caller: Caller;
  readonly cluster: { id: string; name: string };
  readonly attributes: KubernetesAttributes;
  /** Asked of the cluster too, every 30 s: watches, logs and sessions. */
  readonly sweep: boolean;
  /** Ends it now, on both sides. `cause` is for the audit log. */
  end(reason: Status, cause: string): void;
}

const tickMs = 1_000;
const sweepMs = 30_000;
/** With nothing heard of changed rights for so long, nobody's rights are known well enough. */
export const maxStaleMs = 15_000;
const maxReloadMs = 4_000;

/**
 * Everything that is open at the gateway. A right that is taken in Fairlead ends what rests on it within 5 s: told by push, polled, judged anew each second
 * for what runs out by itself. A right that is taken in the cluster alone: within 60 s, by asking it.
 */
@Injectable()
export class OpenStreams implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly open = new Set<OpenStream>();
  /** Credentials whose rights may have changed, since when. */
  private readonly doubted = new Map<string, number>();
  private readonly stopped = new AbortController();
  private readonly undo: () => void;
  private reloading = false;
  private sweeping = false;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(GATEWAY_UPSTREAMS) private readonly upstreams: GatewayUpstreams,
    private readonly authenticator: Authenticator,
    private readonly changes: SecurityChanges,
  ) {
    this.undo = changes.onChange(({ principalId }) => {
      for (const { caller } of this.open) if (principalId === null || principalId === caller.id) this.doubt(caller);
      void this.reload();
    });
  }

  get size(): number {
    return this.open.size;
  }

  /** Are changes of rights heard of? Without that, nothing new is opened. */
  get rightsKnown(): boolean {
    return this.changes.staleMs <= maxStaleMs;
  }

  add(stream: OpenStream): () => void {
    this.open.add(stream);
    return () => this.open.delete(stream);
  }

  onApplicationBootstrap(): void {
    void this.watch(); // ends with shutdown
  }

  onModuleDestroy(): void {
    this.undo();
    this.stopped.abort();
    this.endAll();
  }

  /** Each in its own words. */
  endAll(): void {
    for (const stream of [...this.open]) this.end(stream, status(503, 'ServiceUnavailable', 'Fairlead is stopping'), 'Fairlead stopped');
  }

  private async watch(): Promise<void> {
    const { signal } = this.stopped;
    let sweptMs = this.clock.monotonicMs();
    while (!signal.aborted) {
      await this.clock.sleep(tickMs, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        this.judge();
        void this.reload();
        if (this.clock.monotonicMs() - sweptMs >= sweepMs) {
          sweptMs = this.clock.monotonicMs();
          void this.sweep();
        }
      } catch (error) {
        this.logger.error({ error }, 'the open streams could not be judged');
      }
    }
  }

  /** What can be said without asking anybody: expiry, and whether rights are known at all. */
  private judge(): void {
    const known = this.rightsKnown;
    for (const stream of this.open) {
      const since = this.doubted.get(stream.caller.credential.id);
      if (!known || (since !== undefined && this.clock.monotonicMs() - since > maxReloadMs))
        this.end(
          stream,
          status(503, 'ServiceUnavailable', 'your rights cannot be checked at the moment; try again shortly'),
          'rights could not be checked',
        );
      else this.rejudge(stream);
    }
  }

  private rejudge(stream: OpenStream): void {
    const now = this.clock.now();
    if (stream.caller.credential.expiresAt <= now) {
      this.end(stream, status(401, 'Unauthorized', 'the credential has expired'), 'revoked: the credential has expired');
      return;
    }
    const decision = decideKubernetes(stream.caller, stream.cluster, stream.attributes, now);
    if (!decision.allowed)
      this.end(stream, status(403, 'Forbidden', `the right to this was taken away: ${decision.because}`), `revoked: ${decision.because}`);
  }

  private doubt(caller: Caller): void {
    const { id } = caller.credential;
    if (!this.doubted.has(id)) this.doubted.set(id, this.clock.monotonicMs());
  }

  private async reload(): Promise<void> {
    if (this.reloading || this.doubted.size === 0) return;
    this.reloading = true;
    try {
      while (this.doubted.size > 0) {
        const [id, since] = this.doubted.entries().next().value!;
        this.doubted.delete(id); // whoever doubts while we ask, doubts anew
        await this.renew(id).catch((error: unknown) => {
          this.doubted.set(id, since);
          throw error;
        });
      }
    } catch (error) {
      this.logger.warn({ error }, 'rights could not be loaded; trying again in a second');
    } finally {
      this.reloading = false;
    }
  }

  private async renew(credentialId: string): Promise<void> {
    const resting = () => [...this.open].filter(({ caller }) => caller.credential.id === credentialId);
    const [first] = resting();
    if (!first) return;
    const fresh = await this.authenticator.reload(first.caller);
    for (const stream of resting()) {
      if (fresh) {
        stream.caller = fresh;
        this.rejudge(stream);
      } else this.end(stream, status(401, 'Unauthorized', 'the credential was revoked'), 'revoked: the credential is no longer valid');
    }
  }

  /** The cluster's own opinion. One that does not answer ends nothing. */
  private async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      for (const stream of [...this.open].filter((each) => each.sweep)) {
        const allowed = await this.askCluster(stream).catch(() => null);
        if (allowed === false && this.open.has(stream))
          this.end(stream, status(403, 'Forbidden', 'the cluster no longer allows this'), 'revoked: the cluster no longer allows it');
      }
    } finally {
      this.sweeping = false;
    }
  }

  private askCluster({ caller, cluster, attributes: a }: OpenStream): Promise<boolean> {
    const { user, groups } = impersonationOf(caller);
    return this.upstreams.observe(cluster.id).review(user, groups, reviewOf(a));
  }

  private end(stream: OpenStream, reason: Status, cause: string): void {
    if (!this.open.delete(stream)) return;
    try {
      stream.end(reason, cause);
    } catch (error) {
      this.logger.error({ error }, 'a stream could not be ended in words');
    }
  }
}

/** What the cluster is asked about a request: sessions need `create`, whatever method opens them. */
export function reviewOf(a: KubernetesAttributes): {
  group: string;
  resource: string;
  verb: string;
  namespace?: string;
  name?: string;
  subresource?: string;
} {
  const session = a.subresource === 'exec' || a.subresource === 'attach' || a.subresource === 'portforward';
  return {
    group: a.apiGroup,
    resource: a.resource,
    verb: session ? 'create' : a.verb,
    ...(a.namespace === '' ? {} : { namespace: a.namespace }),
    ...(a.name === '' ? {} : { name: a.name }),
    ...(a.subresource === '' ? {} : { subresource: a.subresource }),
  };
}
