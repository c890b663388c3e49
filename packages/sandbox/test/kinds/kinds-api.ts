import type { KubeObject } from '@fairlead/kube/protocol';
import type { FieldTracking, Target } from '../../src/api/core.js';
import { createApi } from '../../src/api/create-api.js';
import { builtInKinds } from '../../src/kinds/index.js';
import { VirtualClock } from '../../src/machinery/virtual-clock.js';
import type { ResourceDefinition } from '../../src/registry/definition.js';
import { Schemas } from '../../src/schema/schemas.js';
import { completedObject } from '../../src/schema/zero.js';
import { repeatable } from '../support/test-api.js';

export type Answer = { object: KubeObject; warnings?: string[] } | { message: string; code: number; warnings?: string[] };

const kinds = builtInKinds();
const kindAt = (group: string, version: string, resource: string): ResourceDefinition => {
  const found = kinds.find((each) => each.group === group && each.version === version && each.resource === resource);
  if (!found) throw new Error(`no ${resource} in ${group}/${version}`);
  return found;
};

/** As a write begins in the sandbox: in the form that Go prints, which kinds with defaults see to themselves. Nobody's fields are noted. */
const schemas = Schemas.builtIn();
const fields: FieldTracking = {
  noteUpdate: () => {},
  completed: (definition, object) => (definition.setDefaults ? object : completedObject(schemas.of(definition), object)),
};

/** The built-in kinds over an API of their own, without admission: what is answered to a POST, or to a PUT of what was posted before. */
export function kindsApi(path: string, dryRun: boolean) {
  const match = /^api(?:s\/([^/]+))?\/(v[^/]+)\/(?:namespaces\/([^/]+)\/)?([^/]+)$/.exec(path);
  if (!match) throw new Error(`not a path of a resource: ${path}`);
  const [, group = '', version = '', namespace = '', resource = ''] = match;
  const requested = kindAt(group, version, resource);
  const api = createApi({ clock: new VirtualClock(), random: repeatable(1), definitions: kinds, fields });
  const stored = api.registry.stored(requested.storage);
  const target = (name: string, subresource = ''): Target => ({ stored, requested, namespace, name, subresource });
  const toStored = (object: KubeObject): KubeObject => requested.convert?.toStored(object) ?? object;
  const shown = (object: KubeObject): KubeObject => ({
    ...(requested.convert?.fromStored(object) ?? object),
    apiVersion: group ? `${group}/${version}` : version,
  });
  const answer = (act: (onWarning: (text: string) => void) => KubeObject): Answer => {
    const warnings: string[] = requested.deprecationWarning ? [requested.deprecationWarning] : [];
    const said = (): { warnings?: string[] } => (warnings.length > 0 ? { warnings } : {});
    try {
      const object = shown(act((text) => warnings.push(text)));
      return { object, ...said() };
    } catch (error) {
      const { status } = error as { status?: { message?: string; code?: number } };
      if (!status) throw error;
      return { message: status.message ?? '', code: status.code ?? 0, ...said() };
    }
  };
  return {
    api,
    create: (body: KubeObject): Answer =>
      answer((onWarning) => api.createAs(target(body.metadata.name ?? ''), toStored(structuredClone(body)), { dryRun, onWarning })),
    /** `change` is a JSON merge patch. */
    change: (name: string, change: object, subresource = ''): Answer =>
      answer((onWarning) => {
        const next = (old: KubeObject | undefined): KubeObject => {
          if (!old) throw new Error(`nothing to change: ${name}`);
          const { metadata, ...rest } = structuredClone(shown(old));
          const { resourceVersion: _, ...kept } = metadata;
          return toStored(merged({ ...rest, metadata: kept }, change) as KubeObject);
        };
        return api.updateAs(target(name, subresource), { next }, { dryRun: true, onWarning }).object;
      }),
  };
}

function merged(value: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) return change;
  const made: Record<string, unknown> = { ...(typeof value === 'object' && !Array.isArray(value) ? value : {}) };
  for (const [key, part] of Object.entries(change)) {
    if (part === null) delete made[key];
    else made[key] = merged(made[key], part);
  }
  return made;
}
