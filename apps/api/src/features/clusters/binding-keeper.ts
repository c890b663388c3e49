import { ClusterUnreachable, type InformerHandle, KubeError } from '@fairlead/kube';
import type { Clock } from '../../platform/clock.js';
import type { Database } from '../../platform/database.js';
import type { Logger } from '../../platform/logger.js';
import { bindingNames } from './accounts/names.js';
import type { ClusterLink } from './cluster-link.js';
import { changeBinding, listBindings, withFreshLabels } from './keeper.js';
import { bindingChanges, type NamespaceGrants, nextExpiry, wantedBindings } from './wanted-bindings.js';

const reconcileEveryMs = 60_000;
const retryMs = 5_000;
/** Changes come in bursts; the first waits so long for the others. */
const gatherMs = 100;
/** A namespace stands in the database before it is made, or labelled, in the cluster. */
const youngMs = 10_000;

type Kept = NamespaceGrants & { createdAt: Date };

export interface BindingState {
  /** Does the cluster have exactly the bindings that the grants ask for? */
  inStep: boolean;
  reason: string | null;
}

interface BindingGround {
  cluster: { id: string; name: string };
  link: ClusterLink;
  database: Database;
  clock: Clock;
  logger: Logger;
}

/**
 * Keeps the RoleBindings of one cluster equal to the grants: when a grant, a principal or a namespace changes, when a grant expires, when
 * somebody changes one of our bindings in the cluster, when the cluster comes back, and every 60 s whatever happened.
 */
export class BindingKeeper {
  private readonly stopped = new AbortController();
  private readonly resource = { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'rolebindings' };
  private handle: InformerHandle | null = null;
  private undo = () => {};
  private wake = new AbortController();
  /** How many changes there were, and up to which the cluster was compared. */
  private changes = 1;
  private compared = 0;
  private state: BindingState = { inStep: false, reason: 'not compared yet' };
  private running: Promise<void> | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly ground: BindingGround) {}

  start(): void {
    this.handle = this.ground.link.informers.acquire(this.resource);
    this.undo = this.handle.informer.onChange(({ object }) => {
      if (bindingNames.includes(object.metadata.name)) this.nudge();
    });
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake.abort();
    this.undo();
    this.handle?.release();
    await this.running;
  }

  /** Something changed that bindings rest on, or that they are. */
  changed(): void {
    this.changes += 1;
    this.nudge();
  }

  bindingState(): BindingState {
    if (this.compared === this.changes) return this.state;
    return { inStep: false, reason: this.state.inStep ? 'a change is on its way' : this.state.reason };
  }

  /** Puts the bindings of one namespace right, now. @throws KubeError, ClusterUnreachable */
  async settle(namespace: string): Promise<void> {
    const namespaces = (await this.load()).filter((each) => each.namespace === namespace);
    await withFreshLabels(this.ground.clock, () => this.oneAtATime(() => this.reconcile(namespaces, true)));
  }

  private nudge(): void {
    this.wake.abort();
  }

  private async run(): Promise<void> {
    const { clock } = this.ground;
    const { signal } = this.stopped;
    while (!signal.aborted) {
      this.wake = new AbortController();
      const waitMs = await this.round();
      await clock.sleep(waitMs, AbortSignal.any([signal, this.wake.signal])).catch(() => {}); // woken, or stopped
      await clock.sleep(gatherMs, signal).catch(() => {});
    }
  }

  /** One comparison of everything. Answers how long to wait for the next if nothing happens. */
  private async round(): Promise<number> {
    const { clock, logger, cluster } = this.ground;
    const upTo = this.changes;
    try {
      const namespaces = await this.load();
      await this.oneAtATime(() => this.reconcile(namespaces, false));
      this.state = { inStep: true, reason: null };
      this.compared = upTo;
      const expiry = nextExpiry(namespaces, clock.now());
      return expiry ? Math.max(0, Math.min(reconcileEveryMs, expiry.getTime() - clock.now().getTime() + 1)) : reconcileEveryMs;
    } catch (error) {
      const reason = wordsOf(error);
      if (this.state.reason !== reason && !this.stopped.signal.aborted)
        // That a cluster is silent is said by its monitor.
        logger[error instanceof ClusterUnreachable || (error instanceof NamespaceFailure && error.young) ? 'debug' : 'warn'](
          { cluster: cluster.name, reason, error },
          'bindings are not in step with the grants',
        );
      this.state = { inStep: false, reason };
      this.compared = upTo;
      return retryMs;
    }
  }

  /** All namespaces are tried; the first failure is thrown at the end. */
  private async reconcile(namespaces: readonly Kept[], fromCluster: boolean): Promise<void> {
    const { link, clock, logger, cluster } = this.ground;
    const informer = this.handle?.informer;
    const known = !fromCluster && informer?.state.state === 'live' ? informer : null;
    let failure: unknown = null;
    for (const each of namespaces) {
      try {
        const found = known ? known.byNamespace(each.namespace) : await listBindings(link.keeper, each.namespace);
        for (const change of bindingChanges(each.namespace, wantedBindings(each, clock.now()), found)) {
          await changeBinding(link.keeper, change);
          logger.info(
            {
              cluster: cluster.name,
              namespace: each.namespace,
              binding: change.do === 'apply' ? change.binding.name : change.name,
              did: change.do,
            },
            'a binding was put right',
          );
        }
      } catch (error) {
        if (error instanceof ClusterUnreachable) throw error;
        failure ??= new NamespaceFailure(each.namespace, error, clock.now().getTime() - each.createdAt.getTime() < youngMs);
      }
    }
    if (failure) throw failure instanceof NamespaceFailure && fromCluster ? failure.cause : failure;
  }

  private async load(): Promise<Kept[]> {
    const rows = await this.ground.database.projectNamespace.findMany({
      where: { clusterId: this.ground.cluster.id },
      select: {
        namespace: true,
        createdAt: true,
        project: {
          select: {
            id: true,
            name: true,
            grants: {
              select: { role: true, expiresAt: true, principal: { select: { id: true, kind: true, projectId: true, disabledAt: true } } },
            },
          },
        },
      },
    });
    return rows.map(({ namespace, createdAt, project }) => ({
      namespace,
      createdAt,
      projectId: project.id,
      projectName: project.name,
      grants: project.grants.map(({ principal: { projectId, ...principal }, ...grant }) => ({
        ...grant,
        principal: { ...principal, ownOf: projectId },
      })),
    }));
  }

  /** Two reconcilers at once would undo each other's half-done work. */
  private oneAtATime<T>(act: () => Promise<T>): Promise<T> {
    const next = this.turn.then(act, act);
    this.turn = next.catch(() => {});
    return next;
  }
}

class NamespaceFailure extends Error {
  constructor(
    readonly namespace: string,
    cause: unknown,
    /** Its project has it since a moment ago: it may be being made in the cluster. */
    readonly young: boolean,
  ) {
    super(`the bindings of ${namespace} could not be written`, { cause });
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof ClusterUnreachable) return `the cluster does not answer: ${error.why}`;
  if (error instanceof NamespaceFailure && error.cause instanceof KubeError) {
    const { code, reason, message } = error.cause;
    if (code === 404) return `the namespace ${error.namespace} is gone`;
    if (message.includes('fairlead-keeper-bindings')) return `the namespace ${error.namespace} no longer carries the project's label`;
    return `${error.namespace}: the cluster answered ${code} ${reason}`;
  }
  return 'the bindings could not be compared';
}
