import { type KubeObject, status } from '@fairlead/kube/protocol';
import type { WriteOptions } from '../api/api.js';
import { ApiError, badRequest } from '../machinery/api-error.js';
import { causeOf, invalidValue } from '../machinery/field-error.js';
import { groupVersion } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { Formats } from './formats.js';

type Refusal = (problem: string) => ApiError;

/** A body as an object of this kind: its version and kind, its fields, its types, as the decoder of the API server judges them. */
export function decoded(
  formats: Formats | undefined,
  definition: ResourceDefinition,
  object: KubeObject,
  options: WriteOptions,
  duplicates: readonly string[] = [],
): KubeObject {
  const { apiVersion = groupVersion(definition.group, definition.version), kind = definition.kind } = object;
  const version = apiVersion === groupVersion(definition.group, definition.version) ? definition.version : versionOf(apiVersion);
  const where = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${definition.kind}`;
  return judged(formats, definition, { ...object, apiVersion, kind }, options, duplicates, (problem) => badRequest(`${where}: ${problem}`));
}

/** The same of what a patch made; `shown` is what a refusal quotes: the document, or the patch if that was a strategic one. */
export function decodedPatch(
  formats: Formats,
  definition: ResourceDefinition,
  object: KubeObject,
  options: WriteOptions,
  shown: string,
): KubeObject {
  return judged(formats, definition, object, options, [], (problem) => {
    const cause = causeOf(invalidValue('patch', shown, problem));
    return new ApiError(status(422, 'Invalid', ` "" is invalid: patch: ${cause.message ?? ''}`, { causes: [cause] }));
  });
}

function judged(
  formats: Formats | undefined,
  definition: ResourceDefinition,
  whole: KubeObject,
  options: WriteOptions,
  duplicates: readonly string[],
  refusal: Refusal,
): KubeObject {
  checkKind(formats, definition, whole, refusal);
  const { unknown, problem } = formats?.checkFields(definition, whole) ?? { unknown: [] };
  // What a custom kind thinks of its fields is said by its validation; only its metadata is decoded.
  if (problem !== undefined) throw refusal(problem);
  const object = formats?.completed(definition, whole) ?? whole;
  const words = [
    ...unknown.map((field) => `unknown field ${JSON.stringify(field)}`),
    ...duplicates.map((field) => `duplicate field ${JSON.stringify(field)}`),
  ];
  if (words.length === 0 || options.fieldValidation === 'Ignore') return object;
  if (options.fieldValidation === 'Strict') throw refusal(`strict decoding error: ${words.join(', ')}`);
  for (const text of words) options.onWarning?.(text);
  return object;
}

function checkKind(
  formats: Formats | undefined,
  definition: ResourceDefinition,
  { apiVersion = '', kind = '' }: KubeObject,
  refusal: Refusal,
): void {
  const expected = groupVersion(definition.group, definition.version);
  if (apiVersion === expected && kind === definition.kind) return;
  const [group, version] = apiVersion.includes('/') ? [groupOf(apiVersion), versionOf(apiVersion)] : ['', apiVersion];
  if (kind === definition.kind && group === definition.group && (definition.custom || formats?.knows(apiVersion, kind)))
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  if (!formats?.knows(apiVersion, kind))
    throw refusal(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:110"`,
    );
  const internal = definition.group === '' ? 'core' : (definition.group.split('.')[0] ?? '');
  throw refusal(`converting (${version}.${kind}) to (${internal}.${definition.kind}): unknown conversion`);
}

const groupOf = (apiVersion: string): string => apiVersion.split('/')[0] ?? '';
const versionOf = (apiVersion: string): string => apiVersion.split('/').at(-1) ?? '';
