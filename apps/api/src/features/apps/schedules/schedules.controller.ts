import { getSchedule, resumeSchedule, runScheduleNow, suspendSchedule } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, Implements, type ParamsOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { accepted } from '../accepted.js';
import { appOfCall } from '../app-of-call.js';
import { AppsService } from '../apps.service.js';
import { Rollouts } from '../rollouts/rollouts.service.js';
import { Schedules } from './schedules.service.js';

@Controller()
export class SchedulesController {
  constructor(
    private readonly apps: AppsService,
    private readonly schedules: Schedules,
    private readonly rollouts: Rollouts,
  ) {}

  @Implements(getSchedule)
  async view(caller: Caller, params: ParamsOf<typeof getSchedule>, _query: unknown, call: ProjectCall): Answer<typeof getSchedule> {
    return this.schedules.view(caller, await appOfCall(this.apps, caller, params, call));
  }

  @Implements(runScheduleNow)
  async run(caller: Caller, params: ParamsOf<typeof runScheduleNow>, _query: unknown, call: ProjectCall): Answer<typeof runScheduleNow> {
    const run = await this.schedules.runNow(caller, await appOfCall(this.apps, caller, params, call));
    call.note.summary = `Job/${run.name}`;
    return run;
  }

  @Implements(suspendSchedule)
  async suspend(
    caller: Caller,
    params: ParamsOf<typeof suspendSchedule>,
    _query: unknown,
    call: ProjectCall,
  ): Answer<typeof suspendSchedule> {
    const app = await appOfCall(this.apps, caller, params, call);
    return accepted(this.rollouts, call, await this.schedules.suspend(caller, app, true, call.audit.id));
  }

  @Implements(resumeSchedule)
  async resume(caller: Caller, params: ParamsOf<typeof resumeSchedule>, _query: unknown, call: ProjectCall): Answer<typeof resumeSchedule> {
    const app = await appOfCall(this.apps, caller, params, call);
    return accepted(this.rollouts, call, await this.schedules.suspend(caller, app, false, call.audit.id));
  }
}
