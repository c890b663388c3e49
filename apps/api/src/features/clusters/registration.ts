import {
  type ClusterConnection,
  ClusterUnreachable,
  KubeClient,
  KubeconfigError,
  KubeError,
  type KubeObject,
  parseKubeconfig,
  resourcePath,
} from '@fairlead/kube';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { isUniqueViolation } from '../../platform/database.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { installAccounts, removeAccounts } from './accounts/install.js';
import { ACCOUNTS_VERSION } from './accounts/names.js';
import { type AccountCheck, checkAccounts } from './canary.js';
import { clusterError } from './cluster-error.js';
import type { ClusterRecord, NewCluster, StoredCluster } from './cluster-store.js';
import { Clusters } from './clusters.js';

/** An administrator's way into a cluster. Held for the length of one registration, stored and logged nowhere. */
export type AdminAccess = Pick<ClusterConnection, 'server' | 'ca' | 'auth'>;

export interface RegistrationRequest {
  name: string;
  access: AdminAccess;
  createdById: string | null;
  /** The sandbox: marked wherever it is named. */
  simulated?: boolean;
}

const effectiveWithinMs = 20_000;
const kubeSystemPath = resourcePath({ group: '', version: 'v1', resource: 'namespaces', name: 'kube-system' });

/** Turns an administrator's access into a registered cluster: accounts made, seen to hold, the minter's token sealed; or nothing at all. */
@Injectable()
export class Registration {
  private readonly running = new Map<string, Promise<unknown>>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly clusters: Clusters,
  ) {}

  /**
   * Registering a cluster again under its own name mends it, when it refuses Fairlead's accounts or they are of an older version.
   * @throws AppError invalid_kubeconfig, name_taken, conflict when the same cluster is registered already, cluster_unreachable, cluster_refused, cluster_not_ready
   */
  async register({ name, access, createdById, simulated = false }: RegistrationRequest): Promise<StoredCluster> {
    const broken = await this.brokenCluster(name);
    const admin = new KubeClient(
      { ...access, checkAddress: (ip) => this.clusters.checkAddress(ip, portOf(access.server)) },
      { connections: 2, connectTimeoutMs: 5_000 },
    );
    try {
      const { version, uid } = await identify(admin);
      return await this.onlyOnce(uid, async () => {
        if (broken && broken.uid !== uid) throw new AppError('name_taken', { what: 'cluster', name });
        if (!broken) await this.refuseKnown(uid);
        return this.install(admin, { name, access, createdById, simulated, version, uid, mends: broken?.id ?? null });
      });
    } catch (error) {
      throw accessError(name, error);
    } finally {
      await admin.close();
    }
  }

  private async install(
    admin: KubeClient,
    {
      name,
      access,
      createdById,
      simulated = false,
      version,
      uid,
      mends,
    }: RegistrationRequest & { version: string; uid: string; mends: string | null },
  ): Promise<StoredCluster> {
    let fresh = false;
    const facts = { server: access.server, ca: access.ca, accountsVersion: ACCOUNTS_VERSION, version };
    try {
      const { minterToken } = await installAccounts(admin, this.clock, (isFresh) => {
        fresh = isFresh;
      });
      const checks = await this.waitUntilEffective({ server: access.server, ca: access.ca, minterToken });
      const record = mends
        ? await this.clusters.store.renew(mends, { ...facts, minterToken })
        : await this.insert({ ...facts, minterToken, name, uid, createdById, simulated });
      fresh = false; // the accounts are in use now
      await this.clusters.adopt(record, checks);
      return record;
    } catch (error) {
      if (fresh) await this.cleanUp(admin, name);
      throw error;
    }
  }

  private async insert(cluster: Omit<NewCluster, 'now'>): Promise<StoredCluster> {
    try {
      return await this.clusters.store.insert({ ...cluster, now: this.clock.now() });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // Another process was faster.
      if (await this.clusters.store.byName(cluster.name)) throw new AppError('name_taken', { what: 'cluster', name: cluster.name });
      await this.refuseKnown(cluster.uid);
      throw error;
    }
  }

  /** Bindings, aggregated roles and admission policies take the API server a moment. @throws AppError cluster_not_ready */
  private async waitUntilEffective(target: { server: string; ca: string | undefined; minterToken: string }): Promise<AccountCheck[]> {
    const link = this.clusters.openLink(target);
    const deadline = this.clock.monotonicMs() + effectiveWithinMs;
    try {
      for (;;) {
        const checks = await checkAccounts(link).catch((error: unknown) => {
          if (error instanceof ClusterUnreachable || error instanceof KubeError)
            return [{ name: 'tokens for the accounts', ok: false, message: error.message }];
          throw error;
        });
        const failed = checks.find((check) => !check.ok);
        if (!failed) return checks;
        if (this.clock.monotonicMs() > deadline) throw new NotEffective(`${failed.name}: ${failed.message}`);
        await this.clock.sleep(250);
      }
    } finally {
      await link.close();
    }
  }

  private async cleanUp(admin: KubeClient, name: string): Promise<void> {
    await removeAccounts(admin).catch((error: unknown) =>
      this.logger.error(
        { cluster: name, error },
        'a registration failed, and what it had made could not be removed: kubectl delete namespace fairlead-system',
      ),
    );
  }

  /** The registered cluster of this name if it needs mending. @throws AppError name_taken when it is well */
  private async brokenCluster(name: string): Promise<ClusterRecord | null> {
    const held = await this.clusters.store.byName(name);
    if (held && !this.clusters.needsMending(held.id)) throw new AppError('name_taken', { what: 'cluster', name });
    return held;
  }

  private async refuseKnown(uid: string): Promise<void> {
    const known = await this.clusters.store.byUid(uid);
    if (known) throw new AppError('conflict', { reason: `This cluster is registered already, as ${known.name}.` });
  }

  private async onlyOnce<T>(uid: string, act: () => Promise<T>): Promise<T> {
    while (this.running.has(uid)) await this.running.get(uid)?.catch(() => {});
    const running = act();
    this.running.set(uid, running);
    try {
      return await running;
    } finally {
      this.running.delete(uid);
    }
  }
}

class NotEffective extends Error {}

/** A kubeconfig that came over the network, read strictly. @throws AppError invalid_kubeconfig naming the field */
export function readAccess(kubeconfig: string, context: string | undefined): AdminAccess {
  try {
    const { server, ca, auth } = parseKubeconfig(kubeconfig, context === undefined ? {} : { context });
    return { server, auth, ...(ca === undefined ? {} : { ca }) };
  } catch (error) {
    if (error instanceof KubeconfigError) throw invalidKubeconfig(error.field, error.message);
    throw error;
  }
}

export const invalidKubeconfig = (field: string, reason: string): AppError =>
  new AppError('invalid_kubeconfig', { field, reason }, { issues: [{ path: `kubeconfig.${field}`, message: reason }] });

async function identify(admin: KubeClient): Promise<{ version: string; uid: string }> {
  const namespace = await admin.get(kubeSystemPath, { timeoutMs: 8_000 });
  const { gitVersion } = await admin.get<KubeObject & { gitVersion?: unknown }>('/version');
  const { uid } = namespace.metadata;
  if (!uid || typeof gitVersion !== 'string') throw new ClusterUnreachable('malformed answer');
  const [major, minor] = (/^v?(\d+)\.(\d+)/.exec(gitVersion) ?? []).slice(1).map(Number);
  if (major === 1 && minor !== undefined && minor < 30)
    throw new AppError('cluster_refused', {
      cluster: 'there',
      reason: `it runs Kubernetes ${gitVersion}; Fairlead needs 1.30, for its keeper is held by a ValidatingAdmissionPolicy`,
    });
  return { version: gitVersion.slice(0, 60), uid };
}

const portOf = (server: string): number => Number(new URL(server).port) || 443;

/** What is wrong with the access itself is said as a fault of the kubeconfig, by its field. */
function accessError(cluster: string, error: unknown): unknown {
  if (error instanceof NotEffective) return new AppError('cluster_not_ready', { cluster, reason: error.message });
  if (error instanceof ClusterUnreachable) {
    if (error.why === 'certificate not trusted')
      return invalidKubeconfig(
        'certificate-authority-data',
        "the server's certificate is not signed by this authority, is out of date, or carries another name",
      );
    if (error.why === 'not a TLS server') return invalidKubeconfig('server', 'what answers there does not speak TLS');
    if (error.why === 'address not allowed') return invalidKubeconfig('server', 'Fairlead does not connect to this address');
  }
  if (error instanceof KubeError && error.code === 401) return invalidKubeconfig('user', 'the cluster does not accept this credential');
  if (error instanceof KubeError && error.code === 403)
    return new AppError(
      'cluster_refused',
      { cluster, reason: `registering needs a cluster administrator: ${error.message.slice(0, 400)}` },
      { cause: error },
    );
  return clusterError(cluster, error);
}
