import { readFile } from 'node:fs/promises';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { CLOCK, type Clock } from '../../platform/clock.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { DATABASE, type Database, type Transaction } from '../../platform/database.js';
import { LOGGER, type Logger } from '../../platform/logger.js';
import { Clusters } from './clusters.js';
import { Registration, readAccess } from './registration.js';

const settingKey = 'sandbox';
export const sandboxName = 'sandbox';

/** What is remembered of the sandbox. `removed` is for good: no later start brings it back. */
const Memory = z.object({
  state: z.enum(['on', 'removed']),
  /** Whom and what the demonstration made; it goes when the sandbox goes. */
  demonstration: z.object({ principalIds: z.array(z.string()), projectIds: z.array(z.string()) }).nullable(),
});
type Memory = z.infer<typeof Memory>;

/** The simulated cluster that `npm start` runs beside Fairlead: registered as any other is, over HTTPS by its kubeconfig. */
@Injectable()
export class SandboxCluster {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly clusters: Clusters,
    private readonly registration: Registration,
  ) {}

  /** Registers it at its first start, follows its address at a later one. Nothing here stops the start. Answers whether it is there. */
  async ensure(): Promise<boolean> {
    const file = this.config.sandboxKubeconfigPath;
    if (!file) return false;
    try {
      const access = readAccess(await readFile(file, 'utf8'), undefined);
      const known = (await this.clusters.store.all()).find(({ simulated }) => simulated);
      if (!known) {
        const { version } = await this.registration.register({ name: sandboxName, access, createdById: null, simulated: true });
        await this.remember({ state: 'on', demonstration: null });
        this.logger.info({ cluster: sandboxName, version }, 'the simulated cluster was registered');
      } else if (known.server !== access.server || known.ca !== access.ca) {
        const { server, ca } = access;
        await this.clusters.adopt(await this.clusters.store.move(known.id, { server, ca }), []);
      } else await this.clusters.recheck(known.id);
      return true;
    } catch (error) {
      this.logger.error({ reason: error instanceof Error ? error.message : 'unknown' }, 'the simulated cluster could not be registered');
      return false;
    }
  }

  async rememberDemonstration(made: NonNullable<Memory['demonstration']>): Promise<void> {
    await this.remember({ state: 'on', demonstration: made });
  }

  /** The rows of everything that lived on it, and whom the demonstration made. The objects go with the process. */
  async removeRows(clusterId: string): Promise<void> {
    const demonstration = (await this.recall())?.demonstration ?? { principalIds: [], projectIds: [] };
    await this.database.$transaction(async (tx) => {
      await tx.app.deleteMany({ where: { clusterId } });
      await tx.projectNamespace.deleteMany({ where: { clusterId } });
      await tx.project.deleteMany({ where: { id: { in: demonstration.projectIds }, namespaces: { none: {} }, apps: { none: {} } } });
      await tx.principal.deleteMany({ where: { id: { in: demonstration.principalIds } } });
      await tx.cluster.delete({ where: { id: clusterId } });
      await this.remember({ state: 'removed', demonstration: null }, tx);
    });
    // Whoever started the sandbox stops it, and takes its folder away.
    process.send?.({ type: 'sandbox-removed' });
  }

  private async recall(): Promise<Memory | null> {
    const row = await this.database.setting.findUnique({ where: { key: settingKey } });
    return row && Memory.parse(row.value);
  }

  private async remember(value: Memory, tx: Transaction | Database = this.database): Promise<void> {
    const updatedAt = this.clock.now();
    await tx.setting.upsert({ where: { key: settingKey }, create: { key: settingKey, value, updatedAt }, update: { value, updatedAt } });
  }
}
