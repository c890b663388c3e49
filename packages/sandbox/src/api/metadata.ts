import { isRecord, type KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, required, tooLong } from '../machinery/field-error.js';
import { keyProblem, labelProblem, subdomainProblem, valueProblem } from '../machinery/name-problem.js';
import { equal } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';

const maxAnnotations = 256 * 1024;
const nameCharacters = 'bcdfghjklmnpqrstvwxz2456789';

/** What the strategy's own name check says: ValidateObjectMeta of a creation. */
export function metadataErrors(definition: ResourceDefinition, { metadata }: KubeObject): FieldError[] {
  const problem = definition.nameProblem ?? subdomainProblem;
  const errors: FieldError[] = [];
  const { generateName, name, namespace } = metadata;
  if (typeof generateName === 'string' && generateName !== '') {
    // A prefix may end where a name may not.
    const wrong = problem(generateName.replace(/^(.+)-$/, (_, rest: string) => `${rest.slice(0, -1)}a`));
    if (wrong) errors.push(invalidValue('metadata.generateName', generateName, wrong));
  }
  if (!name) errors.push(required('metadata.name', 'name or generateName is required'));
  else {
    const wrong = problem(name);
    if (wrong) errors.push(invalidValue('metadata.name', name, wrong));
    if (name === '.' || name === '..') errors.push(invalidValue('metadata.name', name, `may not be '${name}'`));
    for (const character of '/%') {
      if (name.includes(character) && !wrong) errors.push(invalidValue('metadata.name', name, `may not contain '${character}'`));
    }
  }
  if (definition.namespaced) {
    const wrong = namespace ? labelProblem(namespace) : undefined;
    if (!namespace) errors.push(required('metadata.namespace'));
    else if (wrong) errors.push(invalidValue('metadata.namespace', namespace, wrong));
  }
  errors.push(...commonErrors(metadata), ...finalizerErrors(metadata.finalizers ?? []));
  return definition.custom ? errors : [...errors, ...legacyFinalizerErrors(metadata.finalizers ?? [])];
}

/** What an update is told: what all resources ask of metadata, then what the strategy asks, which is the same (the message tells it once, the causes twice). */
export function metadataUpdateErrors(object: KubeObject, old: KubeObject): FieldError[] {
  const { metadata } = object;
  const asked = changeErrors(object, old);
  return [...commonErrors(metadata), ...finalizerErrors(metadata.finalizers ?? []), ...asked, ...asked];
}

/** ValidateObjectMetaUpdate. */
function changeErrors({ metadata }: KubeObject, { metadata: old }: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  if (old.deletionTimestamp) {
    const added = (metadata.finalizers ?? []).filter((each) => !old.finalizers?.includes(each));
    if (added.length > 0) {
      const list = `[]string{${added.map((each) => JSON.stringify(each)).join(', ')}}`;
      errors.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
        ),
      );
    }
  }
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    if (!equal(metadata[field], old[field])) errors.push(invalidValue(`metadata.${field}`, metadata[field], 'field is immutable'));
  }
  return [...errors, ...commonErrors(metadata)];
}

/** `web-` becomes `web-x7k2p`. */
export function generatedName(prefix: string, random: () => number): string {
  let suffix = '';
  for (let i = 0; i < 5; i += 1) suffix += nameCharacters[Math.floor(random() * nameCharacters.length)];
  return prefix.slice(0, 58) + suffix;
}

/** A version 4 UUID out of this chance. */
export function newUid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  digits[12] = '4';
  digits[16] = '89ab'[Math.floor(random() * 4)] ?? '8';
  const hex = digits.join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const order = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

/** ObjectMeta as Go would read and print it: known fields in their order, empty ones left out. */
export function tidyMetadata(metadata: Readonly<Record<string, unknown>>): KubeObject['metadata'] {
  const tidy: Record<string, unknown> = {};
  for (const key of order) {
    const value = metadata[key];
    if (value === undefined || value === null || value === '' || (key === 'generation' && value === 0)) continue;
    if (Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0) continue;
    tidy[key] = value;
  }
  return tidy as KubeObject['metadata'];
}

function commonErrors(metadata: KubeObject['metadata']): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    const [wrongKey, wrongValue] = [keyProblem(key), valueProblem(value)];
    if (wrongKey) errors.push(invalidValue('metadata.labels', key, wrongKey));
    if (wrongValue) errors.push(invalidValue('metadata.labels', value, wrongValue));
  }
  let size = 0;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    const wrong = keyProblem(key.toLowerCase());
    if (wrong) errors.push(invalidValue('metadata.annotations', key, wrong));
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > maxAnnotations) errors.push(tooLong('metadata.annotations', maxAnnotations));
  return [...errors, ...ownerErrors(metadata.ownerReferences ?? [])];
}

function ownerErrors(owners: NonNullable<KubeObject['metadata']['ownerReferences']>): FieldError[] {
  const errors: FieldError[] = [];
  let controller = '';
  for (const owner of owners) {
    // Without its place in the list, as the real one.
    const field = 'metadata.ownerReferences';
    if (!owner.apiVersion) errors.push(invalidValue(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'));
    if (!owner.kind) errors.push(invalidValue(`${field}.kind`, owner.kind ?? '', 'must not be empty'));
    if (!owner.name) errors.push(invalidValue(`${field}.name`, owner.name ?? '', 'must not be empty'));
    if (!owner.uid) errors.push(invalidValue(`${field}.uid`, owner.uid ?? '', 'must not be empty'));
    if (owner.apiVersion === 'v1' && owner.kind === 'Event')
      errors.push(invalidValue(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
    if (!owner.controller) continue;
    const name = `${owner.kind}/${owner.name}`;
    if (controller) {
      const both = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
      errors.push(invalidValue('metadata.ownerReferences', owners, both));
    } else controller = name;
  }
  return errors;
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Of built-in kinds only. */
function legacyFinalizerErrors(finalizers: readonly string[]): FieldError[] {
  return finalizers.flatMap((each, index) =>
    each.includes('/') || standardFinalizers.includes(each)
      ? []
      : [invalidValue(`metadata.finalizers[${index}]`, each, 'name is neither a standard finalizer name nor is it fully qualified')],
  );
}

function finalizerErrors(finalizers: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  for (const finalizer of finalizers) {
    const wrong = keyProblem(finalizer);
    if (wrong) errors.push(invalidValue('metadata.finalizers', finalizer, wrong));
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.push(invalidValue('metadata.finalizers', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  return errors;
}
