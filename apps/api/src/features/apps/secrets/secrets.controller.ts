import { changeAppSecrets, listAppSecrets } from '@fairlead/shared';
import { Controller, UseInterceptors } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf } from '../../../platform/http/implements.js';
import type { ProjectCall } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { accepted } from '../accepted.js';
import { appOfCall } from '../app-of-call.js';
import { AppsService } from '../apps.service.js';
import { Idempotency } from '../idempotency.js';
import { readIfMatch } from '../if-match.js';
import { Rollouts } from '../rollouts/rollouts.service.js';
import { withChangedSecrets } from './given-secrets.js';
import { SecretNames } from './secret-names.js';

@Controller()
@UseInterceptors(Idempotency)
export class SecretsController {
  constructor(
    private readonly apps: AppsService,
    private readonly names: SecretNames,
    private readonly rollouts: Rollouts,
  ) {}

  @Implements(listAppSecrets)
  async list(caller: Caller, params: ParamsOf<typeof listAppSecrets>, _query: unknown, call: ProjectCall): Answer<typeof listAppSecrets> {
    return { items: await this.names.of(await appOfCall(this.apps, caller, params, call)), next: null };
  }

  @Implements(changeAppSecrets)
  async change(
    caller: Caller,
    params: ParamsOf<typeof changeAppSecrets>,
    { set, remove }: BodyOf<typeof changeAppSecrets>,
    call: ProjectCall,
  ): Answer<typeof changeAppSecrets> {
    const app = await appOfCall(this.apps, caller, params, call);
    const expected = readIfMatch(call.request.raw.headers['if-match']) ?? undefined;
    const values = Object.fromEntries(set.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
    const next = (spec: Parameters<typeof withChangedSecrets>[0]) => withChangedSecrets(spec, { set, remove });
    return accepted(this.rollouts, call, await this.apps.act(caller, app, { cause: 'change', expected, values, next }, call.audit.id));
  }
}
