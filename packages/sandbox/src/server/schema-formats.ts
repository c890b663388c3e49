import type { FieldManager } from '../patch/field-manager.js';
import { applyJsonPatch } from '../patch/json-patch.js';
import { applyMergePatch } from '../patch/merge-patch.js';
import { applyStrategicMergePatch } from '../patch/strategic-merge.js';
import { decodeFields } from '../schema/decode-fields.js';
import type { Schemas } from '../schema/schemas.js';
import type { Formats } from './formats.js';

/** What the door does with documents, by the schemas and the patches. */
export function schemaFormats(schemas: Schemas, fields: FieldManager): Formats {
  return {
    knows: (apiVersion, kind) => {
      const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
      return schemas.componentOf({ group, version, kind }) !== undefined || schemas.customSchema({ group, version, kind }) !== undefined;
    },
    checkFields: (definition, object) => decodeFields(schemas.of(definition), object),
    jsonPatch: applyJsonPatch,
    mergePatch: applyMergePatch,
    strategicMergePatch: (definition, document, patch) => applyStrategicMergePatch(document, patch, schemas.of(definition)),
    apply: (live, config, how) => fields.apply(live, config, how),
    openApi: () => undefined,
    openApiHash: () => undefined,
  };
}
