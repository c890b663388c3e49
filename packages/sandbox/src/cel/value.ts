import { EvaluationError } from './problem.js';
import type { Type } from './type.js';

/** int is bigint, double is number; the others are what they look like, or one of the classes below. */
export type Value =
  | bigint
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | Uint
  | Timestamp
  | Duration
  | TypeValue
  | Optional
  | CelList
  | CelMap
  | Opaque;

export class Uint {
  constructor(readonly value: bigint) {}
}

/** Nanoseconds since 1970. */
export class Timestamp {
  constructor(readonly nanos: bigint) {}
}

export class Duration {
  constructor(readonly nanos: bigint) {}
}

export class TypeValue {
  constructor(readonly name: string) {}
}

export class Optional {
  static readonly none = new Optional(undefined);

  constructor(readonly value: Value | undefined) {}
}

/** What only functions know: quantities, addresses, the authorizer. */
export abstract class Opaque {
  abstract readonly typeName: string;

  equals(other: Opaque): boolean {
    return this === other;
  }
}

export abstract class CelList implements Iterable<Value> {
  abstract readonly size: number;
  /** Undefined beyond the end. */
  abstract at(index: number): Value | undefined;

  /** Sets are equal whatever their order. */
  get isSet(): boolean {
    return false;
  }

  *[Symbol.iterator](): IterableIterator<Value> {
    for (let index = 0; index < this.size; index += 1) yield this.at(index) as Value;
  }
}

export abstract class CelMap {
  abstract readonly size: number;
  abstract get(key: Value): Value | undefined;
  abstract keys(): Iterable<Value>;
}

export class ValueList extends CelList {
  constructor(private readonly values: readonly Value[]) {
    super();
  }

  get size(): number {
    return this.values.length;
  }

  at(index: number): Value | undefined {
    return this.values[index];
  }
}

/** A list of plain data; its elements become values when they are read. */
class JsonList extends CelList {
  constructor(
    private readonly raw: readonly unknown[],
    private readonly type: (Type & { kind: 'list' }) | undefined,
  ) {
    super();
  }

  get size(): number {
    return this.raw.length;
  }

  at(index: number): Value | undefined {
    return index in this.raw ? fromJson(this.raw[index], this.type?.items) : undefined;
  }

  override get isSet(): boolean {
    return this.type?.listType === 'set' || this.type?.listType === 'map';
  }
}

export class ValueMap extends CelMap {
  private readonly entries = new Map<string, [Value, Value]>();

  constructor(entries: Iterable<readonly [Value, Value]>) {
    super();
    for (const [key, value] of entries) {
      const id = keyId(key);
      if (id === undefined) throw new EvaluationError(`unsupported key type: ${typeName(key)}`);
      this.entries.set(id, [key, value]);
    }
  }

  get size(): number {
    return this.entries.size;
  }

  get(key: Value): Value | undefined {
    return this.entries.get(keyId(key) ?? '')?.[1];
  }

  *keys(): Iterable<Value> {
    for (const [key] of this.entries.values()) yield key;
  }
}

/** An object of plain data, with the types of its fields where there is a schema. */
export class JsonMap extends CelMap {
  constructor(
    private readonly raw: Readonly<Record<string, unknown>>,
    private readonly type?: Type,
  ) {
    super();
  }

  get size(): number {
    return Object.keys(this.raw).length;
  }

  get(key: Value): Value | undefined {
    if (typeof key !== 'string' || !Object.hasOwn(this.raw, key)) return undefined;
    const value = this.raw[key];
    return value === undefined ? undefined : fromJson(value, this.typeOf(key));
  }

  keys(): Iterable<Value> {
    return Object.keys(this.raw).filter((key) => this.raw[key] !== undefined);
  }

  private typeOf(key: string): Type | undefined {
    if (this.type?.kind === 'object') return this.type.fields.get(key);
    return this.type?.kind === 'map' ? this.type.value : undefined;
  }
}

/** Plain data as CEL sees it: whole numbers are ints unless a schema says double. */
export function fromJson(raw: unknown, type?: Type): Value {
  switch (typeof raw) {
    case 'number':
      return type?.kind === 'double' || !Number.isInteger(raw) ? raw : BigInt(raw);
    case 'string':
      return type ? typedText(raw, type) : raw;
    case 'boolean':
      return raw;
    case 'bigint':
      return raw;
    default:
      if (raw === null || raw === undefined) return null;
      if (Array.isArray(raw)) return new JsonList(raw, type?.kind === 'list' ? type : undefined);
      return new JsonMap(raw as Record<string, unknown>, type);
  }
}

function typedText(text: string, type: Type): Value {
  switch (type.kind) {
    case 'bytes':
      return Buffer.from(text, 'base64');
    case 'timestamp':
      return parseTimestamp(text) ?? text;
    case 'duration':
      return parseDuration(text) ?? text;
    default:
      return text;
  }
}

/** The name that `type()` answers, and that messages use. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    default:
      break;
  }
  if (value === null) return 'null_type';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof TypeValue) return 'type';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof CelList) return 'list';
  return value instanceof CelMap ? 'map' : (value as Opaque).typeName;
}

/** Numbers are one key whatever their type. Undefined for what is no key. */
function keyId(key: Value): string | undefined {
  if (typeof key === 'string') return `s${key}`;
  if (typeof key === 'boolean') return `b${key}`;
  if (typeof key === 'bigint' || typeof key === 'number') return `n${key}`;
  return key instanceof Uint ? `n${key.value}` : undefined;
}

/** CEL's equality: numbers by their value, everything else only within its type. */
export function equalValues(a: Value, b: Value): boolean {
  const [x, y] = [numeric(a), numeric(b)];
  // A bigint and a number compare exactly in JavaScript; NaN equals nothing.
  if (x !== undefined && y !== undefined) return x <= y && x >= y;
  if (a === b) return true;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if ((a instanceof Timestamp && b instanceof Timestamp) || (a instanceof Duration && b instanceof Duration)) return a.nanos === b.nanos;
  if (a instanceof TypeValue && b instanceof TypeValue) return a.name === b.name;
  if (a instanceof Optional && b instanceof Optional) {
    return a.value === undefined || b.value === undefined ? a.value === b.value : equalValues(a.value, b.value);
  }
  if (a instanceof CelList && b instanceof CelList) return equalLists(a, b);
  if (a instanceof CelMap && b instanceof CelMap) {
    if (a.size !== b.size) return false;
    for (const key of a.keys()) {
      const [left, right] = [a.get(key), b.get(key)];
      if (left === undefined || right === undefined || !equalValues(left, right)) return false;
    }
    return true;
  }
  return a instanceof Opaque && b instanceof Opaque && a.typeName === b.typeName && a.equals(b);
}

function equalLists(a: CelList, b: CelList): boolean {
  if (a.size !== b.size) return false;
  if (a.isSet || b.isSet) return [...a].every((each) => [...b].some((other) => equalValues(each, other)));
  for (let index = 0; index < a.size; index += 1) if (!equalValues(a.at(index) as Value, b.at(index) as Value)) return false;
  return true;
}

const numeric = (value: Value): bigint | number | undefined =>
  typeof value === 'bigint' || typeof value === 'number' ? value : value instanceof Uint ? value.value : undefined;

const timestampForm = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;

/** RFC 3339. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const [, whole, fraction = '', zone] = timestampForm.exec(text) ?? [];
  const ms = whole ? Date.parse(`${whole}${zone}`) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Timestamp(BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0') || 0));
}

export function formatTimestamp({ nanos }: Timestamp): string {
  const ms = nanos >= 0n ? nanos / 1_000_000n : (nanos - 999_999n) / 1_000_000n;
  const rest = ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const whole = new Date(Number(ms)).toISOString().slice(0, 19);
  return rest === 0n ? `${whole}Z` : `${whole}.${String(rest).padStart(9, '0').replace(/0+$/, '')}Z`;
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** Go's durations: `1h30m`, `-1.5s`, `0`. */
export function parseDuration(text: string): Duration | undefined {
  const [, sign, rest = ''] = /^([+-]?)(.*)$/.exec(text) ?? [];
  if (rest === '0') return new Duration(0n);
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(rest)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of rest.matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/g)) {
    const scale = units[unit] ?? 1n;
    total += BigInt(whole || 0) * scale + (BigInt(fraction || 0) * scale) / 10n ** BigInt(fraction.length);
  }
  return new Duration(sign === '-' ? -total : total);
}

/** As CEL's string(): seconds with what is left of them. */
export function formatDuration({ nanos }: Duration): string {
  const size = nanos < 0n ? -nanos : nanos;
  const rest = size % 1_000_000_000n;
  const seconds =
    rest === 0n ? String(size / 1_000_000_000n) : `${size / 1_000_000_000n}.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  return `${nanos < 0n ? '-' : ''}${seconds}s`;
}
