import type { KubeObject } from '@fairlead/kube';
import type { WriteOptions } from '../api/api.js';
import { badRequest, invalid } from '../machinery/api-error.js';
import { groupVersion } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { Formats } from './formats.js';

/** A body as an object of this kind: its version and kind, its fields, its types, as the decoder of the API server judges them. */
export function decoded(
  formats: Formats | undefined,
  definition: ResourceDefinition,
  object: KubeObject,
  options: WriteOptions,
): KubeObject {
  const expected = groupVersion(definition.group, definition.version);
  const { apiVersion = expected, kind = definition.kind } = object;
  if (kind !== definition.kind)
    throw badRequest(
      `${kind} in version ${JSON.stringify(versionOf(apiVersion))} cannot be handled as a ${definition.kind}: converting (${apiVersion}, Kind=${kind}) to (${expected}, Kind=${definition.kind}): unknown conversion`,
    );
  if (apiVersion !== expected)
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  const whole = { ...object, apiVersion, kind };
  const found = formats?.checkFields(definition, whole);
  if (!found) return whole;
  const where = `${kind} in version ${JSON.stringify(definition.version)} cannot be handled as a ${definition.kind}`;
  if (found.errors.length > 0) {
    if (definition.custom) throw invalid({ group: definition.group, kind }, object.metadata.name ?? '', found.errors);
    throw badRequest(`${where}: ${found.errors.map(({ body }) => body).join(', ')}`);
  }
  if (found.unknown.length === 0 || options.fieldValidation === 'Ignore') return whole;
  const words = found.unknown.map((field) => `unknown field ${JSON.stringify(field)}`);
  if (options.fieldValidation === 'Strict') throw badRequest(`${where}: strict decoding error: ${words.join(', ')}`);
  for (const text of words) options.onWarning?.(text);
  return whole;
}

const versionOf = (apiVersion: string): string => apiVersion.split('/').at(-1) ?? '';
