import { proposeAddress } from '@fairlead/shared';
import { Controller, Inject } from '@nestjs/common';
import { DATABASE, type Database } from '../../../platform/database.js';
import { type Answer, Implements, type QueryOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppsService } from '../apps.service.js';
import { ClusterRoutes } from '../observed/cluster-routes.js';
import { proposedHost } from './proposed-host.js';

@Controller()
export class AddressesController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly apps: AppsService,
    private readonly routes: ClusterRoutes,
  ) {}

  @Implements(proposeAddress)
  async propose(
    caller: Caller,
    _params: unknown,
    query: QueryOf<typeof proposeAddress>,
    { project, note }: ProjectCall,
  ): Answer<typeof proposeAddress> {
    Object.assign(note, { name: query.name, namespace: query.namespace });
    const cluster = await this.apps.place(caller, project, query);
    const own = await this.database.projectNamespace.findMany({
      where: { projectId: project.id, clusterId: cluster.id },
      select: { namespace: true },
    });
    return proposedHost(query.name, project.name, await this.routes.facts(cluster.id, new Set(own.map(({ namespace }) => namespace))));
  }
}
