import type { KubeClient, Manifest } from '@fairlead/kube';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { DATABASE, type Database } from '../../platform/database.js';
import { newId } from '../../platform/id.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { credentialReachesCluster, decideProject } from '../access/index.js';
import { type Caller, loadAuthor } from '../auth/index.js';
import { Clusters } from '../clusters/index.js';
import { isClaim } from './adoption/adoptable.js';
import { type AppRecord, AppStore, type AppWithRevisions, manifestsOf, type RevisionRecord } from './app-store.js';
import { isAway } from './cluster-error.js';
import { leftOf } from './conflicts/left.js';
import { ApplyFailed, type Deployment, deploy, stillThere } from './deployer.js';
import { NetworkGuard } from './network/network-guard.js';
import { oldVersions } from './old-versions.js';
import { annotations } from './render/identity.js';
import { isSecretKeeper } from './render/own-secrets.js';
import { ResourcePaths } from './resource-paths.js';
import { DeletedApps } from './undelete/deleted-apps.store.js';

const leaseMs = 30_000;
const renewMs = 10_000;
const lookMs = 15_000;
const goneWithinMs = 60_000;
/** In revisions: a rollback within these finds the secrets that it needs. */
const secretsStayFor = 10;
/** An act that never reaches its cluster is given up after so long. */
const giveUpMs = 15 * 60_000;

export type Ended =
  | { state: 'applied' }
  | { state: 'failed' | 'interrupted'; error: string; object: string; clean: boolean }
  | { state: 'left' };

/**
 * Carries revisions into their clusters. The row is the lease: whoever holds it applies, and renews it meanwhile. What a process leaves behind when it
 * dies is taken over by any other within 45 s, as the author, if the author's right still holds; else it is marked interrupted.
 */
@Injectable()
export class Applier implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly paths: ResourcePaths;
  /** Who holds the leases of this process. */
  private readonly owner = newId();
  private readonly stopped = new AbortController();
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly store: AppStore,
    private readonly deleted: DeletedApps,
    private readonly clusters: Clusters,
    private readonly guard: NetworkGuard,
  ) {
    this.paths = new ResourcePaths(() => clock.monotonicMs());
  }

  onApplicationBootstrap(): void {
    this.track(this.lookAround());
  }

  /** Acts that run are left where they are; the next process finds them at once. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped.abort(new Error('Fairlead is stopping'));
    await Promise.allSettled([...this.running]);
  }

  /** Whose lease a new revision carries, and until when. */
  firstLease(): { leaseOwner: string; leaseUntil: Date } {
    return { leaseOwner: this.owner, leaseUntil: new Date(this.clock.now().getTime() + leaseMs) };
  }

  /** Runs the revision to its end. Never throws for what the cluster says; `left` means that it will be tried again. */
  run(caller: Caller, appId: string, number: number): Promise<Ended> {
    return this.track(this.hold(caller, appId, number));
  }

  private async hold(caller: Caller, appId: string, number: number): Promise<Ended> {
    const { signal } = this.stopped;
    const lost = new AbortController();
    if (!(await this.renew(appId, number))) return { state: 'left' };
    const renewing = this.keepRenewing(appId, number, lost);
    try {
      return await this.carryOut(caller, appId, number, AbortSignal.any([signal, lost.signal]));
    } finally {
      lost.abort();
      await renewing;
    }
  }

  private async carryOut(caller: Caller, appId: string, number: number, signal: AbortSignal): Promise<Ended> {
    const found = await this.store.get(appId);
    const revision = await this.store.revision(appId, number);
    if (!found || !revision) return { state: 'left' };
    const { app } = found;
    try {
      const client = await this.clusters.actAs(caller, app.clusterId);
      const { applied, appliedLeft, earlier } = await this.store.inventory(appId, revision.cause === 'delete');
      const adopt = revision.cause === 'adopt' || ((await this.bringsBack(revision)) ? 'claims' : false);
      const wanted = manifestsOf(revision);
      const { left } = this.guard.share(caller, app.project, applied, wanted, true);
      const deployment: Deployment = {
        appId,
        clusterId: app.clusterId,
        wanted,
        leftFields: leftOf(revision),
        previous: applied,
        previousLeftFields: appliedLeft,
        earlier,
        adopt,
        left,
      };
      if (revision.cause === 'delete') deployment.parting = (object) => partingOf(object, revision.deleteData);
      await deploy(client, this.paths, deployment, signal);
      if (revision.cause === 'delete')
        return await this.endDeletion(() => stillThere(client, this.paths, deployment, signal), appId, number, signal);
      await this.store.finish(appId, number, this.owner, { state: 'applied', at: this.clock.now() });
      if (number > 1) await this.removeOldVersions(client, app, [...deployment.wanted, ...applied], signal);
      return { state: 'applied' };
    } catch (error) {
      return this.stumbled(error, revision, signal);
    }
  }

  /** Best effort: what stays now goes after the next change. */
  private async removeOldVersions(client: KubeClient, app: AppRecord, kept: readonly Manifest[], signal: AbortSignal): Promise<void> {
    const recent = (await this.store.revisions(app.id, secretsStayFor + 1, null)).map(manifestsOf);
    if (![...recent.flat(), ...kept].some(({ metadata }) => metadata.annotations?.[annotations.versioned])) return;
    // Files are rendered anew from any revision; the value of a secret is nowhere else.
    const secrets = recent.slice(0, secretsStayFor).flat().filter(isSecretKeeper);
    try {
      for (const path of await oldVersions(client, app, [...kept, ...secrets], signal)) await client.remove(path, { signal });
    } catch (error) {
      if (!signal.aborted) this.logger.warn({ appId: app.id, error }, 'configuration of earlier revisions could not be removed');
    }
  }

  private async bringsBack({ appId, cause, rolledBackFrom }: RevisionRecord): Promise<boolean> {
    return cause === 'undo' && rolledBackFrom !== null && (await this.store.revision(appId, rolledBackFrom))?.cause === 'delete';
  }

  /** The app goes when its objects have gone; a finalizer may hold one for long. */
  private async endDeletion(there: () => Promise<string[]>, appId: string, number: number, signal: AbortSignal): Promise<Ended> {
    const until = this.clock.monotonicMs() + goneWithinMs;
    for (;;) {
      const left = await there();
      if (left.length === 0) break;
      if (this.clock.monotonicMs() > until) {
        await this.store.release(appId, number, this.owner, new Date(this.clock.now().getTime() + lookMs));
        return { state: 'left' };
      }
      await this.clock.sleep(250, signal);
    }
    await this.deleted.bury(appId, number, this.clock.now());
    return { state: 'applied' };
  }

  private async stumbled(error: unknown, revision: RevisionRecord, signal: AbortSignal): Promise<Ended> {
    const { appId, number } = revision;
    const now = this.clock.now();
    if (signal.aborted) {
      await this.store.release(appId, number, this.owner, now);
      return { state: 'left' };
    }
    if (isAway(error) && now.getTime() - revision.createdAt.getTime() < giveUpMs) {
      await this.store.release(appId, number, this.owner, new Date(now.getTime() + lookMs));
      return { state: 'left' };
    }
    if (!(error instanceof ApplyFailed) && !(error instanceof AppError))
      this.logger.error({ appId, number, error }, 'applying a revision failed');
    const ended: Ended = {
      state: 'failed',
      error: wordsOf(error),
      object: error instanceof ApplyFailed ? error.object : 'the app',
      clean: error instanceof ApplyFailed && error.leftover === null,
    };
    await this.store.finish(appId, number, this.owner, ended);
    return ended;
  }

  private async keepRenewing(appId: string, number: number, lost: AbortController): Promise<void> {
    for (;;) {
      await this.clock.sleep(renewMs, lost.signal).catch(() => {});
      if (lost.signal.aborted) return;
      // A database that is away for a moment does not take the lease: 30 s are more than that.
      if ((await this.renew(appId, number).catch(() => true)) === false) lost.abort(new Error('the lease was lost'));
    }
  }

  private renew(appId: string, number: number): Promise<boolean> {
    const now = this.clock.now();
    return this.store.lease(appId, number, this.owner, now, new Date(now.getTime() + leaseMs));
  }

  private async lookAround(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      try {
        for (const revision of await this.store.abandoned(this.clock.now())) this.track(this.takeOver(revision));
      } catch (error) {
        this.logger.warn({ error }, 'could not look for deploys that were cut off');
      }
      await this.clock.sleep(lookMs, signal).catch(() => {});
    }
  }

  private async takeOver(revision: RevisionRecord): Promise<void> {
    const { appId, number } = revision;
    try {
      if (!(await this.renew(appId, number))) return;
      const found = await this.store.get(appId);
      if (!found) return;
      const author = await this.authorOf(revision, found);
      if ('refused' in author) {
        const error = `It was cut off, and is not carried on: ${author.refused}.`;
        await this.store.finish(appId, number, this.owner, { state: 'interrupted', error });
        this.logger.warn({ appId, number }, 'a deploy that was cut off is marked interrupted');
        return;
      }
      this.logger.info({ appId, number }, 'carrying on a deploy that was cut off');
      await this.hold(author.caller, appId, number);
    } catch (error) {
      if (!this.stopped.signal.aborted) this.logger.warn({ appId, number, error }, 'could not carry on a deploy');
    }
  }

  private async authorOf(revision: RevisionRecord, { app }: AppWithRevisions): Promise<{ caller: Caller } | { refused: string }> {
    const now = this.clock.now();
    const caller =
      revision.authorId && (await loadAuthor(this.database, revision.authorId, revision.auditId, new Date(now.getTime() + giveUpMs)));
    if (!caller) return { refused: `${revision.authorName} is no longer here` };
    const permission = revision.cause === 'delete' ? 'apps.delete' : revision.cause === 'create' ? 'apps.create' : 'apps.change';
    const decision = decideProject(caller, app.project, permission, true, now);
    if (!decision.allowed) return { refused: decision.because };
    return credentialReachesCluster(caller, app.clusterId) ? { caller } : { refused: 'its author no longer reaches the cluster' };
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    void work.finally(() => this.running.delete(work)).catch(() => {}); // whoever asked gets the error
    return work;
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof ApplyFailed || error instanceof AppError) return error.message;
  return isAway(error) ? 'the cluster did not answer' : 'something failed inside Fairlead';
}

/** Secrets wait for an undo, and are swept when it can come no more; data outlives its app unless its end was asked for. */
const partingOf = (object: Manifest, deleteData: boolean): 'stays' | 'let go' | 'goes' =>
  isSecretKeeper(object) ? 'stays' : isClaim(object) && !deleteData ? 'let go' : 'goes';
