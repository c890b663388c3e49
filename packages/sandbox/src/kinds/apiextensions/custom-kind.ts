import { isRecord, type KubeObject } from '@fairlead/kube/protocol';
import type { FieldError } from '../../machinery/field-error.js';
import { draft, groupResource, groupVersion } from '../../machinery/object.js';
import { allVerbs, type ResourceDefinition, type Subresource } from '../../registry/definition.js';
import { statusPart } from '../parts/status-part.js';
import type { CrdNames, CrdSpec, CrdVersion } from './crd-spec.js';
import { parseJsonPath, valuesAt } from './json-path.js';
import { printerColumns } from './printer-columns.js';
import { listTypeProblems, schemaProblems } from './schema-problems.js';
import { applyDefaults, prune } from './structural-defaults.js';
import { plannedRules, ruleProblems } from './validation-rules.js';

/** The resources that an established definition makes: one for each served version. They are stored in the storage version, or the first that is served. */
export function customKinds(spec: CrdSpec, names: CrdNames): ResourceDefinition[] {
  const served = (spec.versions ?? []).filter((each) => each.served);
  const stored = served.find(({ storage }) => storage) ?? served[0];
  return served.map((version) => customKind(spec, names, version, version === stored));
}

function customKind(spec: CrdSpec, names: CrdNames, version: CrdVersion, isStored: boolean): ResourceDefinition {
  const { group = '', scope } = spec;
  const { plural = '', kind = '', singular = kind.toLowerCase(), shortNames, categories } = names;
  const schema = version.schema?.openAPIV3Schema ?? {};
  const rules = plannedRules(schema);
  const fill = (object: KubeObject): void => {
    for (const [name, inner] of Object.entries(schema.properties ?? {})) fillField(object, name, inner);
  };
  const fillField = (object: KubeObject, name: string, inner: typeof schema): void => {
    if (name === 'metadata' || name === 'apiVersion' || name === 'kind') return;
    if (object[name] === null && !inner.nullable) delete object[name];
    if (object[name] === undefined && inner.default !== undefined) object[name] = draft(inner.default);
    if (object[name] !== undefined) applyDefaults(inner, object[name]);
  };
  const problems = (object: KubeObject): FieldError[] => {
    const { metadata: _, apiVersion: __, kind: ___, ...fields } = object;
    return [...schemaProblems({ ...schema, type: 'object' }, fields, ''), ...listTypeProblems(schema, fields, '')];
  };
  const read = new WeakMap<object, KubeObject>();
  return {
    group,
    version: version.name,
    resource: plural,
    singular,
    kind,
    namespaced: scope !== 'Cluster',
    ...(shortNames ? { shortNames } : {}),
    ...(categories ? { categories } : {}),
    verbs: allVerbs,
    custom: true,
    storage: groupResource(group, plural),
    ...(isStored ? {} : { convert: { toStored: (object) => object, fromStored: (object) => object } }),
    unconditionalUpdate: false,
    hasGeneration: true,
    shown(object) {
      const before = read.get(object);
      if (before) return before;
      const filled = draft(object);
      prune(schema, filled, true);
      fill(filled);
      read.set(object, filled);
      return filled;
    },
    setDefaults(object) {
      prune(schema, object, true);
      fill(object);
    },
    // Rules are asked only of values that are what their schema says.
    validate(object, { api }) {
      const errors = problems(object);
      if (errors.length > 0 || !rules) return errors;
      const { namespace = '', name } = object.metadata;
      const isNew = api.get(groupResource(group, plural), namespace, name) === undefined;
      return ruleProblems(rules, object, undefined, '', isNew ? 'new' : 'unchanged');
    },
    validateUpdate: (object, old) => (rules && problems(object).length === 0 ? ruleProblems(rules, object, old, '', 'change') : []),
    ...(version.deprecated
      ? { deprecationWarning: version.deprecationWarning ?? `${groupVersion(group, version.name)} ${kind} is deprecated` }
      : {}),
    selectableFields: selectableFields(version),
    table: printerColumns(version.additionalPrinterColumns),
    subresources: subresourcesOf(version),
  };
}

function subresourcesOf({ subresources }: CrdVersion): Record<string, Subresource> {
  const { status, scale } = subresources ?? {};
  return { ...(status ? { status: statusPart() } : {}), ...(scale ? { scale: { type: 'scale' as const, ...scale } } : {}) };
}

function selectableFields({ selectableFields: declared = [] }: CrdVersion): Record<string, (object: KubeObject) => string> {
  return Object.fromEntries(
    declared.map(({ jsonPath }) => {
      const path = parseJsonPath(jsonPath) ?? [];
      const text = (object: KubeObject): string => {
        const [value] = valuesAt(path, object);
        return value === undefined || value === null || isRecord(value) ? '' : String(value);
      };
      return [jsonPath.replace(/^\./, ''), text];
    }),
  );
}
