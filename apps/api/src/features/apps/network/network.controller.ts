import { getAppNetwork } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, Implements, type ParamsOf, type QueryOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppsService } from '../apps.service.js';
import { AppNetworks } from './app-network.service.js';

@Controller()
export class NetworkController {
  constructor(
    private readonly apps: AppsService,
    private readonly networks: AppNetworks,
  ) {}

  @Implements(getAppNetwork)
  async get(
    caller: Caller,
    { app: ref }: ParamsOf<typeof getAppNetwork>,
    where: QueryOf<typeof getAppNetwork>,
    { project, note }: ProjectCall,
  ): Answer<typeof getAppNetwork> {
    note.name = ref;
    const app = await this.apps.find(caller, project, ref, where);
    Object.assign(note, { name: app.name, cluster: app.cluster, namespace: app.namespace });
    return this.networks.of(caller, app);
  }
}
