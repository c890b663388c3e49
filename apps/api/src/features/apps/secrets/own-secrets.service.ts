import type { KubeClient } from '@fairlead/kube';
import type { AppSpec, SecretValues } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { DATABASE, type Database } from '../../../platform/database.js';
import { LOGGER, type Logger } from '../../../platform/logger.js';
import type { Caller } from '../../auth/index.js';
import { Clusters, clusterError } from '../../clusters/index.js';
import { isVerdict, obstaclesOf } from '../plan/obstacles.js';
import type { Inspection } from '../plan/planner.js';
import type { AppIdentity } from '../render/identity.js';
import { secretNameOf } from '../render/own-secrets.js';
import { type FreshSecret, type Resolved, withGivenSecrets } from './given-secrets.js';
import { SecretHash } from './secret-hash.js';
import { inspectSecrets, removeKeepers, SecretInTheWay, writeSecrets } from './secret-writer.js';

export interface SecretOwner extends AppIdentity {
  cluster: { id: string; name: string };
}

/** An app's own secrets, from the values of a request to Secrets in its cluster. Values are held for the length of a request, and written as the caller. */
@Injectable()
export class OwnSecrets {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly clusters: Clusters,
    private readonly hash: SecretHash,
  ) {}

  /** @throws AppError invalid_request for a secret that has no value and never had */
  resolve(app: Omit<SecretOwner, 'id'>, spec: AppSpec, standing: AppSpec | null, values: SecretValues | undefined): Resolved {
    const place = { clusterId: app.cluster.id, namespace: app.namespace, app: app.name };
    return withGivenSecrets(spec, standing, values, (name, value) => this.hash.of(place, name, value));
  }

  inspect(
    client: KubeClient,
    app: AppIdentity,
    resolved: Resolved,
    standing: AppSpec | null,
  ): Promise<Pick<Inspection, 'changes' | 'obstacles'>> {
    return inspectSecrets(client, app, { ...resolved, standing });
  }

  /** @throws AppError apply_failed, cluster_*; what was made by then is taken back */
  async write(caller: Caller, app: SecretOwner, fresh: readonly FreshSecret[]): Promise<void> {
    if (fresh.length === 0) return;
    const client = await this.clusters.actAs(caller, app.cluster.id);
    try {
      await writeSecrets(client, app, fresh, this.clock, async (id) => (await this.database.app.count({ where: { id } })) === 0);
    } catch (error) {
      throw refusal(app, fresh, error) ?? clusterError(app.cluster.name, error);
    }
  }

  /** Best effort, for an app that did not come to be. */
  async forget(caller: Caller, app: SecretOwner, fresh: readonly FreshSecret[]): Promise<void> {
    if (fresh.length === 0) return;
    try {
      const names = fresh.map((secret) => secretNameOf(app.name, secret));
      await removeKeepers(await this.clusters.actAs(caller, app.cluster.id), app, names);
    } catch (error) {
      this.logger.warn({ appId: app.id, error }, 'secrets of an app that was not made could not be removed');
    }
  }
}

function refusal(app: SecretOwner, fresh: readonly FreshSecret[], error: unknown): AppError | null {
  const first = fresh[0];
  const title = (secret: FreshSecret | undefined) => `Secret/${secret ? secretNameOf(app.name, secret) : ''}`;
  if (error instanceof SecretInTheWay) return new AppError('apply_failed', { object: `Secret/${error.object}`, reason: error.message });
  if (!isVerdict(error)) return null;
  const reason = obstaclesOf(title(first), error)
    .map((each) => each.reason)
    .join('; ');
  return new AppError('apply_failed', { object: title(first), reason });
}
