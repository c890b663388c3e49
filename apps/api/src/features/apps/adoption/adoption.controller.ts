import { exportApp, listAdoptable } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, Implements, type ParamsOf, type QueryOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppsService } from '../apps.service.js';
import { Adoption } from './adoption.service.js';

@Controller()
export class AdoptionController {
  constructor(
    private readonly apps: AppsService,
    private readonly adoption: Adoption,
  ) {}

  @Implements(listAdoptable)
  async list(
    caller: Caller,
    _params: unknown,
    query: QueryOf<typeof listAdoptable>,
    { project, note }: ProjectCall,
  ): Answer<typeof listAdoptable> {
    const cluster = await this.apps.place(caller, project, query);
    Object.assign(note, { cluster, namespace: query.namespace });
    return { items: await this.adoption.list(caller, cluster, query.namespace), next: null };
  }

  @Implements(exportApp)
  async export(
    caller: Caller,
    { app }: ParamsOf<typeof exportApp>,
    where: QueryOf<typeof exportApp>,
    { project, note, reply }: ProjectCall,
  ): Promise<string> {
    note.name = app;
    const found = await this.apps.find(caller, project, app, where);
    reply
      .header('content-type', 'application/yaml; charset=utf-8')
      .header('content-disposition', `attachment; filename="${found.name}.yaml"`);
    return this.adoption.export(found);
  }
}
