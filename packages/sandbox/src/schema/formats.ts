import { createHash } from 'node:crypto';
import type { KubeObject } from '@fairlead/kube/protocol';
import { groupVersion } from '../machinery/object.js';
import type { FieldManager } from '../patch/field-manager.js';
import { goPrint } from '../patch/go-print.js';
import { applyJsonPatch } from '../patch/json-patch.js';
import { applyMergePatch } from '../patch/merge-patch.js';
import { applyStrategicMergePatch } from '../patch/strategic-merge.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { Registry } from '../registry/registry.js';
import type { Formats } from '../server/formats.js';
import { type Decoded, decodeFields } from './decode-fields.js';
import { openApiDocument } from './document.js';
import type { Schemas } from './schemas.js';
import type { Type } from './type.js';
import { completedObject } from './zero.js';

/** What the door does with documents, by the schemas of what is registered. */
export function createFormats(schemas: Schemas, fields: FieldManager, registry: Registry): Formats {
  const served = (group: string, version: string): ResourceDefinition[] =>
    registry.all().filter((each) => each.group === group && each.version === version);
  const hashes = new Map<string, string>();
  registry.onChange(() => hashes.clear());
  return {
    knows: (apiVersion, kind) => {
      const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
      return schemas.componentOf({ group, version, kind }) !== undefined || schemas.customSchema({ group, version, kind }) !== undefined;
    },
    checkFields: (definition, object) => checkFields(schemas.of(definition), definition, object),
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

/** Of a custom kind only the metadata is a struct; its validation says what it thinks of the rest. */
function checkFields(type: Type, { custom }: ResourceDefinition, object: KubeObject): Decoded {
  const decoded = decodeFields(type, object);
  const metadata = type.map?.fields.get('metadata');
  if (!custom || decoded.problem === undefined || !metadata) return decoded;
  return { ...decodeFields(metadata.type, object.metadata), unknown: decoded.unknown };
}
