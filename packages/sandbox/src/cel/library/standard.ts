import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { compileRegex, regexProblem } from '../regex.js';
import {
  CelList,
  CelMap,
  Duration,
  formatDuration,
  formatTimestamp,
  Optional,
  parseDuration,
  parseTimestamp,
  Timestamp,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from '../value.js';

const characters = (text: string): bigint => BigInt([...text].length);

/** What every CEL has: sizes, conversions, tests of strings, parts of times, optionals. */
export const standard: readonly Overload[] = [
  ...sized('string', characters),
  ...sized('bytes', (value: Uint8Array) => BigInt(value.length)),
  ...sized('list(T)', (value: CelList) => BigInt(value.size)),
  ...sized('map(K, V)', (value: CelMap) => BigInt(value.size)),
  overload('string.contains(string) -> bool', (a: string, b: string) => a.includes(b)),
  overload('string.startsWith(string) -> bool', (a: string, b: string) => a.startsWith(b)),
  overload('string.endsWith(string) -> bool', (a: string, b: string) => a.endsWith(b)),
  overload('string.matches(string) -> bool', matches),
  overload('matches(string, string) -> bool', matches),
  overload('type(T) -> type(T)', (value: Value) => new TypeValue(typeName(value))),
  overload('dyn(T) -> dyn', (value: Value) => value),
  ...conversions(),
  ...timeParts(),
  overload('optional.of(T) -> optional(T)', (value: Value) => new Optional(value)),
  overload('optional.ofNonZeroValue(T) -> optional(T)', (value: Value) => (isZero(value) ? Optional.none : new Optional(value))),
  overload('optional.none() -> optional(T)', () => Optional.none),
  overload('optional(T).hasValue() -> bool', ({ value }: Optional) => value !== undefined),
  overload('optional(T).value() -> T', ({ value }: Optional) => (value === undefined ? fail('optional.none() dereference') : value)),
  overload('optional(T).or(optional(T)) -> optional(T)', (a: Optional, b: Optional) => (a.value === undefined ? b : a)),
  overload('optional(T).orValue(T) -> T', ({ value }: Optional, other: Value) => (value === undefined ? other : value)),
];

function fail(message: string): never {
  throw new EvaluationError(message);
}

const unconvertible = (type: string): never => fail(`type conversion error from 'string' to '${type}'`);

function sized<T extends Value>(type: string, size: (value: T) => bigint): Overload[] {
  return [overload(`size(${type}) -> int`, size), overload(`${type}.size() -> int`, size)];
}

function matches(text: string, pattern: string): boolean {
  const regex = compileRegex(pattern) ?? fail(`error parsing regexp: ${regexProblem(pattern)}`);
  regex.lastIndex = 0;
  return regex.test(text);
}

function conversions(): Overload[] {
  const range = (value: bigint): bigint => (value === BigInt.asIntN(64, value) ? value : fail('integer overflow'));
  const unsigned = (value: bigint): Uint => (value === BigInt.asUintN(64, value) ? new Uint(value) : fail('unsigned integer overflow'));
  const whole = (value: number): bigint => (Number.isFinite(value) ? BigInt(Math.trunc(value)) : fail('integer overflow'));
  const parsed = (text: string, form: RegExp, type: string): string => (form.test(text) ? text : unconvertible(type));
  return [
    ...['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'].map((each) =>
      overload(`${each}(${each}) -> ${each}`, (value: Value) => value),
    ),
    overload('bool(string) -> bool', toBool),
    overload('int(uint) -> int', ({ value }: Uint) => range(value)),
    overload('int(double) -> int', (value: number) => range(whole(value))),
    overload('int(string) -> int', (text: string) => range(BigInt(parsed(text, /^[+-]?\d+$/, 'int').replace(/^\+/, '')))),
    overload('int(timestamp) -> int', ({ nanos }: Timestamp) => nanos / 1_000_000_000n),
    overload('int(duration) -> int', ({ nanos }: Duration) => nanos),
    overload('uint(int) -> uint', (value: bigint) => unsigned(value)),
    overload('uint(double) -> uint', (value: number) => unsigned(whole(value))),
    overload('uint(string) -> uint', (text: string) => unsigned(BigInt(parsed(text, /^\d+$/, 'uint')))),
    overload('double(int) -> double', (value: bigint) => Number(value)),
    overload('double(uint) -> double', ({ value }: Uint) => Number(value)),
    overload('double(string) -> double', (text: string) => Number(parsed(text, /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/, 'double'))),
    overload('string(bool) -> string', (value: boolean) => String(value)),
    overload('string(int) -> string', (value: bigint) => String(value)),
    overload('string(uint) -> string', ({ value }: Uint) => String(value)),
    overload('string(double) -> string', (value: number) => goFloat(value)),
    overload('string(bytes) -> string', toText),
    overload('string(timestamp) -> string', formatTimestamp),
    overload('string(duration) -> string', formatDuration),
    overload('bytes(string) -> bytes', (text: string) => Buffer.from(text, 'utf8')),
    overload('timestamp(int) -> timestamp', (seconds: bigint) => new Timestamp(seconds * 1_000_000_000n)),
    overload('timestamp(string) -> timestamp', (text: string) => parseTimestamp(text) ?? unconvertible('google.protobuf.Timestamp')),
    overload('duration(int) -> duration', (nanos: bigint) => new Duration(nanos)),
    overload('duration(string) -> duration', (text: string) => parseDuration(text) ?? unconvertible('google.protobuf.Duration')),
  ];
}

function toBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  return unconvertible('bool');
}

function toText(value: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return fail('invalid UTF-8 in bytes, cannot convert to string');
  }
}

/** Go's %g of a float64: an exponent below 1e-4 and from 1e21 on. */
export function goFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'NaN';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e21)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  return String(value);
}

function timeParts(): Overload[] {
  const parts: Readonly<Record<string, (time: Date) => number>> = {
    getFullYear: (time) => time.getUTCFullYear(),
    getMonth: (time) => time.getUTCMonth(),
    getDayOfYear: (time) => Math.floor((time.getTime() - Date.UTC(time.getUTCFullYear(), 0, 1)) / 86_400_000),
    getDayOfMonth: (time) => time.getUTCDate() - 1,
    getDate: (time) => time.getUTCDate(),
    getDayOfWeek: (time) => time.getUTCDay(),
    getHours: (time) => time.getUTCHours(),
    getMinutes: (time) => time.getUTCMinutes(),
    getSeconds: (time) => time.getUTCSeconds(),
    getMilliseconds: (time) => time.getUTCMilliseconds(),
  };
  const spans: Readonly<Record<string, (nanos: bigint) => bigint>> = {
    getHours: (nanos) => nanos / 3_600_000_000_000n,
    getMinutes: (nanos) => nanos / 60_000_000_000n,
    getSeconds: (nanos) => nanos / 1_000_000_000n,
    getMilliseconds: (nanos) => (nanos / 1_000_000n) % 1000n,
  };
  return [
    ...Object.entries(parts).flatMap(([name, part]) => [
      overload(`timestamp.${name}() -> int`, ({ nanos }: Timestamp) => BigInt(part(new Date(Number(nanos / 1_000_000n))))),
      overload(`timestamp.${name}(string) -> int`, ({ nanos }: Timestamp, zone: string) =>
        BigInt(part(new Date(Number(nanos / 1_000_000n) + offsetOf(zone, Number(nanos / 1_000_000n))))),
      ),
    ]),
    ...Object.entries(spans).map(([name, span]) => overload(`duration.${name}() -> int`, ({ nanos }: Duration) => span(nanos))),
  ];
}

/** Milliseconds east of Greenwich, of `+02:00` or `Europe/Berlin`. */
function offsetOf(zone: string, ms: number): number {
  const [, sign, hours, minutes] = /^([+-]?)(\d\d):(\d\d)$/.exec(zone) ?? [];
  if (hours !== undefined) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  try {
    const parts = Object.fromEntries(
      new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
        .formatToParts(ms)
        .map(({ type, value }) => [type, Number(value)]),
    );
    const local = Date.UTC(parts.year ?? 0, (parts.month ?? 1) - 1, parts.day ?? 1, parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0);
    return local - Math.floor(ms / 1000) * 1000;
  } catch {
    return fail(`unknown time zone ${zone}`);
  }
}

function isZero(value: Value): boolean {
  if (value === null || value === false || value === '' || value === 0 || value === 0n) return true;
  if (value instanceof CelList || value instanceof Uint8Array) return (value instanceof CelList ? value.size : value.length) === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration) return value.nanos === 0n;
  return value instanceof CelMap && value.size === 0;
}
