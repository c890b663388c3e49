import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Status } from '@fairlead/kube';
import type { PortOpening, PortTarget } from '@fairlead/shared';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { Origins } from '../../platform/http/origins.js';
import { newId } from '../../platform/id.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { PgEvents } from '../../platform/pg-events.js';
import { repeat } from '../../platform/repeat.js';
import { Sealer } from '../../platform/sealer.js';
import { decideKubernetes, impersonationOf } from '../access/index.js';
import { type AppRecord } from '../apps/index.js';
import { AuditLog } from '../audit/index.js';
import { Authenticator, actorOf, type Caller, credentialIds, hashSecret, newSecret } from '../auth/index.js';
import { Clusters } from '../clusters/index.js';
import { OpenStreams, PodPorts, reviewOf } from '../gateway/index.js';
import { cutDeadPods } from './dead-pods.js';
import { checkLink, linkPath, signLink } from './link.js';
import { attributesOf, LiveOpening, targetOf } from './live-opening.js';
import { endedChannel, type OpeningRow, OpeningStore } from './opening-store.js';
import { podBehind } from './pod-behind.js';
import { newLabel, type PortsSite, portsSite } from './port-hosts.js';
import { type StoredStart, startOf } from './stored-start.js';
import { Trouble } from './trouble.js';

const linkMs = 60_000;
const lifetimeMs = 3600_000;
const keepEndedMs = 24 * 3600_000;
const freshMs = 2_000;
const idleTunnelMs = 60_000;
const tickMs = 5_000;
const maxOpen = 20;

export interface Asker {
  sourceAddress: string;
  userAgent: string;
}

/**
 * Opened ports, from the link to the end. What is true of one stands in Postgres; this process carries those whose browser comes here, and has each
 * judged by the gateway's open streams: policy each second and at every change of rights, the cluster every 30 s.
 */
@Injectable()
export class Openings implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly live = new Map<string, { opening: LiveOpening; seenMs: number; release: () => void }>();
  private readonly loading = new Map<string, Promise<LiveOpening>>();
  private readonly stopped = new AbortController();
  private readonly key: Buffer;
  private undo = () => {};

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: OpeningStore,
    private readonly authenticator: Authenticator,
    private readonly audit: AuditLog,
    private readonly clusters: Clusters,
    private readonly events: PgEvents,
    private readonly origins: Origins,
    private readonly streams: OpenStreams,
    private readonly pods: PodPorts,
    sealer: Sealer,
  ) {
    this.key = sealer.derive('fairlead port links');
  }

  get site(): PortsSite {
    return portsSite(this.origins.publicUrl, this.config.portsHost);
  }

  onApplicationBootstrap(): void {
    this.undo = this.events.on(endedChannel, (label) => this.drop(label));
    const failed = (error: unknown) => this.logger.warn({ error }, 'opened ports could not be looked after');
    void repeat(this.clock, tickMs, this.stopped.signal, () => this.lookAfter(), failed); // ends with shutdown
  }

  async onModuleDestroy(): Promise<void> {
    this.undo();
    this.stopped.abort();
    await this.flush().catch(() => {}); // a figure of the log, and the database may be away
    for (const label of [...this.live.keys()]) this.drop(label);
  }

  /** @throws AppError ports_unavailable, forbidden when policy or cluster do not allow it, audit_unavailable */
  async open(
    caller: Caller,
    { app, target, project, by }: { app: AppRecord; target: PortTarget; project: { id: string; name: string }; by: Asker },
  ): Promise<{ row: OpeningRow; link: string }> {
    const { site } = this;
    if (!site.available) throw new AppError('ports_unavailable', { reason: site.reason });
    await this.checkRight(caller, app, target);
    if ((await this.store.ofPerson(caller.id)).length >= maxOpen)
      throw new AppError('ports_unavailable', { reason: `You have ${maxOpen} ports open: close one first.` });
    const now = this.clock.now();
    const id = newId();
    const start: StoredStart = {
      action: 'kubernetes.pods.portforward',
      verb: 'create',
      actor: actorOf(caller),
      door: caller.credential.kind === 'session' ? 'web' : 'rest',
      mutating: true,
      project,
      cluster: { id: app.clusterId, name: app.cluster.name },
      namespace: app.namespace,
      resource: 'pods/portforward',
      name: target.name,
      ...by,
      ...credentialIds(caller),
      reason: `open ${titleOf(target)}`,
    };
    const entry = await this.audit.begin(start, id);
    try {
      const expiresAt = new Date(Math.min(now.getTime() + lifetimeMs, caller.credential.expiresAt.getTime()));
      const linkExpiresAt = new Date(Math.min(now.getTime() + linkMs, expiresAt.getTime()));
      const row = await this.store.add({
        id,
        label: newLabel(randomBytes(20)),
        projectId: project.id,
        appId: app.id,
        clusterId: app.clusterId,
        namespace: app.namespace,
        targetKind: target.kind,
        targetName: target.name,
        port: target.port,
        principalId: caller.id,
        credentialKind: caller.credential.kind,
        credentialId: caller.credential.id,
        createdAt: now,
        expiresAt,
        linkExpiresAt,
        audit: start,
      });
      const token = signLink(this.key, { id, label: row.label, expiresAt: linkExpiresAt });
      return { row, link: `${site.scheme}//${row.label}${site.suffix}${linkPath}?link=${token}` };
    } catch (error) {
      entry.ended({ outcome: 'failed', reason: 'it could not be stored' });
      throw error;
    }
  }

  /** The cookie's secret, once. @throws Trouble */
  async redeem(label: string, token: string): Promise<{ secret: string; row: OpeningRow }> {
    const row = await this.store.byLabel(label);
    const now = this.clock.now();
    if (!row) throw new Trouble('not_open');
    const verdict = checkLink(this.key, token, row, now);
    if (verdict === 'forged') throw new Trouble('not_open');
    if (row.openedAt) throw new Trouble('link_used');
    if (row.endedAt) throw new Trouble('closed', row.endCause ?? '');
    if (verdict === 'expired') throw new Trouble('link_expired');
    const secret = newSecret();
    if (!(await this.store.redeem(row.id, hashSecret(secret), now))) throw new Trouble('link_used');
    await this.entryOf(row).started(`opened ${titleOf(targetOf(row))}`);
    return { secret, row };
  }

  /** The opening at this host name, for the browser that has its cookie. @throws Trouble */
  async at(label: string, secret: string | null): Promise<LiveOpening> {
    if (secret === null) throw new Trouble('not_open');
    if (!this.streams.rightsKnown) throw new Trouble('rights_unknown');
    const held = this.live.get(label);
    const fresh = held && this.clock.monotonicMs() - held.seenMs < freshMs;
    const opening = fresh ? held.opening : await this.loaded(label, secret);
    if (!isSecretOf(opening.row, secret)) throw new Trouble('not_open');
    opening.usedMs = this.clock.monotonicMs();
    return opening;
  }

  async ofPerson(caller: Caller, appId: string): Promise<OpeningRow[]> {
    const now = this.clock.now();
    const rows = await this.store.ofPerson(caller.id, appId);
    return rows.filter((row) => row.expiresAt > now && (row.openedAt !== null || row.linkExpiresAt > now));
  }

  /** @throws AppError not_found for one that is not the caller's own */
  async close(caller: Caller, appId: string, id: string): Promise<OpeningRow> {
    const row = (await this.store.ofPerson(caller.id, appId)).find((each) => each.id === id);
    if (!row) throw new AppError('not_found', { what: 'open port', name: id });
    await this.end(row, `closed by ${caller.name}`);
    return row;
  }

  show(row: OpeningRow): PortOpening {
    const { site } = this;
    const host = site.available ? `${row.label}${site.suffix}` : '';
    return {
      id: row.id,
      appId: row.appId,
      target: targetOf(row),
      host,
      url: site.available ? `${site.scheme}//${host}/` : '',
      state: row.openedAt ? 'open' : 'waiting',
      openedBy: startOf(row).actor.name,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
    };
  }

  private async checkRight(caller: Caller, app: AppRecord, target: PortTarget): Promise<void> {
    const attributes = attributesOf(app.namespace, target);
    const decision = decideKubernetes(caller, { id: app.clusterId, name: app.cluster.name }, attributes, this.clock.now());
    if (!decision.allowed) throw new AppError('forbidden', { reason: `${decision.because}.` });
    if (!this.streams.rightsKnown)
      throw new AppError('cluster_not_ready', { cluster: app.cluster.name, reason: 'your rights cannot be checked at the moment' });
    const { user, groups } = impersonationOf(caller);
    if (!(await this.clusters.observe(app.clusterId).review(user, groups, reviewOf(attributes))))
      throw new AppError('forbidden', {
        reason: `The cluster ${app.cluster.name} does not allow you to create pods/portforward in the namespace ${app.namespace}.`,
      });
  }

  private loaded(label: string, secret: string): Promise<LiveOpening> {
    let running = this.loading.get(label);
    if (!running) {
      running = this.load(label, secret).finally(() => this.loading.delete(label));
      this.loading.set(label, running);
    }
    return running;
  }

  /** As the database has it now: ended here, elsewhere, or by a right that is gone. */
  private async load(label: string, secret: string): Promise<LiveOpening> {
    const row = await this.store.byLabel(label);
    // Whoever has not the cookie learns nothing and ends nothing.
    if (!row || !isSecretOf(row, secret)) throw new Trouble('not_open');
    const held = this.live.get(label);
    const now = this.clock.now();
    if (row.endedAt) {
      this.drop(label);
      throw new Trouble('closed', row.endCause ?? '');
    }
    const over = async (cause: string): Promise<never> => {
      await this.end(row, cause);
      throw new Trouble('closed', cause);
    };
    if (row.expiresAt <= now) return over('its time is over');
    if (held) {
      held.seenMs = this.clock.monotonicMs();
      return held.opening;
    }
    const caller = await this.authenticator.ofCredential(row.credentialKind === 'token' ? 'token' : 'session', row.credentialId);
    if (!caller) return over('revoked: the credential is no longer valid');
    const cluster = await this.clusters.resolve(row.clusterId);
    if (!cluster) return over('the cluster is no longer registered');
    const opening = new LiveOpening(
      row,
      caller,
      { id: cluster.id, name: cluster.name },
      (each) => this.dial(each),
      (each, reason, cause) => this.judged(each, reason, cause),
    );
    const decision = decideKubernetes(caller, cluster, opening.attributes, now);
    if (!decision.allowed) return over(`revoked: ${decision.because}`);
    const release = this.streams.add(opening);
    this.live.set(label, { opening, seenMs: this.clock.monotonicMs(), release });
    return opening;
  }

  private async dial(opening: LiveOpening) {
    const { caller, cluster, target, row } = opening;
    const client = await this.clusters.actAs(caller, cluster.id);
    const behind = await podBehind(client, row.namespace, target, Math.random);
    if ('none' in behind) throw new Trouble('no_pod', behind.none);
    const at = { cluster, namespace: row.namespace, ...behind };
    const stream = await this.pods.dial(caller, at, { auditId: row.id, sourceAddress: startOf(row).sourceAddress }, opening.count);
    opening.leadsTo(behind.pod, stream);
    if (opening.over) stream.destroy();
    return stream;
  }

  /** The open streams' word: the right is gone, or (503) cannot be known for now or Fairlead stops, which ends what is carried and not the opening. */
  private judged(opening: LiveOpening, reason: Status, cause: string): void {
    if (reason.code === 503) this.drop(opening.row.label);
    else void this.end(opening.row, cause).catch((error: unknown) => this.logger.warn({ error }, 'an opened port could not be ended'));
  }

  /** Cut off first, then recorded: by whichever process is first. */
  private async end(row: OpeningRow, cause: string): Promise<void> {
    const held = this.live.get(row.label);
    this.drop(row.label);
    if (held) await this.flushOne(held.opening);
    const ended = await this.store.end(row.id, cause, this.clock.now());
    if (!ended) return;
    await this.entryOf(row).end({
      outcome: cause.startsWith('revoked') ? 'refused' : 'allowed',
      reason: startOf(row).reason ?? '',
      summary: titleOf(targetOf(row)),
      bytesIn: Number(ended.bytesIn),
      bytesOut: Number(ended.bytesOut),
      endCause: cause,
    });
  }

  private async cutDeadPods(opening: LiveOpening): Promise<void> {
    if (opening.pods.size === 0 || opening.looking) return;
    opening.looking = true;
    try {
      await cutDeadPods(opening, await this.clusters.actAs(opening.caller, opening.cluster.id));
    } catch {
      // a cluster that does not answer ends nothing
    } finally {
      opening.looking = false;
    }
  }

  private drop(label: string): void {
    const held = this.live.get(label);
    if (!held) return;
    this.live.delete(label);
    held.release();
    held.opening.cut();
  }

  private entryOf(row: OpeningRow) {
    return this.audit.resume(startOf(row), row.id, row.createdAt);
  }

  private async lookAfter(): Promise<void> {
    await this.flush();
    for (const { opening } of this.live.values()) void this.cutDeadPods(opening); // never rejects; time limits wait for no cluster
    const now = this.clock.now();
    for (const row of await this.store.overdue(now))
      await this.end(row, row.openedAt ? 'its time is over' : 'the link was not opened in time');
    await this.store.forget(new Date(now.getTime() - keepEndedMs));
  }

  private async flush(): Promise<void> {
    for (const { opening } of this.live.values()) {
      if (this.clock.monotonicMs() - opening.usedMs > idleTunnelMs) opening.tunnels.closeIdle();
      await this.flushOne(opening);
    }
  }

  private async flushOne(opening: LiveOpening): Promise<void> {
    const { bytesIn, bytesOut } = opening;
    if (bytesIn === 0 && bytesOut === 0) return;
    opening.bytesIn = 0;
    opening.bytesOut = 0;
    await this.store.addBytes(opening.row.id, bytesIn, bytesOut);
  }
}

export const titleOf = ({ kind, name, port }: PortTarget): string => `${kind} ${name}, port ${port}`;

function isSecretOf({ secretHash }: OpeningRow, secret: string): boolean {
  const given = hashSecret(secret);
  return secretHash !== null && secretHash.length === given.length && timingSafeEqual(secretHash, given);
}
