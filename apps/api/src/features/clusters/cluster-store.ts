import type { Cluster as Row } from '../../generated/prisma/client.js';
import type { Database } from '../../platform/database.js';
import { newId } from '../../platform/id.js';
import type { Sealer } from '../../platform/sealer.js';

/** What other features may know of a cluster. */
export interface ClusterRecord {
  id: string;
  name: string;
  /** `https://host[:port][/prefix]` */
  server: string;
  /** Of its namespace kube-system: which cluster this really is. */
  uid: string;
  simulated: boolean;
  createdAt: Date;
}

/** … and what this feature needs to reach it. */
export interface StoredCluster extends ClusterRecord {
  ca: string | undefined;
  /** Sealed; opened by `openMinterToken` alone. */
  minterToken: string;
  accountsVersion: number;
  version: string | null;
  unreachableSince: Date | null;
  unreachableReason: string | null;
  lastContactAt: Date | null;
}

export interface NewCluster {
  name: string;
  server: string;
  ca: string | undefined;
  minterToken: string;
  uid: string;
  accountsVersion: number;
  version: string | null;
  createdById: string | null;
  simulated: boolean;
  now: Date;
}

export interface Contact {
  version: string | null;
  lastContactAt: Date | null;
  unreachableSince: Date | null;
  unreachableReason: string | null;
}

export class ClusterStore {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  async all(): Promise<StoredCluster[]> {
    return (await this.database.cluster.findMany({ orderBy: { name: 'asc' } })).map(storedOf);
  }

  async byUid(uid: string): Promise<ClusterRecord | null> {
    const row = await this.database.cluster.findUnique({ where: { uid } });
    return row && storedOf(row);
  }

  async byName(name: string): Promise<ClusterRecord | null> {
    const row = await this.database.cluster.findUnique({ where: { name } });
    return row && storedOf(row);
  }

  /** The token is sealed to this row. Breaks the unique constraint on name or uid when somebody was faster. */
  async insert({ now, minterToken, ca, ...rest }: NewCluster): Promise<StoredCluster> {
    const id = newId();
    const sealed = this.sealer.seal(minterToken, { table: 'clusters', row: id, column: 'minter_token' });
    return storedOf(
      await this.database.cluster.create({
        data: { id, ...rest, caData: ca ?? '', minterToken: sealed, lastContactAt: now, createdAt: now },
      }),
    );
  }

  /** The same cluster with accounts made anew. */
  async renew(
    id: string,
    { server, ca, minterToken, accountsVersion, version }: Omit<NewCluster, 'name' | 'uid' | 'createdById' | 'simulated' | 'now'>,
  ): Promise<StoredCluster> {
    const sealed = this.sealer.seal(minterToken, { table: 'clusters', row: id, column: 'minter_token' });
    const data = { server, caData: ca ?? '', minterToken: sealed, accountsVersion, version };
    return storedOf(await this.database.cluster.update({ where: { id }, data }));
  }

  /** The same cluster, with the same accounts, at another address. */
  async move(id: string, { server, ca }: { server: string; ca: string | undefined }): Promise<StoredCluster> {
    return storedOf(await this.database.cluster.update({ where: { id }, data: { server, caData: ca ?? '' } }));
  }

  /** @throws SealError when the key is another one */
  openMinterToken({ id, minterToken }: StoredCluster): string {
    return this.sealer.open(minterToken, { table: 'clusters', row: id, column: 'minter_token' });
  }

  /** Nothing happens when the cluster was forgotten meanwhile. */
  async saveContact(id: string, contact: Contact): Promise<void> {
    await this.database.cluster.updateMany({ where: { id }, data: contact });
  }

  /** Breaks a foreign key while a project or app is there. */
  async remove(id: string): Promise<void> {
    await this.database.cluster.delete({ where: { id } });
  }

  /** Projects with namespaces in the cluster, by name. */
  async projectsOf(clusterId: string): Promise<{ id: string; name: string; namespaces: string[] }[]> {
    const rows = await this.database.project.findMany({
      where: { namespaces: { some: { clusterId } } },
      select: { id: true, name: true, namespaces: { where: { clusterId }, select: { namespace: true }, orderBy: { namespace: 'asc' } } },
      orderBy: { name: 'asc' },
    });
    return rows.map(({ id, name, namespaces }) => ({ id, name, namespaces: namespaces.map((each) => each.namespace) }));
  }
}

const storedOf = ({ caData, ...row }: Row): StoredCluster => ({ ...row, ca: caData === '' ? undefined : caData });
