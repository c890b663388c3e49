import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue, required, tooLong } from '../../machinery/field-error.js';
import { JsonTextError, readJsonText } from '../../machinery/json-text.js';
import { equal } from '../../machinery/object.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { firstProblem, isConfigKey, isSubdomain } from '../parts/names.js';
import { immutable, named } from '../parts/rules.js';
import { fields, flag, isFields, isSet, setEmpty, stringMap, text } from '../parts/values.js';
import { keyPairProblem } from './key-pair.js';

const maxBytes = 1024 * 1024;
const sizeOf = (value: unknown): number => Object.keys(fields(value)).length;
const decodedBytes = (value: string): number => Buffer.byteLength(value, 'base64');

export const configMaps: ResourceDefinition = define({
  resource: 'configmaps',
  kind: 'ConfigMap',
  shortNames: ['cm'],
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  validate: configMapRules,
  validateUpdate: (now, old) => frozen(now, old, ['data', 'binaryData']),
  cells: ({ metadata, data, binaryData }, now) => [
    metadata.name,
    sizeOf(data) + sizeOf(binaryData),
    since(metadata.creationTimestamp, now),
  ],
});

export const secrets: ResourceDefinition = define({
  resource: 'secrets',
  kind: 'Secret',
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  setDefaults(secret) {
    setEmpty(secret, 'type', 'Opaque');
    // stringData is only for writing: it goes into data.
    if (isSet(secret.stringData)) {
      const data = isFields(secret.data) ? secret.data : {};
      for (const [key, value] of Object.entries(stringMap(secret.stringData))) data[key] = Buffer.from(value).toString('base64');
      if (Object.keys(data).length > 0) secret.data = data;
      delete secret.stringData;
    }
  },
  prepareForUpdate(secret, old) {
    // Who says nothing about a type does not change it.
    if (text(secret.type) === '') secret.type = old.type;
  },
  validate: secretRules,
  warnings({ type, data }) {
    if (type !== 'kubernetes.io/tls') return [];
    const text = (key: string): string => Buffer.from(stringMap(data)[key] ?? '', 'base64').toString();
    const problem = keyPairProblem(text('tls.crt'), text('tls.key'));
    return problem === undefined ? [] : [problem];
  },
  validateUpdate: (now, old) => [...immutable(now.type === old.type, now.type, 'type'), ...frozen(now, old, ['data'])],
  selectableFields: { type: ({ type }) => text(type) },
  cells: ({ metadata, type, data }, now) => [metadata.name, text(type), sizeOf(data), since(metadata.creationTimestamp, now)],
});

function configMapRules({ data, binaryData }: KubeObject): FieldError[] {
  let bytes = 0;
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(stringMap(data))) {
    errors.push(...named(isConfigKey, key, `data[${key}]`));
    if (key in fields(binaryData)) errors.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    bytes += Buffer.byteLength(value);
  }
  for (const [key, value] of Object.entries(stringMap(binaryData))) {
    errors.push(...named(isConfigKey, key, `binaryData[${key}]`));
    bytes += decodedBytes(value);
  }
  return bytes > maxBytes ? [...errors, tooLong('[]', maxBytes)] : errors;
}

/** What each type of secret must hold. */
const neededKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function secretRules({ metadata, data: given, type }: KubeObject): FieldError[] {
  const data = stringMap(given);
  const errors = Object.keys(data).flatMap((key) => named(isConfigKey, key, `data[${key}]`));
  const bytes = Object.values(data).reduce((sum, value) => sum + decodedBytes(value), 0);
  if (bytes > maxBytes) errors.push(tooLong('data', maxBytes));
  const account = 'kubernetes.io/service-account.name';
  if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[account])
    errors.push(required(`metadata.annotations[${account}]`));
  if (type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data))
    errors.push(required('data[username]'), required('data[password]'));
  for (const key of neededKeys[text(type)] ?? []) {
    const value = data[key];
    if (value === undefined || (key === 'ssh-privatekey' && value === '')) errors.push(required(`data[${key}]`));
    else if (key.startsWith('.docker')) errors.push(...jsonErrors(value, `data[${key}]`));
  }
  return errors;
}

/** As Go reads one into a map: null is none, but is read. */
function jsonErrors(text: string, path: string): FieldError[] {
  const problem = mapProblem(Buffer.from(text, 'base64').toString());
  return problem === undefined ? [] : [invalidValue(path, '<secret contents redacted>', problem)];
}

function mapProblem(text: string): string | undefined {
  try {
    const { value } = readJsonText(text);
    if (value === null || isFields(value)) return undefined;
    const type = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (error instanceof JsonTextError) return error.message;
    throw error;
  }
}

/** An immutable one stays so. */
function frozen(now: KubeObject, old: KubeObject, keys: readonly string[]): FieldError[] {
  if (!flag(old.immutable)) return [];
  const words = 'field is immutable when `immutable` is set';
  return [
    ...(flag(now.immutable) ? [] : [forbiddenField('immutable', words)]),
    ...keys.filter((key) => !equal(fields(now[key]), fields(old[key]))).map((key) => forbiddenField(key, words)),
  ];
}
