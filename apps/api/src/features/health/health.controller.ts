import { healthLive, healthReady } from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, Implements } from '../../platform/http/implements.js';
import type { RestContext } from '../../platform/http/rest-context.js';
import { HealthService } from './health.service.js';

@Controller()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Implements(healthLive)
  async live(): Answer<typeof healthLive> {
    return { status: 'ok' };
  }

  @Implements(healthReady)
  async ready(_: null, _params: unknown, _query: unknown, { reply }: RestContext): Answer<typeof healthReady> {
    const readiness = await this.health.readiness();
    if (readiness.status !== 'ok') void reply.status(503);
    return readiness;
  }
}
