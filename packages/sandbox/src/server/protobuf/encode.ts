import { isRecord } from '@fairlead/kube/protocol';
import { type Field, messageOf, messages, metaPackage } from './messages.js';
import { bytesField, doubleField, numberField, textField } from './writer.js';

const magic = Buffer.from('k8s\0', 'latin1');

/** Whether objects of that kind can be written so: built-in ones can. */
export const hasMessage = (apiVersion: string, kind: string): boolean => messageOf(apiVersion, kind) !== undefined;

/** `k8s\0` and a runtime.Unknown with the object in it. Throws for a kind without a message. */
export function encodeProtobuf(object: Readonly<Record<string, unknown>>): Buffer {
  const { apiVersion, kind } = object;
  const message = messageOf(String(apiVersion), String(kind));
  if (!message) throw new Error(`no message for ${String(apiVersion)} ${String(kind)}`);
  const typeMeta = Buffer.concat([textField(1, String(apiVersion)), textField(2, String(kind))]);
  return Buffer.concat([magic, bytesField(1, typeMeta), bytesField(2, writeMessage(message, object)), textField(3, ''), textField(4, '')]);
}

/** One event of a watch: its length in four bytes, then a metav1.WatchEvent that holds the object as `encodeProtobuf` writes it. */
export function encodeWatchEvent(type: string, object: Readonly<Record<string, unknown>>): Buffer {
  const event = Buffer.concat([textField(1, type), bytesField(2, bytesField(1, encodeProtobuf(object)))]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length);
  return Buffer.concat([length, event]);
}

function writeMessage(name: string, value: unknown): Buffer {
  const special = specials[name.slice(name.lastIndexOf('.') + 1)];
  if (special && (special.of === undefined || name.startsWith(special.of))) return Buffer.concat(special.write(value, name));
  const object = isRecord(value) ? value : {};
  return Buffer.concat((messages()[name] ?? []).map((field) => writeField(field, object)));
}

const nothing = Buffer.alloc(0);

function writeField([number, name, type, flags]: Field, object: Readonly<Record<string, unknown>>): Buffer {
  if (flags.includes('n')) {
    const inline = writeMessage(type, object);
    return inline.length > 0 ? bytesField(number, inline) : nothing;
  }
  const value = object[name];
  if (value === undefined || value === null) return nothing;
  if (flags.includes('m')) {
    const entries = Object.entries(isRecord(value) ? value : {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return Buffer.concat(entries.map(([key, each]) => bytesField(number, Buffer.concat([textField(1, key), writeValue(2, type, each)]))));
  }
  if (flags.includes('r')) return Buffer.concat((Array.isArray(value) ? value : []).map((each) => writeValue(number, type, each)));
  return writeValue(number, type, value);
}

function writeValue(number: number, type: string, value: unknown): Buffer {
  switch (type) {
    case 's':
      return textField(number, String(value ?? ''));
    case 'y':
      return bytesField(number, Buffer.from(String(value ?? ''), 'base64'));
    case 'i':
      return numberField(number, Number.isSafeInteger(value) ? (value as number) : 0);
    case 'b':
      return numberField(number, value === true ? 1 : 0);
    case 'd':
      return doubleField(number, Number(value));
    default:
      return bytesField(number, writeMessage(type, value));
  }
}

interface Special {
  /** Only below this package. */
  of?: string;
  write(value: unknown, name: string): Buffer[];
}

const json: Special = { write: (value) => [textField(1, JSON.stringify(value ?? null))] };
const list: Special = { write: (value) => (Array.isArray(value) ? value : []).map((each) => textField(1, String(each))) };

/** Types that write their JSON themselves. */
const specials: Readonly<Record<string, Special>> = {
  Time: { of: metaPackage, write: (value) => instant(value) },
  MicroTime: { of: metaPackage, write: (value) => instant(value) },
  Duration: { of: metaPackage, write: (value) => [numberField(1, nanoseconds(String(value ?? '')))] },
  FieldsV1: json,
  RawExtension: json,
  JSON: json,
  Quantity: { write: (value) => [textField(1, String(value ?? '0'))] },
  IntOrString: {
    write: (value) =>
      typeof value === 'number' ? [numberField(1, 0), numberField(2, value)] : [numberField(1, 1), textField(3, String(value ?? ''))],
  },
  ExtraValue: list,
  Verbs: { of: metaPackage, write: list.write },
  JSONSchemaPropsOrArray: {
    write: (value, name) =>
      Array.isArray(value)
        ? value.map((each) => bytesField(2, writeMessage(schemaOf(name), each)))
        : [bytesField(1, writeMessage(schemaOf(name), value))],
  },
  JSONSchemaPropsOrBool: {
    write: (value, name) =>
      typeof value === 'boolean'
        ? [numberField(1, value ? 1 : 0)]
        : [numberField(1, 1), bytesField(2, writeMessage(schemaOf(name), value))],
  },
  JSONSchemaPropsOrStringArray: {
    write: (value, name) =>
      Array.isArray(value) ? value.map((each) => textField(2, String(each))) : [bytesField(1, writeMessage(schemaOf(name), value))],
  },
};

const schemaOf = (name: string): string => name.replace(/JSONSchemaPropsOr\w+$/, 'JSONSchemaProps');

/** `2026-01-01T00:00:00.123456Z` as seconds and nanoseconds; nothing for no time. */
function instant(value: unknown): Buffer[] {
  if (typeof value !== 'string' || value === '') return [];
  const fraction = /\.(\d{1,9})/.exec(value)?.[1] ?? '';
  return [numberField(1, Math.floor(Date.parse(value) / 1000)), numberField(2, Number(fraction.padEnd(9, '0')))];
}

const units: Readonly<Record<string, bigint>> = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  ns: 1n,
};

/** Go's `1h2m3.5s`. */
function nanoseconds(text: string): bigint {
  let total = 0n;
  for (const [, whole = '0', fraction = '', unit = ''] of text.matchAll(/(\d+)(?:\.(\d+))?(h|ms|us|ns|m|s)/g)) {
    const factor = units[unit] ?? 0n;
    total += BigInt(whole) * factor + (fraction ? (BigInt(fraction) * factor) / 10n ** BigInt(fraction.length) : 0n);
  }
  return text.startsWith('-') ? -total : total;
}
