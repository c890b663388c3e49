import { getRollout, listRollouts } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, Implements, type ParamsOf, type QueryOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppsService } from '../apps.service.js';
import { Rollouts } from './rollouts.service.js';

@Controller()
export class RolloutsController {
  constructor(
    private readonly apps: AppsService,
    private readonly rollouts: Rollouts,
  ) {}

  @Implements(listRollouts)
  async list(
    caller: Caller,
    { app }: ParamsOf<typeof listRollouts>,
    { limit, cursor, ...where }: QueryOf<typeof listRollouts>,
    { project, note }: ProjectCall,
  ): Answer<typeof listRollouts> {
    note.name = app;
    return this.rollouts.list(await this.apps.find(caller, project, app, where), limit, cursor);
  }

  @Implements(getRollout)
  async get(
    caller: Caller,
    { app, revision }: ParamsOf<typeof getRollout>,
    { wait = 0, ...where }: QueryOf<typeof getRollout>,
    { project, note, request }: ProjectCall,
  ): Answer<typeof getRollout> {
    note.name = app;
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    return this.rollouts.get(await this.apps.find(caller, project, app, where), revision, wait, gone.signal);
  }
}
