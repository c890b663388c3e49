import { listDeletedApps, undoDeleteApp } from '@fairlead/shared';
import { Controller, UseInterceptors } from '@nestjs/common';
import { type Answer, Implements, type ParamsOf, type QueryOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { accepted } from '../accepted.js';
import { Idempotency } from '../idempotency.js';
import { Rollouts } from '../rollouts/rollouts.service.js';
import { Undelete } from './undelete.service.js';

@Controller()
@UseInterceptors(Idempotency)
export class UndeleteController {
  constructor(
    private readonly undelete: Undelete,
    private readonly rollouts: Rollouts,
  ) {}

  @Implements(listDeletedApps)
  async list(caller: Caller, _params: unknown, _query: unknown, { project }: ProjectCall): Answer<typeof listDeletedApps> {
    return { items: await this.undelete.list(caller, project), next: null };
  }

  @Implements(undoDeleteApp)
  async undo(caller: Caller, { app }: ParamsOf<typeof undoDeleteApp>, _query: unknown, call: ProjectCall): Answer<typeof undoDeleteApp> {
    call.note.name = app;
    const where = call.query as QueryOf<typeof undoDeleteApp>;
    return accepted(this.rollouts, call, await this.undelete.undo(caller, call.project, app, where, call.audit.id));
  }
}
