import type { KubeObject } from '@fairlead/kube';
import type { WriteOptions } from '../api/api.js';
import { badRequest } from '../machinery/api-error.js';
import { groupVersion } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { Formats } from './formats.js';

/** A body as an object of this kind: its version and kind, its fields, its types, as the decoder of the API server judges them. */
export function decoded(
  formats: Formats | undefined,
  definition: ResourceDefinition,
  object: KubeObject,
  options: WriteOptions,
  duplicates: readonly string[] = [],
): KubeObject {
  const expected = groupVersion(definition.group, definition.version);
  const { apiVersion = expected, kind = definition.kind } = object;
  checkKind(formats, definition, apiVersion, kind);
  const whole = { ...object, apiVersion, kind };
  const found = formats?.checkFields(definition, whole) ?? { unknown: [] };
  const where = `${kind} in version ${JSON.stringify(definition.version)} cannot be handled as a ${definition.kind}`;
  // What a custom kind thinks of its fields is said by its validation; only its metadata is decoded.
  if (found.problem !== undefined) throw badRequest(`${where}: ${found.problem}`);
  const words = [
    ...found.unknown.map((field) => `unknown field ${JSON.stringify(field)}`),
    ...duplicates.map((field) => `duplicate field ${JSON.stringify(field)}`),
  ];
  if (words.length === 0 || options.fieldValidation === 'Ignore') return whole;
  if (options.fieldValidation === 'Strict') throw badRequest(`${where}: strict decoding error: ${words.join(', ')}`);
  for (const text of words) options.onWarning?.(text);
  return whole;
}

function checkKind(formats: Formats | undefined, definition: ResourceDefinition, apiVersion: string, kind: string): void {
  const expected = groupVersion(definition.group, definition.version);
  if (apiVersion === expected && kind === definition.kind) return;
  const [group, version] = apiVersion.includes('/') ? [groupOf(apiVersion), versionOf(apiVersion)] : ['', apiVersion];
  const where = `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${definition.kind}`;
  if (kind === definition.kind && group === definition.group && (definition.custom || formats?.knows(apiVersion, kind)))
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  if (!formats?.knows(apiVersion, kind))
    throw badRequest(
      `${where}: no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/runtime/scheme.go:110"`,
    );
  const internal = definition.group === '' ? 'core' : (definition.group.split('.')[0] ?? '');
  throw badRequest(`${where}: converting (${version}.${kind}) to (${internal}.${definition.kind}): unknown conversion`);
}

const groupOf = (apiVersion: string): string => apiVersion.split('/')[0] ?? '';
const versionOf = (apiVersion: string): string => apiVersion.split('/').at(-1) ?? '';
