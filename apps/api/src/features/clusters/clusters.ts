import { type InformerHandle, type KubeClient } from '@fairlead/kube';
import { type ClusterNode, isId } from '@fairlead/shared';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { Origins } from '../../platform/http/origins.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { Reader } from '../../platform/reader.js';
import { Sealer } from '../../platform/sealer.js';
import { credentialReachesCluster, impersonationOf } from '../access/index.js';
import { type Caller, SecurityChanges } from '../auth/index.js';
import { removeAccounts } from './accounts/install.js';
import { ACCOUNTS_VERSION } from './accounts/names.js';
import { checkClusterAddress, type OwnAddresses } from './address-policy.js';
import { BindingKeeper, type BindingState } from './binding-keeper.js';
import { type AccountCheck, checkAccounts } from './canary.js';
import { clusterError } from './cluster-error.js';
import { ClusterLink, type LinkTarget, type Upstream } from './cluster-link.js';
import { type ClusterRecord, ClusterStore, type StoredCluster } from './cluster-store.js';
import { type Health, initialHealth } from './health.js';
import { claimNamespace, releaseNamespace } from './keeper.js';
import { ClusterMonitor } from './monitor.js';
import { nodeOf } from './nodes.js';
import type { Observer } from './observer.js';
import { ownAddresses } from './own-addresses.js';

export interface ClusterStatus extends Pick<Health, 'state' | 'since' | 'reason' | 'version' | 'latencyMs' | 'lastContactAt'> {
  /** null until the nodes have been listed. */
  nodes: { ready: number; total: number } | null;
  accountsVersion: number;
}

interface Known {
  record: StoredCluster;
  link: ClusterLink;
  monitor: ClusterMonitor;
  bindings: BindingKeeper;
  nodes: InformerHandle;
  checks: AccountCheck[];
}

/** Every registered cluster, and the two doors to each: `observe` reads as Fairlead, `actAs` does what a caller may. */
@Injectable()
export class Clusters implements OnModuleInit, OnModuleDestroy {
  readonly store: ClusterStore;
  private readonly known = new Map<string, Known>();
  private readonly statusListeners = new Set<(clusterId: string) => void>();
  private own: OwnAddresses = { ports: [], addresses: [], elsewhere: [] };
  private undo = () => {};
  private readonly reader = new Reader(() => this.loadNow());
  private closed = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Config,
    sealer: Sealer,
    private readonly origins: Origins,
    private readonly changes: SecurityChanges,
  ) {
    this.store = new ClusterStore(database, sealer);
  }

  async onModuleInit(): Promise<void> {
    this.own = await ownAddresses(this.config, null);
    await this.load();
    this.undo = this.changes.onChange(({ kind }) => {
      if (kind === 'cluster') this.reload();
      if (kind === 'grant' || kind === 'principal' || kind === 'namespace')
        for (const { bindings } of this.known.values()) bindings.changed();
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    this.undo();
    await Promise.all([...this.known.keys()].map((id) => this.forget(id)));
  }

  /** By name or id. */
  async resolve(ref: string): Promise<ClusterRecord | null> {
    const here = isId(ref) ? this.known.get(ref) : [...this.known.values()].find(({ record }) => record.name === ref);
    if (here) return here.record;
    // Another process may have registered it a moment ago.
    const missed = isId(ref) ? null : await this.store.byName(ref);
    if (missed) await this.load();
    return missed;
  }

  async list(): Promise<ClusterRecord[]> {
    return [...this.known.values()].map(({ record }) => record).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** @throws AppError not_found */
  async upstream(clusterId: string): Promise<Upstream> {
    return this.get(clusterId).link.upstream;
  }

  /** Reads as Fairlead's observer. @throws AppError not_found */
  observe(clusterId: string): Observer {
    return this.get(clusterId).link.observer;
  }

  /**
   * Does in the cluster what the caller may do there, as the caller. Every caller's client shares the cluster's connections: do not close it.
   * @throws AppError not_found; cluster_unreachable, cluster_refused at once when that is known; cluster_not_ready when impersonation is not safe
   */
  async actAs(caller: Caller, clusterId: string): Promise<KubeClient> {
    const { record, link, monitor } = this.get(clusterId);
    if (!credentialReachesCluster(caller, clusterId)) throw new AppError('not_found', { what: 'cluster', name: record.name });
    const { state, reason } = monitor.health;
    if (state === 'connecting') await monitor.check();
    if (monitor.health.state === 'unreachable') throw new AppError('cluster_unreachable', { cluster: record.name, reason: reason ?? '' });
    if (monitor.health.state === 'refused') throw new AppError('cluster_refused', { cluster: record.name, reason: reason ?? '' });
    const { gate } = link;
    if (!gate.open) throw new AppError('cluster_not_ready', { cluster: record.name, reason: gate.reason });
    return link.impersonator.as(impersonationOf(caller));
  }

  /** `actAs` for one piece of work, whose refusals and silences come in the contract's words. @throws AppError as `actAs`, and what `work` throws */
  async asking<T>(caller: Caller, { id, name }: { id: string; name: string }, work: (client: KubeClient) => Promise<T>): Promise<T> {
    try {
      return await work(await this.actAs(caller, id));
    } catch (error) {
      throw clusterError(name, error);
    }
  }

  /** @throws AppError not_found */
  status(clusterId: string): ClusterStatus {
    const { monitor, nodes, record } = this.get(clusterId);
    const { state, since, reason, version, latencyMs, lastContactAt } = monitor.health;
    const list = nodes.informer.synced ? nodes.informer.list().map(nodeOf) : null;
    const counts = list && { ready: list.filter((node) => node.ready).length, total: list.length };
    return { state, since, reason, version, latencyMs, lastContactAt, nodes: counts, accountsVersion: record.accountsVersion };
  }

  nodes(clusterId: string): ClusterNode[] {
    const { nodes } = this.get(clusterId);
    return nodes.informer
      .list()
      .map(nodeOf)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Told of a cluster that is new, gone, or was probed. Gives the way to stop being told. */
  onStatus(listener: (clusterId: string) => void): () => void {
    this.statusListeners.add(listener);
    return () => this.statusListeners.delete(listener);
  }

  /** In step, or why not; a cluster that does not answer cannot be in step for certain. */
  bindingState(clusterId: string): BindingState {
    const known = this.known.get(clusterId);
    if (!known) return { inStep: false, reason: 'the cluster is not registered' };
    const { state, reason } = known.monitor.health;
    if (state === 'unreachable' || state === 'refused') return { inStep: false, reason: `the cluster does not answer: ${reason ?? ''}` };
    return known.bindings.bindingState();
  }

  /** What the bindings rest on was changed by whoever calls: they are out of step from now on, and not when word of it comes back. */
  bindingsChanged(clusterId: string): void {
    this.known.get(clusterId)?.bindings.changed();
  }

  /** Labels the namespace for the project (making it if asked) and writes its bindings. @throws AppError namespace_taken, cluster_unreachable, cluster_refused */
  async claimNamespace({
    clusterId,
    ...claim
  }: {
    clusterId: string;
    namespace: string;
    create: boolean;
    project: { id: string; name: string };
  }): Promise<{ created: boolean }> {
    return this.keeping(clusterId, async ({ link, bindings, record }) => {
      const claimed = await claimNamespace(link.keeper, { ...claim, cluster: record.name });
      await bindings.settle(claim.namespace);
      return claimed;
    });
  }

  /** Takes label and bindings off again; with `deleteIt` a namespace that Fairlead made goes too. @throws AppError cluster_unreachable, cluster_refused */
  async releaseNamespace({
    clusterId,
    ...release
  }: {
    clusterId: string;
    namespace: string;
    projectId: string;
    deleteIt: boolean;
  }): Promise<void> {
    return this.keeping(clusterId, ({ link }) => releaseNamespace(link.keeper, release));
  }

  /** Deletes the namespace that owns everything of ours; the cluster's garbage collector takes the rest. @throws KubeError, ClusterUnreachable */
  async removeAccounts(clusterId: string): Promise<void> {
    await removeAccounts(this.get(clusterId).link.keeper);
  }

  /** Asks the cluster now. What was found is kept for `accountChecks`. @throws AppError not_found */
  async check(clusterId: string): Promise<void> {
    const known = this.get(clusterId);
    await known.monitor.check(true);
    if (known.monitor.health.state !== 'ready') known.checks = [];
    else
      known.checks = await checkAccounts(known.link).catch((error: unknown) => [
        { name: 'the accounts', ok: false, message: error instanceof Error ? error.message : 'no answer' },
      ]);
  }

  /** One probe now, for whoever knows that the cluster came up. @throws AppError not_found */
  async recheck(clusterId: string): Promise<void> {
    await this.get(clusterId).monitor.check();
  }

  /** Of the last `check`. */
  accountChecks = (clusterId: string): readonly AccountCheck[] => this.get(clusterId).checks;

  /** Does it refuse Fairlead's accounts, or has it those of an older release? */
  needsMending(clusterId: string): boolean {
    const known = this.known.get(clusterId);
    return known !== undefined && (known.monitor.health.state === 'refused' || known.record.accountsVersion < ACCOUNTS_VERSION);
  }

  /** A cluster that was just registered, or mended, starts at once. */
  async adopt(record: StoredCluster, checks: AccountCheck[]): Promise<void> {
    await this.forget(record.id);
    const known = this.add(record);
    if (!known) return;
    known.checks = checks;
    await known.monitor.check();
  }

  /** What the cluster page shows until somebody asks for a check. */
  private async checkOnce(known: Known): Promise<void> {
    if (known.checks.length > 0) return;
    const found = await checkAccounts(known.link).catch(() => []);
    if (known.checks.length === 0) known.checks = found;
  }

  /** Ends everything that is open towards the cluster. */
  async forget(clusterId: string): Promise<void> {
    const known = this.known.get(clusterId);
    if (!known) return;
    this.known.delete(clusterId);
    this.tell(clusterId);
    known.nodes.release();
    const closing = known.link.close(); // cuts what monitor and keeper wait for
    await Promise.all([closing, known.monitor.stop(), known.bindings.stop()]);
  }

  /** The address policy at each dial. @throws AddressDenied */
  checkAddress = (ip: string, port: number): void => {
    const door = Number(new URL(this.origins.publicUrl || 'http://127.0.0.1').port);
    checkClusterAddress(ip, port, door > 0 ? { ...this.own, ports: [...this.own.ports, door] } : this.own);
  };

  openLink(target: LinkTarget): ClusterLink {
    return new ClusterLink(target, { clock: this.clock, logger: this.logger, checkAddress: this.checkAddress });
  }

  private get(clusterId: string): Known {
    const known = this.known.get(clusterId);
    if (!known) throw new AppError('not_found', { what: 'cluster', name: clusterId });
    return known;
  }

  private async keeping<T>(clusterId: string, act: (known: Known) => Promise<T>): Promise<T> {
    const known = this.get(clusterId);
    const { state, reason } = known.monitor.health;
    if (state === 'unreachable') throw new AppError('cluster_unreachable', { cluster: known.record.name, reason: reason ?? '' });
    try {
      return await act(known);
    } catch (error) {
      throw clusterError(known.record.name, error);
    }
  }

  private reload(): void {
    void this.load().catch((error: unknown) => this.logger.warn({ error }, 'the clusters could not be read again'));
  }

  /** Makes what runs equal to what is registered. */
  private load(): Promise<void> {
    return this.reader.ask();
  }

  private async loadNow(): Promise<void> {
    const rows = await this.store.all();
    for (const id of [...this.known.keys()]) if (!rows.some((row) => row.id === id)) await this.forget(id);
    for (const row of rows) {
      // Mended by another process: the credential is another one.
      if (this.known.has(row.id) && this.known.get(row.id)?.record.minterToken !== row.minterToken) await this.forget(row.id);
      this.add(row);
    }
  }

  private add(record: StoredCluster): Known | null {
    const there = this.known.get(record.id);
    if (there || this.closed) return there ?? null;
    let minterToken: string;
    try {
      minterToken = this.store.openMinterToken(record);
    } catch (error) {
      this.logger.error(
        { cluster: record.name, error },
        'the credential of a cluster cannot be opened: restore the secret key, or register the cluster again',
      );
      minterToken = 'sealed';
    }
    const { id, name } = record;
    const link = this.openLink({ server: record.server, ca: record.ca, minterToken });
    const ground = { link, clock: this.clock, logger: this.logger };
    const bindings = new BindingKeeper({ ...ground, cluster: { id, name }, database: this.database });
    const monitor = new ClusterMonitor(initialHealth(this.clock.now(), record), {
      ...ground,
      name,
      patienceMs: record.simulated ? 10_000 : 0,
      onHealth: (health, before) => {
        if (health.state === 'ready' && before.state !== 'ready') {
          bindings.changed();
          void this.checkOnce(known); // never rejects
        }
        if (health.state === 'refused') this.reload();
        this.tell(id);
      },
      save: ({ version, lastContactAt, state, since, reason }) => {
        const away = state === 'unreachable' || state === 'refused';
        return this.store.saveContact(id, {
          version,
          lastContactAt,
          unreachableSince: away ? since : null,
          unreachableReason: away ? reason : null,
        });
      },
    });
    const known: Known = {
      record,
      link,
      monitor,
      bindings,
      nodes: link.informers.acquire({ group: '', version: 'v1', resource: 'nodes' }),
      checks: [],
    };
    this.known.set(id, known);
    monitor.start();
    bindings.start();
    this.tell(id);
    return known;
  }

  private tell(clusterId: string): void {
    for (const listener of this.statusListeners) listener(clusterId);
  }
}
