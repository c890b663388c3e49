import { getRun, getRunLog, listRuns, startRun, stopRun } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { appOfCall } from '../app-of-call.js';
import { AppsService } from '../apps.service.js';
import { Runs } from './runs.service.js';

/** What was run stands with the run; the audit log names the Job, for words of a command may be secret. */
@Controller()
export class RunsController {
  constructor(
    private readonly apps: AppsService,
    private readonly runs: Runs,
  ) {}

  @Implements(startRun)
  async start(
    caller: Caller,
    params: ParamsOf<typeof startRun>,
    body: BodyOf<typeof startRun>,
    call: ProjectCall,
  ): Answer<typeof startRun> {
    const app = await appOfCall(this.apps, caller, params, call);
    call.note.summary = body.kind;
    const run = await this.runs.start(caller, app, call.project.id, body, call.audit.id);
    call.note.summary = `${body.kind}, Job/${run.job}`;
    const { wait } = call.query as QueryOf<typeof startRun>;
    if (wait === undefined) return run;
    const gone = new AbortController();
    call.request.raw.once('close', () => gone.abort());
    return this.runs.get(app, run.id, wait, gone.signal);
  }

  @Implements(listRuns)
  async list(
    caller: Caller,
    params: ParamsOf<typeof listRuns>,
    { limit, cursor }: QueryOf<typeof listRuns>,
    call: ProjectCall,
  ): Answer<typeof listRuns> {
    return this.runs.list(await appOfCall(this.apps, caller, params, call), limit, cursor);
  }

  @Implements(getRun)
  async get(caller: Caller, params: ParamsOf<typeof getRun>, _query: unknown, call: ProjectCall): Answer<typeof getRun> {
    return this.runs.get(await appOfCall(this.apps, caller, params, call), params.run);
  }

  @Implements(getRunLog)
  async log(caller: Caller, params: ParamsOf<typeof getRunLog>, _query: unknown, call: ProjectCall): Answer<typeof getRunLog> {
    return this.runs.log(caller, await appOfCall(this.apps, caller, params, call), params.run);
  }

  @Implements(stopRun)
  async stop(caller: Caller, params: ParamsOf<typeof stopRun>, _query: unknown, call: ProjectCall): Answer<typeof stopRun> {
    const run = await this.runs.stop(caller, await appOfCall(this.apps, caller, params, call), params.run);
    call.note.summary = `Job/${run.job}`;
    return run;
  }
}
