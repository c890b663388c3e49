import {
  changeApp,
  changePolicies,
  correctApp,
  createApp,
  deleteApp,
  deletePod,
  getApp,
  getRevision,
  liftHold,
  listApps,
  listPods,
  listRevisions,
  planApp,
  planNewApp,
  putApp,
  restartApp,
  rollbackApp,
  scaleApp,
  sleepApp,
  undoApp,
  wakeApp,
} from '@fairlead/shared';
import { Controller, UseInterceptors } from '@nestjs/common';
import { AppError } from '../../platform/app-error.js';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../platform/http/implements.js';
import type { ProjectCall } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { accepted } from './accepted.js';
import { appOfCall } from './app-of-call.js';
import type { AppRecord } from './app-store.js';
import { AppsService, type Outcome } from './apps.service.js';
import { Idempotency } from './idempotency.js';
import { readIfMatch } from './if-match.js';
import { AppPods } from './observed/app-pods.js';
import { Plans } from './plan/plans.service.js';
import { Pods } from './pods.service.js';
import { Rollouts } from './rollouts/rollouts.service.js';

@Controller()
@UseInterceptors(Idempotency)
export class AppsController {
  constructor(
    private readonly apps: AppsService,
    private readonly plans: Plans,
    private readonly pods: Pods,
    private readonly appPods: AppPods,
    private readonly rollouts: Rollouts,
  ) {}

  @Implements(listApps)
  list(caller: Caller, _params: unknown, query: QueryOf<typeof listApps>, { project }: ProjectCall): Answer<typeof listApps> {
    return this.apps.list(caller, project, query);
  }

  @Implements(createApp)
  async create(caller: Caller, _params: unknown, body: BodyOf<typeof createApp>, call: ProjectCall): Answer<typeof createApp> {
    Object.assign(call.note, { name: body.name, namespace: body.namespace });
    const outcome = await this.apps.create(caller, call.project, body, call.audit.id);
    call.reply.header('location', `/api/v1/projects/${call.project.id}/apps/${outcome.app.id}`);
    return this.accepted(call, outcome);
  }

  @Implements(planNewApp)
  async planNew(
    caller: Caller,
    _params: unknown,
    body: BodyOf<typeof planNewApp>,
    { project, note }: ProjectCall,
  ): Answer<typeof planNewApp> {
    Object.assign(note, { name: body.name, namespace: body.namespace });
    return this.plans.plan(caller, project, body);
  }

  @Implements(getApp)
  async get(
    caller: Caller,
    { app }: ParamsOf<typeof getApp>,
    where: QueryOf<typeof getApp>,
    { project, note, reply }: ProjectCall,
  ): Answer<typeof getApp> {
    note.name = app;
    const found = await this.apps.get(caller, project, app, where);
    reply.header('etag', `"${found.revision.number}"`);
    return found;
  }

  @Implements(putApp)
  async put(caller: Caller, { app: name }: ParamsOf<typeof putApp>, body: BodyOf<typeof putApp>, call: ProjectCall): Answer<typeof putApp> {
    Object.assign(call.note, { name, namespace: body.namespace });
    const expected = readIfMatch(call.request.raw.headers['if-match']) ?? undefined;
    return this.accepted(call, await this.apps.put(caller, call.project, name, body, expected, call.audit.id));
  }

  @Implements(planApp)
  plan(
    caller: Caller,
    { app }: ParamsOf<typeof planApp>,
    body: BodyOf<typeof planApp>,
    { project, note, query }: ProjectCall,
  ): Answer<typeof planApp> {
    note.name = app;
    return this.plans.planChange(caller, project, app, query as QueryOf<typeof planApp>, body);
  }

  @Implements(changeApp)
  async change(
    caller: Caller,
    params: ParamsOf<typeof changeApp>,
    body: BodyOf<typeof changeApp>,
    call: ProjectCall,
  ): Answer<typeof changeApp> {
    const app = await this.app(caller, params, call);
    const expected = readIfMatch(call.request.raw.headers['if-match']);
    if (expected === null) throw new AppError('precondition_required', { current: app.currentRevision });
    return this.accepted(call, await this.apps.change(caller, app, body, expected, call.audit.id));
  }

  @Implements(scaleApp)
  async scale(
    caller: Caller,
    params: ParamsOf<typeof scaleApp>,
    body: BodyOf<typeof scaleApp>,
    call: ProjectCall,
  ): Answer<typeof scaleApp> {
    return this.accepted(call, await this.apps.scale(caller, await this.app(caller, params, call), body, call.audit.id));
  }

  @Implements(sleepApp)
  async sleep(caller: Caller, params: ParamsOf<typeof sleepApp>, _query: unknown, call: ProjectCall): Answer<typeof sleepApp> {
    return this.accepted(call, await this.apps.sleep(caller, await this.app(caller, params, call), call.audit.id));
  }

  @Implements(wakeApp)
  async wake(caller: Caller, params: ParamsOf<typeof wakeApp>, _query: unknown, call: ProjectCall): Answer<typeof wakeApp> {
    return this.accepted(call, await this.apps.wake(caller, await this.app(caller, params, call), call.audit.id));
  }

  @Implements(rollbackApp)
  async rollback(
    caller: Caller,
    params: ParamsOf<typeof rollbackApp>,
    body: BodyOf<typeof rollbackApp>,
    call: ProjectCall,
  ): Answer<typeof rollbackApp> {
    return this.accepted(call, await this.apps.rollback(caller, await this.app(caller, params, call), body, call.audit.id));
  }

  @Implements(liftHold)
  async liftHold(caller: Caller, params: ParamsOf<typeof liftHold>, _query: unknown, call: ProjectCall): Promise<void> {
    const app = await this.app(caller, params, call);
    call.note.summary = await this.apps.liftHold(caller, app);
  }

  @Implements(undoApp)
  async undo(caller: Caller, params: ParamsOf<typeof undoApp>, body: BodyOf<typeof undoApp>, call: ProjectCall): Answer<typeof undoApp> {
    return this.accepted(call, await this.apps.undo(caller, await this.app(caller, params, call), body, call.audit.id));
  }

  @Implements(changePolicies)
  async policies(
    caller: Caller,
    params: ParamsOf<typeof changePolicies>,
    body: BodyOf<typeof changePolicies>,
    call: ProjectCall,
  ): Answer<typeof changePolicies> {
    const app = await this.app(caller, params, call);
    call.note.summary = Object.entries(body)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', ');
    return this.apps.setPolicies(app, body);
  }

  @Implements(correctApp)
  async correct(caller: Caller, params: ParamsOf<typeof correctApp>, _query: unknown, call: ProjectCall): Answer<typeof correctApp> {
    return this.apps.correct(caller, await this.app(caller, params, call));
  }

  @Implements(deleteApp)
  async remove(
    caller: Caller,
    params: ParamsOf<typeof deleteApp>,
    body: BodyOf<typeof deleteApp>,
    call: ProjectCall,
  ): Answer<typeof deleteApp> {
    return this.accepted(call, await this.apps.remove(caller, await this.app(caller, params, call), body, call.audit.id));
  }

  @Implements(restartApp)
  async restart(caller: Caller, params: ParamsOf<typeof restartApp>, _query: unknown, call: ProjectCall): Promise<void> {
    await this.pods.restart(caller, await this.app(caller, params, call));
  }

  @Implements(listRevisions)
  revisions(
    caller: Caller,
    { app }: ParamsOf<typeof listRevisions>,
    query: QueryOf<typeof listRevisions>,
    { project, note }: ProjectCall,
  ): Answer<typeof listRevisions> {
    note.name = app;
    return this.apps.revisions(caller, project, app, query);
  }

  @Implements(getRevision)
  revision(
    caller: Caller,
    { app, revision }: ParamsOf<typeof getRevision>,
    where: QueryOf<typeof getRevision>,
    { project, note }: ProjectCall,
  ): Answer<typeof getRevision> {
    note.name = app;
    return this.apps.revision(caller, project, app, revision, where);
  }

  @Implements(listPods)
  async listPods(
    caller: Caller,
    params: ParamsOf<typeof listPods>,
    _query: QueryOf<typeof listPods>,
    call: ProjectCall,
  ): Answer<typeof listPods> {
    return { items: await this.appPods.of(caller, await this.app(caller, params, call)), next: null };
  }

  @Implements(deletePod)
  async deletePod(caller: Caller, params: ParamsOf<typeof deletePod>, _query: unknown, call: ProjectCall): Promise<void> {
    const app = await this.app(caller, params, call);
    Object.assign(call.note, { name: params.pod, resource: 'pods', summary: `of ${app.name}` });
    await this.pods.delete(caller, app, params.pod);
  }

  private app(caller: Caller, params: { app: string }, call: ProjectCall): Promise<AppRecord> {
    return appOfCall(this.apps, caller, params, call);
  }

  private accepted(call: ProjectCall, outcome: Outcome): Answer<typeof changeApp> {
    return accepted(this.rollouts, call, outcome);
  }
}
