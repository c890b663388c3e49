import type { AdmissionPlugin } from './admission/admission.js';
import type { FieldTracking } from './api/core.js';
import type { RequestApi } from './api/create-api.js';
import { startControllers } from './controllers/index.js';
import { builtInKinds } from './kinds/index.js';
import { unauthorized } from './machinery/api-error.js';
import type { Clock } from './machinery/clock.js';
import { FieldManager } from './patch/field-manager.js';
import { Versions } from './patch/versions.js';
import type { ResourceDefinition } from './registry/definition.js';
import type { Registry } from './registry/registry.js';
import { createFormats } from './schema/formats.js';
import { Schemas } from './schema/schemas.js';
import type { Access } from './server/access.js';
import type { Formats } from './server/formats.js';
import type { Identity } from './server/identity.js';
import type { ConnectHandler } from './streams/handler.js';

/** What the sandbox is made of, before there is an API: its kinds, its admission, who tracks fields. */
export interface Parts {
  definitions: readonly ResourceDefinition[];
  admission: readonly AdmissionPlugin[];
  fields: FieldTracking | undefined;
  /** The rest, which lives on the API. `start` are the controllers and kubelets, each with its end. */
  over(api: RequestApi): {
    access: Access;
    formats: Formats | undefined;
    streams: ConnectHandler | undefined;
    start: readonly (() => () => void)[];
  };
}

export interface PartsContext {
  clock: Clock;
  random: () => number;
  identity: Identity;
}

/** The one place where the parts meet. */
export function assemble({ clock, random }: PartsContext): Parts {
  const schemas = Schemas.builtIn();
  let registry: Registry | undefined;
  const fields = new FieldManager(new Versions(schemas, (definition, apiVersion) => registry?.sibling(definition, apiVersion)));
  return {
    definitions: builtInKinds(),
    admission: [],
    fields,
    over: (api) => {
      registry = api.registry;
      return {
        access: certificateOnly,
        formats: createFormats(schemas, fields, registry),
        streams: undefined,
        start: [() => startControllers({ api, clock, random })],
      };
    },
  };
}

const certificateOnly: Access = {
  authenticate: ({ certificate }) => {
    if (!certificate) throw unauthorized();
    return { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] };
  },
  authorize: ({ groups }) => ({ allowed: groups.includes('system:masters'), reason: '' }),
};
