import { checkCluster, createCluster, createKubeconfig, deleteCluster, getCluster, listClusters } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../platform/http/implements.js';
import { nameCursor, pageOf, readCursor } from '../../platform/http/paging.js';
import type { RestCall } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { ClusterRemoval } from './cluster-removal.js';
import { ClusterView } from './cluster-view.js';
import { Clusters } from './clusters.js';
import { KubeconfigService } from './kubeconfig.service.js';
import { Registration, readAccess } from './registration.js';

@Controller()
export class ClustersController {
  constructor(
    private readonly clusters: Clusters,
    private readonly view: ClusterView,
    private readonly registration: Registration,
    private readonly removal: ClusterRemoval,
    private readonly kubeconfigs: KubeconfigService,
  ) {}

  @Implements(listClusters)
  async list(caller: Caller, _params: unknown, { limit, cursor }: QueryOf<typeof listClusters>): Answer<typeof listClusters> {
    const after = readCursor(cursor, nameCursor);
    const records = (await this.view.visible(caller)).filter(({ name }) => after === null || name > after);
    return pageOf(
      records,
      limit,
      (record) => record.name,
      (record) => this.view.show(caller, record),
    );
  }

  @Implements(createCluster)
  async create(
    caller: Caller,
    _params: unknown,
    { name, kubeconfig, context }: BodyOf<typeof createCluster>,
    { note, reply }: RestCall,
  ): Answer<typeof createCluster> {
    note.name = name;
    const access = readAccess(kubeconfig, context);
    note.summary = access.server;
    const record = await this.registration.register({ name, access, createdById: caller.id });
    note.cluster = { id: record.id, name };
    reply.header('location', `/api/v1/clusters/${record.id}`);
    return this.view.detail(caller, record);
  }

  @Implements(getCluster)
  async get(caller: Caller, { cluster }: ParamsOf<typeof getCluster>): Answer<typeof getCluster> {
    return this.view.detail(caller, await this.view.find(caller, cluster));
  }

  @Implements(checkCluster)
  async check(
    caller: Caller,
    { cluster }: ParamsOf<typeof checkCluster>,
    _query: unknown,
    { note }: RestCall,
  ): Answer<typeof checkCluster> {
    const record = await this.view.find(caller, cluster);
    note.cluster = { id: record.id, name: record.name };
    await this.clusters.check(record.id);
    return this.view.detail(caller, record);
  }

  @Implements(deleteCluster)
  async remove(
    caller: Caller,
    { cluster }: ParamsOf<typeof deleteCluster>,
    body: BodyOf<typeof deleteCluster>,
    { note }: RestCall,
  ): Promise<void> {
    const record = await this.view.find(caller, cluster);
    note.cluster = { id: record.id, name: record.name };
    note.summary = await this.removal.remove(record, body);
  }

  @Implements(createKubeconfig)
  async kubeconfig(
    caller: Caller,
    { cluster }: ParamsOf<typeof createKubeconfig>,
    { expiresInHours }: BodyOf<typeof createKubeconfig>,
    { note, reply }: RestCall,
  ): Promise<string> {
    const record = await this.view.find(caller, cluster);
    note.cluster = { id: record.id, name: record.name };
    const { yaml, token } = await this.kubeconfigs.create(caller, record, expiresInHours);
    note.summary = `token ${token.id} until ${token.expiresAt}`;
    reply
      .header('content-type', 'application/yaml; charset=utf-8')
      .header('content-disposition', `attachment; filename="fairlead-${record.name}.yaml"`);
    return yaml;
  }
}
