import { closeAppPort, listAppPorts, listPortOpenings, openAppPort } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../platform/http/implements.js';
import type { ProjectCall } from '../access/index.js';
import { AppPorts, type AppRecord, AppsService } from '../apps/index.js';
import type { Caller } from '../auth/index.js';
import { Openings, titleOf } from './openings.js';

@Controller()
export class PortsController {
  constructor(
    private readonly apps: AppsService,
    private readonly ports: AppPorts,
    private readonly openings: Openings,
  ) {}

  @Implements(listAppPorts)
  async list(caller: Caller, params: ParamsOf<typeof listAppPorts>, _query: unknown, call: ProjectCall): Answer<typeof listAppPorts> {
    const items = await this.ports.list(caller, await this.app(caller, params, call));
    const { site } = this.openings;
    return { items, next: null, unavailable: site.available ? null : site.reason };
  }

  @Implements(openAppPort)
  async open(
    caller: Caller,
    params: ParamsOf<typeof openAppPort>,
    target: BodyOf<typeof openAppPort>,
    call: ProjectCall,
  ): Answer<typeof openAppPort> {
    const app = await this.app(caller, params, call);
    call.note.summary = titleOf(target);
    await this.ports.check(caller, app, target);
    const by = { sourceAddress: call.sourceAddress, userAgent: call.request.headers['user-agent'] ?? '' };
    const { row, link } = await this.openings.open(caller, { app, target, project: call.project, by });
    return { opening: this.openings.show(row), link, linkExpiresAt: row.linkExpiresAt.toISOString() };
  }

  @Implements(listPortOpenings)
  async mine(
    caller: Caller,
    params: ParamsOf<typeof listPortOpenings>,
    _query: unknown,
    call: ProjectCall,
  ): Answer<typeof listPortOpenings> {
    const app = await this.app(caller, params, call);
    return { items: (await this.openings.ofPerson(caller, app.id)).map((row) => this.openings.show(row)), next: null };
  }

  @Implements(closeAppPort)
  async close(caller: Caller, params: ParamsOf<typeof closeAppPort>, _query: unknown, call: ProjectCall): Promise<void> {
    const app = await this.app(caller, params, call);
    await this.openings.close(caller, app.id, params.opening);
  }

  /** The app of the path, noted for the audit. */
  private async app(caller: Caller, { app: ref }: { app: string }, { project, note, query }: ProjectCall): Promise<AppRecord> {
    note.name = ref;
    const app = await this.apps.find(caller, project, ref, query as QueryOf<typeof listAppPorts>);
    Object.assign(note, { name: app.name, cluster: app.cluster, namespace: app.namespace });
    return app;
  }
}
