import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import { subdomainProblem } from '../../machinery/name-problem.js';
import { equal } from '../../machinery/object.js';
import { type CrdColumn, type CrdSpec, type CrdVersion, specOf, statusOf } from './crd-spec.js';
import { parseJsonPath } from './json-path.js';
import { dns1035LabelProblem } from './label-1035.js';
import { structuralProblems } from './structural-problems.js';

const approval = 'api-approved.kubernetes.io';
const unapproved = `protected groups must have approval annotation "${approval}", see https://github.com/kubernetes/enhancements/pull/1111`;
const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group);

/** ValidateCustomResourceDefinition. */
export function crdProblems(object: KubeObject): FieldError[] {
  const spec = specOf(object);
  const { storedVersions } = statusOf(object);
  const { group = '', names = {}, scope, versions = [] } = spec;
  const errors: FieldError[] = [];
  if (object.metadata.name !== `${names.plural ?? ''}.${group}`)
    errors.push(invalidValue('metadata.name', object.metadata.name, 'must be spec.names.plural+"."+spec.group'));
  if (spec.preserveUnknownFields)
    errors.push(
      invalidValue(
        'spec.preserveUnknownFields',
        true,
        'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ),
    );
  if (isProtected(group) && !object.metadata.annotations?.[approval])
    errors.push(required(`metadata.annotations[${approval}]`, unapproved));
  if (group === '') errors.push(required('spec.group'));
  else if (subdomainProblem(group)) errors.push(invalidValue('spec.group', group, subdomainProblem(group) ?? ''));
  else if (!group.includes('.')) errors.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  if (!scope) errors.push(required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  errors.push(...versionsProblems(versions), ...namesProblems(spec));
  if (spec.conversion?.strategy && spec.conversion.strategy !== 'None' && spec.conversion.strategy !== 'Webhook')
    errors.push(notSupported('spec.conversion.strategy', spec.conversion.strategy, ['None', 'Webhook']));
  versions.forEach((version, index) => {
    const place = placeOf(versions, index);
    errors.push(...schemaErrors(version, index, versions), ...subresourceProblems(version, place('subresources')));
    errors.push(...columnProblems(version.additionalPrinterColumns ?? [], place('additionalPrinterColumns')));
    errors.push(...selectableProblems(version, place('selectableFields')));
  });
  const storage = versions.filter(({ storage: isStorage }) => isStorage).at(-1);
  if (!storedVersions || storedVersions.length === 0)
    errors.push(invalidValue('status.storedVersions', storedVersions, 'must have at least one stored version'));
  else if (storage && !storedVersions.includes(storage.name))
    errors.push(invalidValue('status.storedVersions', storedVersions, `must have the storage version ${storage.name}`));
  return unique(errors);
}

/** What cannot change once the names are accepted. */
export function crdUpdateProblems(object: KubeObject, old: KubeObject, isEstablished: boolean): FieldError[] {
  const [spec, before] = [specOf(object), specOf(old)];
  const errors: FieldError[] = [];
  if (spec.group !== before.group) errors.push(invalidValue('spec.group', spec.group, 'field is immutable'));
  if (spec.names?.plural !== before.names?.plural) errors.push(invalidValue('spec.names.plural', spec.names?.plural, 'field is immutable'));
  if (!isEstablished) return errors;
  if (spec.scope !== before.scope) errors.push(invalidValue('spec.scope', spec.scope, 'field is immutable'));
  if (spec.names?.kind !== before.names?.kind) errors.push(invalidValue('spec.names.kind', spec.names?.kind, 'field is immutable'));
  for (const name of statusOf(object).storedVersions ?? [])
    if (!spec.versions?.some((each) => each.name === name))
      errors.push(
        invalidValue(
          `status.storedVersions[${statusOf(object).storedVersions?.indexOf(name)}]`,
          name,
          'missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions'.replaceAll(
            'v1',
            name,
          ),
        ),
      );
  return errors;
}

/** What all versions say alike is one thing to the API server, `spec.validation`; else it is each version's. */
function placeOf(versions: readonly CrdVersion[], index: number): (part: keyof CrdVersion & string) => string {
  return (part) => (versions.every((each) => equal(each[part], versions[0]?.[part])) ? `spec.${part}` : `spec.versions[${index}].${part}`);
}

function versionsProblems(versions: readonly CrdVersion[]): FieldError[] {
  const errors: FieldError[] = [];
  versions.forEach(({ name }, index) => {
    const problem = dns1035LabelProblem(name);
    if (problem) errors.push(invalidValue(`spec.versions[${index}].name`, name, problem));
    if (problem && index === 0) errors.push(invalidValue('spec.version', name, problem));
  });
  const shown = versions.length > 0 ? versions.map(internal) : undefined;
  if (new Set(versions.map(({ name }) => name)).size !== versions.length)
    errors.push(invalidValue('spec.versions', shown, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(invalidValue('spec.versions', shown, 'must have exactly one version marked as storage version'));
  return errors;
}

/** A version as the API server has it inside. */
const internal = ({ name, served, storage, deprecated = false, deprecationWarning = undefined }: CrdVersion): object => ({
  Name: name,
  Served: served,
  Storage: storage,
  Deprecated: deprecated,
  DeprecationWarning: deprecationWarning ?? null,
  Schema: null,
  Subresources: null,
  AdditionalPrinterColumns: null,
  SelectableFields: null,
});

function namesProblems({ names = {} }: CrdSpec): FieldError[] {
  const errors: FieldError[] = [];
  const label = (field: string, value: string | undefined, checked = value ?? ''): void => {
    if (!value) errors.push(required(`spec.names.${field}`));
    else {
      const problem = dns1035LabelProblem(checked);
      if (problem) errors.push(invalidValue(`spec.names.${field}`, value, problem));
    }
  };
  label('plural', names.plural);
  label('singular', names.singular);
  label('kind', names.kind, names.kind?.toLowerCase());
  label('listKind', names.listKind, names.listKind?.toLowerCase());
  for (const [index, each] of names.shortNames?.entries() ?? []) label(`shortNames[${index}]`, each);
  if (names.kind && names.kind === names.listKind)
    errors.push(invalidValue('spec.names.listKind', names.listKind, 'kind and listKind may not be the same'));
  for (const [index, each] of names.categories?.entries() ?? []) label(`categories[${index}]`, each);
  return errors;
}

function schemaErrors({ schema }: CrdVersion, index: number, versions: readonly CrdVersion[]): FieldError[] {
  const own = `spec.versions[${index}].schema.openAPIV3Schema`;
  if (!schema?.openAPIV3Schema) return [required(own)];
  const isShared = versions.every((each) => equal(each.schema, schema));
  return structuralProblems(schema.openAPIV3Schema, isShared ? 'spec.validation.openAPIV3Schema' : own);
}

function subresourceProblems({ subresources }: CrdVersion, path: string): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const errors: FieldError[] = [];
  const check = (field: 'specReplicasPath' | 'statusReplicasPath' | 'labelSelectorPath', under: readonly string[]): void => {
    const value = scale[field];
    if (!value) {
      if (field !== 'labelSelectorPath') errors.push(required(`${path}.scale.${field}`));
    } else if (!isSimplePath(value))
      errors.push(invalidValue(`${path}.scale.${field}`, value, 'must be a simple json path starting with .'));
    else if (!under.some((each) => value.startsWith(each)))
      errors.push(
        invalidValue(`${path}.scale.${field}`, value, `should be a json path under ${under.map((each) => each.slice(0, -1)).join(' or ')}`),
      );
  };
  check('specReplicasPath', ['.spec.']);
  check('statusReplicasPath', ['.status.']);
  check('labelSelectorPath', ['.spec.', '.status.']);
  return errors;
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];

function columnProblems(columns: readonly CrdColumn[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  columns.forEach(({ name, type, jsonPath }, index) => {
    const at = `${path}[${index}]`;
    if (!name) errors.push(required(`${at}.name`));
    if (!type) errors.push(required(`${at}.type`, `must be one of ${columnTypes.join(',')}`));
    else if (!columnTypes.includes(type)) errors.push(invalidValue(`${at}.type`, type, `must be one of ${columnTypes.join(',')}`));
    if (!jsonPath) errors.push(required(`${at}.JSONPath`));
    else if (!jsonPath.startsWith('.') || !parseJsonPath(jsonPath))
      errors.push(invalidValue(`${at}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
  });
  return errors;
}

function selectableProblems({ selectableFields = [], schema }: CrdVersion, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  selectableFields.forEach(({ jsonPath }, index) => {
    const at = `${path}[${index}].jsonPath`;
    if (!jsonPath) errors.push(required(at));
    else if (seen.has(jsonPath))
      errors.push({ reason: 'FieldValueDuplicate', field: at, body: `Duplicate value: ${JSON.stringify(jsonPath)}` });
    else if (jsonPath.startsWith('.metadata')) errors.push(invalidValue(at, jsonPath, 'must not point to fields in metadata'));
    else if (!isSimplePath(jsonPath))
      errors.push(invalidValue(at, jsonPath, 'is an invalid path: must be a simple json path starting with .'));
    else {
      let found = schema?.openAPIV3Schema;
      for (const key of jsonPath.slice(1).split('.')) found = found?.properties?.[key];
      if (!found) errors.push(invalidValue(at, jsonPath, 'is an invalid path: does not refer to a valid field'));
      else if (!['string', 'boolean', 'integer'].includes(found.type ?? ''))
        errors.push(
          invalidValue(
            at,
            jsonPath,
            'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
          ),
        );
    }
    seen.add(jsonPath);
  });
  return errors;
}

const isSimplePath = (path: string): boolean => /^(\.[^.[\]]+)+$/.test(path);

const unique = (errors: readonly FieldError[]): FieldError[] => {
  const seen = new Set<string>();
  return errors.filter(({ field, body }) => !seen.has(`${field}\n${body}`) && seen.add(`${field}\n${body}`));
};
