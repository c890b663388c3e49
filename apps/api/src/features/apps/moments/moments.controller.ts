import { listMoments } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, Implements, type ParamsOf, type QueryOf } from '../../../platform/http/implements.js';
import { pageOf, readCursor } from '../../../platform/http/paging.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppsService } from '../apps.service.js';
import { MomentStore, momentOf } from './moment-store.js';

const momentCursor = /^\d{1,15} [0-9a-f-]{36}$/;

@Controller()
export class MomentsController {
  constructor(
    private readonly apps: AppsService,
    private readonly store: MomentStore,
  ) {}

  @Implements(listMoments)
  async list(
    caller: Caller,
    { app }: ParamsOf<typeof listMoments>,
    { limit, cursor, ...where }: QueryOf<typeof listMoments>,
    { project, note }: ProjectCall,
  ): Answer<typeof listMoments> {
    note.name = app;
    const { id } = await this.apps.find(caller, project, app, where);
    const [at, last] = readCursor(cursor, momentCursor)?.split(' ') ?? [];
    const before = at && last ? { at: new Date(Number(at)), id: last } : null;
    return pageOf(await this.store.list(id, limit + 1, before), limit, (row) => `${row.at.getTime()} ${row.id}`, momentOf);
  }
}
