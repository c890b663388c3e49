import { getDrill, listDrills, startDrill } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppsService } from '../apps.service.js';
import { Drills } from './drills.service.js';

@Controller()
export class DrillsController {
  constructor(
    private readonly apps: AppsService,
    private readonly drills: Drills,
  ) {}

  @Implements(startDrill)
  async start(
    caller: Caller,
    { app: ref }: ParamsOf<typeof startDrill>,
    body: BodyOf<typeof startDrill>,
    { project, note, query }: ProjectCall,
  ): Answer<typeof startDrill> {
    Object.assign(note, { name: ref, summary: [body.kind, body.node].filter(Boolean).join(' ') });
    const app = await this.apps.find(caller, project, ref, query as QueryOf<typeof startDrill>);
    Object.assign(note, { name: app.name, cluster: app.cluster, namespace: app.namespace });
    return this.drills.start(caller, app, body);
  }

  @Implements(listDrills)
  async list(
    caller: Caller,
    { app }: ParamsOf<typeof listDrills>,
    { limit, cursor, ...where }: QueryOf<typeof listDrills>,
    { project, note }: ProjectCall,
  ): Answer<typeof listDrills> {
    note.name = app;
    return this.drills.list(await this.apps.find(caller, project, app, where), limit, cursor);
  }

  @Implements(getDrill)
  async get(
    caller: Caller,
    { app, drill }: ParamsOf<typeof getDrill>,
    where: QueryOf<typeof getDrill>,
    { project, note }: ProjectCall,
  ): Answer<typeof getDrill> {
    note.name = app;
    return this.drills.get(await this.apps.find(caller, project, app, where), drill);
  }
}
