import type { BodyOf, createApp, Hold, Obstacle, Plan, planApp, SecretValues } from '@fairlead/shared';
import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '../../../platform/app-error.js';
import { CLOCK, type Clock } from '../../../platform/clock.js';
import { newId } from '../../../platform/id.js';
import { decideProject, type ProjectInfo } from '../../access/index.js';
import type { Caller } from '../../auth/index.js';
import { AppStore, specOf } from '../app-store.js';
import { AppsService, type Where } from '../apps.service.js';
import { Changes } from '../changes.service.js';
import { leftOf } from '../conflicts/left.js';
import { holdOf, holdWords, isHeldOff } from '../hold/hold.js';
import { mergePatch } from '../merge-patch.js';
import { renderManifests } from '../render/manifests.js';
import { OwnSecrets } from '../secrets/own-secrets.service.js';
import { checkSpec } from '../spec.js';
import { commandsOf } from './commands.js';
import { toYamlDocuments } from './shown.js';

/** What an act would do, as the REST API has it. */
@Injectable()
export class Plans {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly store: AppStore,
    private readonly apps: AppsService,
    private readonly changes: Changes,
    private readonly secrets: OwnSecrets,
  ) {}

  async plan(caller: Caller, project: ProjectInfo, body: BodyOf<typeof createApp>): Promise<Plan> {
    const cluster = await this.apps.place(caller, project, body);
    const taken = await this.store.has(project.id, cluster.id, body.namespace, body.name);
    // An id that no object can carry yet: whatever is there under these names is foreign.
    const identity = { id: newId(), name: body.name, namespace: body.namespace, project, cluster };
    const resolved = this.secrets.resolve(identity, body.spec, null, body.secretValues);
    const objects = renderManifests(identity, resolved.spec);
    const plan = await this.changes.preview(caller, identity, objects, { adopt: body.adopt, secrets: { ...resolved, standing: null } });
    if (taken)
      plan.obstacles.unshift({
        object: body.name,
        field: 'name',
        reason: `there is already an app called ${body.name} in ${cluster.name}/${body.namespace}`,
        severity: 'blocks',
      });
    const { planHash: _, secretValues, ...rest } = body;
    const given = { ...rest, ...(secretValues && { secretValues: withoutValues(secretValues) }) };
    return {
      ...plan,
      clean: isClean(plan),
      manifests: toYamlDocuments(objects),
      commands: commandsOf({
        cluster: cluster.name,
        namespace: body.namespace,
        method: 'POST',
        path: `/projects/${project.name}/apps`,
        body: given,
        revision: null,
      }),
    };
  }

  async planChange(caller: Caller, project: ProjectInfo, ref: string, where: Where, body: BodyOf<typeof planApp>): Promise<Plan> {
    const app = await this.apps.find(caller, project, ref, where);
    const current = await this.store.current(app);
    const standing = specOf(current);
    const wanted =
      body.revision === undefined ? checkSpec(mergePatch(standing, body.spec)) : specOf(await this.apps.revisionRow(app, body.revision));
    if (body.secretValues) this.mayGiveValues(caller, project);
    const resolved = this.secrets.resolve(app, wanted, standing, body.secretValues);
    const objects = renderManifests(app, resolved.spec);
    const asked = { secrets: { ...resolved, standing }, left: leftOf(current), choices: body.conflicts };
    const plan = await this.changes.preview(caller, app, objects, asked);
    const hold = holdOf(app, this.clock.now());
    if (hold) plan.obstacles.unshift(heldWarning(app.name, hold, caller));
    const chosen = body.conflicts.length > 0 ? { conflicts: body.conflicts } : {};
    const path = `/projects/${project.name}/apps/${app.name}`;
    const act =
      body.revision === undefined
        ? {
            method: 'PATCH' as const,
            path,
            body: { spec: body.spec, ...(body.secretValues && { secretValues: withoutValues(body.secretValues) }), ...chosen },
            revision: current.number,
          }
        : { method: 'POST' as const, path: `${path}/rollback`, body: { revision: body.revision, ...chosen }, revision: null };
    const commands = commandsOf({ cluster: app.cluster.name, namespace: app.namespace, ...act });
    return { ...plan, clean: isClean(plan), manifests: toYamlDocuments(objects), commands };
  }

  /** Whoever plans with a value learns whether it is the one that stands: that takes the right to replace it. */
  private mayGiveValues(caller: Caller, project: ProjectInfo): void {
    const { allowed, because } = decideProject(caller, project, 'apps.change', true, this.clock.now());
    if (!allowed) throw new AppError('forbidden', { reason: because });
  }
}

/** Nothing stands in the way, and everything is decided. */
const isClean = ({ obstacles, conflicts }: Pick<Plan, 'obstacles' | 'conflicts'>): boolean =>
  obstacles.length === 0 && conflicts.every(({ choice }) => choice !== null);

const heldWarning = (object: string, hold: Hold, caller: Caller): Obstacle => ({
  object,
  field: null,
  reason: `it is ${holdWords(hold)}`,
  severity: isHeldOff(caller) ? 'blocks' : 'warns',
});

/** For a command to copy. */
const withoutValues = (values: SecretValues): SecretValues =>
  Object.fromEntries(Object.keys(values).map((name) => [name, `<value of ${name}>`]));
