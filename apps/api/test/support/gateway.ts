import tls, { type TLSSocket } from 'node:tls';
import type { AuditEntry, Role } from '@fairlead/shared';
import { Clusters } from '../../src/features/clusters/index.js';
import { PrismaClient } from '../../src/generated/prisma/client.js';
import { createDatabase } from '../../src/platform/database.js';
import { DoorAuthority } from '../../src/platform/http/door-authority.js';
import { newId } from '../../src/platform/id.js';
import { until } from './cluster.js';
import { type Fairlead, type Session, startFairlead } from './fairlead.js';
import { ScriptedUpstream } from './scripted-upstream.js';

export interface Person extends Session {
  id: string;
  name: string;
  bearer: string;
}

/** A whole Fairlead before a scripted cluster `prod`, whose namespaces `shop` and `shop-2` belong to the project shop. */
export class GatewayWorld {
  fairlead!: Fairlead;
  upstream!: ScriptedUpstream;
  database!: PrismaClient;
  readonly projectId = newId();
  clusterId = '';

  async start(): Promise<this> {
    this.upstream = await new ScriptedUpstream().start();
    this.fairlead = await startFairlead();
    this.database = createDatabase(this.fairlead.database.url);
    await this.fairlead.admin();
    const clusters = this.fairlead.app.get(Clusters);
    const now = new Date();
    const record = await clusters.store.insert({
      name: 'prod',
      server: this.upstream.url,
      ca: this.upstream.ca,
      minterToken: 'canary-minter-token',
      uid: newId(),
      accountsVersion: 1,
      version: null,
      createdById: null,
      simulated: false,
      now,
    });
    this.clusterId = record.id;
    const createdById = newId();
    await this.database.project.create({ data: { id: this.projectId, name: 'shop', displayName: 'Shop', createdAt: now, createdById } });
    for (const namespace of ['shop', 'shop-2'])
      await this.database.projectNamespace.create({
        data: { id: newId(), projectId: this.projectId, clusterId: this.clusterId, namespace, created: true, createdAt: now },
      });
    await until(10_000, async () => (await clusters.resolve('prod')) && (await clusters.upstream(this.clusterId)).gate.open, Boolean);
    return this;
  }

  async close(): Promise<void> {
    await this.database?.$disconnect();
    await this.fairlead?.close();
    await this.upstream?.close();
  }

  async person(name: string, role: Role | null, token: object = {}): Promise<Person> {
    const session = await this.fairlead.person(name);
    if (role) await this.grant(session.id, role);
    return { ...session, name, bearer: await session.token({ name: 'test', ...token }) };
  }

  async grant(principalId: string, role: Role, expiresAt: Date | null = null): Promise<void> {
    await this.database.grant.create({
      data: { id: newId(), projectId: this.projectId, principalId, role, expiresAt, grantedById: principalId, createdAt: new Date() },
    });
  }

  connect(): Promise<TLSSocket> {
    const { port } = new URL(this.fairlead.tlsUrl);
    const ca = this.fairlead.app.get(DoorAuthority).forOrigin(this.fairlead.tlsUrl)!;
    return new Promise((resolve, reject) => {
      const socket = tls.connect({ host: '127.0.0.1', port: Number(port), ca }, () => resolve(socket));
      socket.on('error', reject);
    });
  }

  get host(): string {
    return new URL(this.fairlead.tlsUrl).host;
  }

  /** Sends these bytes and reads until the connection ends. */
  async raw(bytes: string): Promise<{ status: number; head: string; body: string }> {
    const socket = await this.connect();
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(bytes);
    await closed;
    const text = Buffer.concat(chunks).toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), head: text.slice(0, end), body: text.slice(end + 4) };
  }

  /** One request on a connection of its own. A header of null is left out. */
  ask(
    method: string,
    target: string,
    { bearer, headers = [], body }: { bearer?: string | undefined; headers?: string[]; body?: string } = {},
  ) {
    const lines = [
      `${method} ${target} HTTP/1.1`,
      `host: ${this.host}`,
      'connection: close',
      ...(bearer ? [`authorization: Bearer ${bearer}`] : []),
      ...headers,
    ];
    if (body !== undefined) lines.push(`content-length: ${Buffer.byteLength(body)}`, 'content-type: application/json');
    return this.raw(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
  }

  /** Entries that tell of what was asked through the gateway since `from`, once there are `count`. */
  async entries(from: Date, count = 1): Promise<AuditEntry[]> {
    const auditor = await this.fairlead.admin();
    return until(
      5_000,
      async () =>
        ((await auditor.get(`/audit?limit=200&from=${from.toISOString()}`).expect(200)).body as { items: AuditEntry[] }).items.filter(
          (each) => each.action.startsWith('kubernetes.'),
        ),
      (items) => items.length >= count && items.every(({ outcome }) => outcome !== 'started'),
    );
  }
}
