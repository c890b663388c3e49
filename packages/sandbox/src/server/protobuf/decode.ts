import type { KubeObject } from '@fairlead/kube/protocol';
import { badRequest } from '../../machinery/api-error.js';
import { timestamp } from '../../machinery/clock.js';
import { JsonTextError, noKey, readJsonText } from '../../machinery/json-text.js';
import { type Field, messageOf, messages, metaPackage } from './messages.js';
import { type WireField, wireFields } from './reader.js';

export const protobufType = 'application/vnd.kubernetes.protobuf';
const magic = Buffer.from('k8s\0', 'latin1');

/**
 * An object that client-go sent as protobuf: `k8s\0`, a runtime.Unknown, in it the object. It becomes what the same client would have sent as JSON. Only
 * bodies are read so; answers are JSON, which every client takes.
 */
export function decodeProtobuf(body: Buffer): KubeObject {
  try {
    if (!body.subarray(0, 4).equals(magic)) throw new RangeError('it does not begin with k8s\\0');
    const envelope = [...wireFields(body.subarray(4))];
    const typeMeta = [...wireFields(bytesOf(envelope, 1))];
    const [apiVersion, kind] = [bytesOf(typeMeta, 1).toString('utf8'), bytesOf(typeMeta, 2).toString('utf8')];
    const message = messageOf(apiVersion, kind);
    if (!message) throw new RangeError(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
    const decoded = readMessage(message, bytesOf(envelope, 2)) as Record<string, unknown>;
    const metadata = (decoded.metadata ?? {}) as KubeObject['metadata'];
    return { ...decoded, apiVersion, kind, metadata };
  } catch (error) {
    if (error instanceof RangeError || error instanceof JsonTextError)
      throw badRequest(`the body is no protobuf of Kubernetes: ${error.message}`);
    throw error;
  }
}

const bytesOf = (fields: readonly WireField[], number: number): Buffer => {
  const found = fields.find((each) => each.number === number)?.value;
  return Buffer.isBuffer(found) ? found : Buffer.alloc(0);
};

function readMessage(name: string, bytes: Buffer): unknown {
  const special = specials[name.slice(name.lastIndexOf('.') + 1)];
  if (special && (special.of === undefined || name.startsWith(special.of))) return special.read([...wireFields(bytes)], name);
  const fields = new Map((messages()[name] ?? []).map((field) => [field[0], field]));
  const object: Record<string, unknown> = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = fields.get(number);
    if (field) put(object, field, value);
  }
  return object;
}

function put(object: Record<string, unknown>, [, name, type, flags]: Field, value: bigint | Buffer): void {
  if (flags.includes('m')) {
    const [key, entry] = mapEntry(type, value);
    const map = (object[name] ?? {}) as Record<string, unknown>;
    map[key] = entry;
    object[name] = map;
    return;
  }
  const read = readValue(type, value);
  if (flags.includes('n')) Object.assign(object, read);
  else if (flags.includes('r')) object[name] = [...((object[name] as unknown[] | undefined) ?? []), read];
  // Go writes every field that is no pointer; as JSON it would have left the empty ones out.
  else if (flags.includes('p') || !isEmpty(read)) object[name] = read;
}

const isEmpty = (value: unknown): boolean => value === '' || value === 0 || value === false || value === null;

function readValue(type: string, value: bigint | Buffer): unknown {
  switch (type) {
    case 's':
      return Buffer.isBuffer(value) ? value.toString('utf8') : '';
    case 'y':
      return Buffer.isBuffer(value) ? value.toString('base64') : '';
    case 'i':
      return integer(value);
    case 'b':
      return value !== 0n;
    case 'd':
      return Buffer.isBuffer(value) ? 0 : double(value);
    default:
      return readMessage(type, Buffer.isBuffer(value) ? value : Buffer.alloc(0));
  }
}

const integer = (value: bigint | Buffer | undefined): number => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : 0);

function double(bits: bigint): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(bits);
  return bytes.readDoubleLE();
}

function mapEntry(type: string, value: bigint | Buffer): [string, unknown] {
  const fields = Buffer.isBuffer(value) ? [...wireFields(value)] : [];
  const entry = fields.find(({ number }) => number === 2)?.value ?? (type === 's' || type === 'y' ? Buffer.alloc(0) : 0n);
  const key = bytesOf(fields, 1).toString('utf8');
  if (key === noKey) throw new RangeError(`the sandbox takes no field ${JSON.stringify(key)}`);
  return [key, readValue(type, entry)];
}

interface Special {
  /** Only below this package. */
  of?: string;
  read(fields: readonly WireField[], name: string): unknown;
}

const numberOf = (fields: readonly WireField[], number: number): number => integer(fields.find((each) => each.number === number)?.value);
const textOf = (fields: readonly WireField[], number: number): string => bytesOf(fields, number).toString('utf8');
const json: Special = { read: (fields) => readJsonText(textOf(fields, 1) || 'null').value };
const list: Special = { read: (fields) => fields.map(({ value }) => readValue('s', value)) };

/** Types that write their JSON themselves. */
const specials: Readonly<Record<string, Special>> = {
  Time: { of: metaPackage, read: (fields) => (fields.length === 0 ? null : timestamp(numberOf(fields, 1) * 1000)) },
  MicroTime: {
    of: metaPackage,
    read: (fields) => {
      if (fields.length === 0) return null;
      const micros = String(Math.floor(numberOf(fields, 2) / 1000)).padStart(6, '0');
      return timestamp(numberOf(fields, 1) * 1000).replace('Z', `.${micros}Z`);
    },
  },
  Duration: { of: metaPackage, read: (fields) => `${numberOf(fields, 1) / 1e9}s` },
  FieldsV1: json,
  RawExtension: json,
  JSON: json,
  Quantity: { read: (fields) => textOf(fields, 1) },
  IntOrString: { read: (fields) => (numberOf(fields, 1) === 0 ? numberOf(fields, 2) : textOf(fields, 3)) },
  ExtraValue: list,
  Verbs: { of: metaPackage, read: list.read },
  JSONSchemaPropsOrArray: {
    read: (fields, name) => {
      const several = fields.filter(({ number }) => number === 2).map(({ value }) => readValue(schemaOf(name), value));
      return several.length > 0 ? several : readValue(schemaOf(name), bytesOf(fields, 1));
    },
  },
  JSONSchemaPropsOrBool: {
    read: (fields, name) =>
      fields.some(({ number }) => number === 2) ? readValue(schemaOf(name), bytesOf(fields, 2)) : numberOf(fields, 1) !== 0,
  },
  JSONSchemaPropsOrStringArray: {
    read: (fields, name) => {
      const several = fields.filter(({ number }) => number === 2).map(({ value }) => readValue('s', value));
      return several.length > 0 ? several : readValue(schemaOf(name), bytesOf(fields, 1));
    },
  },
};

const schemaOf = (name: string): string => name.replace(/JSONSchemaPropsOr\w+$/, 'JSONSchemaProps');
