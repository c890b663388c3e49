import { createHash } from 'node:crypto';
import { groupVersion } from '../machinery/object.js';
import type { FieldManager } from '../patch/field-manager.js';
import { goPrint } from '../patch/go-print.js';
import { applyJsonPatch } from '../patch/json-patch.js';
import { applyMergePatch } from '../patch/merge-patch.js';
import { applyStrategicMergePatch } from '../patch/strategic-merge.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { Registry } from '../registry/registry.js';
import { decodeFields } from '../schema/decode-fields.js';
import { openApiDocument } from '../schema/document.js';
import type { Schemas } from '../schema/schemas.js';
import { completedObject } from '../schema/zero.js';
import type { Formats } from './formats.js';

/** What the door does with documents, by the schemas of what is registered and the patches. */
export function schemaFormats(schemas: Schemas, fields: FieldManager, registry: Registry): Formats {
  const served = (group: string, version: string): ResourceDefinition[] =>
    registry.all().filter((each) => each.group === group && each.version === version);
  let hashes = new Map<string, string>();
  registry.onChange(() => {
    hashes = new Map();
  });
  return {
    knows: (apiVersion, kind) => {
      const [group, version] = split(apiVersion);
      return schemas.componentOf({ group, version, kind }) !== undefined || schemas.customSchema({ group, version, kind }) !== undefined;
    },
    checkFields: (definition, object) => decodeFields(schemas.of(definition), object),
    completed: (definition, object) => completedObject(schemas.of(definition), object),
    shownPatch: goPrint,
    jsonPatch: applyJsonPatch,
    mergePatch: applyMergePatch,
    strategicMergePatch: (definition, document, patch) => applyStrategicMergePatch(document, patch, schemas.of(definition)),
    apply: (live, config, how) => fields.apply(live, config, how),
    openApi: (group, version) => {
      const definitions = served(group, version);
      return definitions.length > 0 ? openApiDocument(schemas, definitions, '1.34') : undefined;
    },
    openApiHash: (group, version) => {
      const key = groupVersion(group, version);
      const known = hashes.get(key);
      const definitions = known ? [] : served(group, version);
      if (known || definitions.length === 0) return known;
      const facts = definitions.map(({ kind, resource, verbs, namespaced, subresources }) => [
        [kind, resource, verbs, namespaced, Object.keys(subresources)],
        schemas.customSchema({ group, version, kind }),
      ]);
      const hash = createHash('sha512').update(JSON.stringify(facts)).digest('hex').toUpperCase();
      hashes.set(key, hash);
      return hash;
    },
  };
}

const split = (apiVersion: string): [string, string] => {
  const [first = '', second] = apiVersion.split('/');
  return second === undefined ? ['', first] : [first, second];
};
