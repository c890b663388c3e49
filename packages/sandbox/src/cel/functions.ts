import { EvaluationError } from './problem.js';
import type { Type } from './type.js';
import * as types from './type.js';
import { CelList, CelMap, Duration, Opaque, Optional, Timestamp, TypeValue, typeName, Uint, type Value } from './value.js';

export interface Overload {
  name: string;
  /** Called on a receiver, which is the first parameter. */
  member: boolean;
  params: readonly Type[];
  result: Type;
  call(...args: never[]): Value;
}

/**
 * One overload by its declaration: `string.startsWith(string) -> bool` is called on a string, `size(list(T)) -> int` is not; `optional.of(T)` is a
 * name with a dot. Capital letters are type parameters; a name with a capital letter and more is one of Kubernetes' opaque types.
 */
export function overload<Args extends Value[]>(declaration: string, call: (...args: Args) => Value): Overload {
  const [, head = '', inside = '', result = ''] = /^(.*?)\((.*)\) -> (.+)$/.exec(atTopLevel(declaration)) ?? [];
  const restored = (text: string): string => text.replaceAll('⟨', '(').replaceAll('⟩', ')');
  const receiver = /^(.+)\.([^.]+)$/.exec(restored(head));
  const member = receiver !== null && !namespaces.has(receiver[1] ?? '');
  const params = split(restored(inside)).map(parseType);
  return {
    name: member ? (receiver[2] ?? '') : restored(head),
    member,
    params: member ? [parseType(receiver[1] ?? ''), ...params] : params,
    result: parseType(restored(result)),
    call: call as unknown as Overload['call'],
  };
}

/** Names of functions may have a dot without a receiver before it. */
const namespaces: ReadonlySet<string> = new Set(['optional', 'sets', 'strings', 'lists', 'ip', 'format']);

/** Parentheses of types become brackets of their own, so that those of the call are the only ones. */
function atTopLevel(declaration: string): string {
  let text = declaration;
  for (;;) {
    const next = text.replace(/\b(list|map|optional|(?<!^)type)\(([^()]*)\)/g, '$1⟨$2⟩');
    if (next === text) return text;
    text = next;
  }
}

function split(text: string): string[] {
  const parts: string[] = [];
  let [depth, part] = [0, ''];
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  if (part.trim() !== '') parts.push(part.trim());
  return parts;
}

const plain: Readonly<Record<string, Type>> = {
  dyn: types.dyn,
  null: types.nullType,
  bool: types.bool,
  int: types.int,
  uint: types.uint,
  double: types.double,
  string: types.string,
  bytes: types.bytes,
  timestamp: types.timestamp,
  duration: types.duration,
  type: types.typeOf(),
};

function parseType(text: string): Type {
  const known = plain[text];
  if (known) return known;
  const [, outer, inside = ''] = /^(list|map|optional|type)\((.*)\)$/.exec(text) ?? [];
  const [first = types.dyn, second = types.dyn] = outer ? split(inside).map(parseType) : [];
  switch (outer) {
    case 'list':
      return types.list(first);
    case 'map':
      return types.map(first, second);
    case 'optional':
      return types.optional(first);
    case 'type':
      return types.typeOf(first);
    default:
      return /^[A-Z]$/.test(text) ? { kind: 'param', name: text } : types.opaque(text);
  }
}

/** All functions by their names. */
export class Functions {
  private readonly byName = new Map<string, Overload[]>();

  constructor(overloads: readonly Overload[]) {
    for (const each of overloads) {
      const known = this.byName.get(each.name);
      if (known) known.push(each);
      else this.byName.set(each.name, [each]);
    }
  }

  overloads(name: string): readonly Overload[] | undefined {
    return this.byName.get(name);
  }

  /** The first overload that takes these values. @throws EvaluationError */
  call(name: string, member: boolean, args: readonly Value[]): Value {
    for (const each of this.byName.get(name) ?? []) {
      if (each.member !== member || each.params.length !== args.length) continue;
      if (each.params.every((type, index) => takes(type, args[index] as Value))) return each.call(...(args as never[]));
    }
    throw noSuchOverload(name, args);
  }
}

const plusable = ['int', 'uint', 'double', 'google.protobuf.Duration', 'google.protobuf.Timestamp'];
const ordered = ['bool', 'string', 'bytes', ...plusable];
/** What may stand on the left of an operator; it complains less loudly when only the right is wrong. */
const lefts: Readonly<Record<string, readonly string[]>> = {
  '_+_': ['string', 'bytes', 'list', ...plusable],
  '_-_': plusable,
  '_*_': plusable.slice(0, 3),
  '_/_': plusable.slice(0, 3),
  '_%_': plusable.slice(0, 2),
  ...Object.fromEntries(['_<_', '_<=_', '_>_', '_>=_'].map((name) => [name, ordered])),
};
const silent: ReadonlySet<string> = new Set(['!_', '-_', '@in', 'matches', 'containsIP', 'containsCIDR']);

/** As cel-go says it: some name themselves, functions name what they were called with, and some say nothing. */
export function noSuchOverload(name: string, args: readonly Value[]): EvaluationError {
  const left = lefts[name];
  const said = 'no such overload';
  if (silent.has(name) || left?.includes(typeName(args[0] ?? null))) return new EvaluationError(said);
  if (left || name === 'size') return new EvaluationError(`${said}: ${name}`);
  return new EvaluationError(`${said}: ${name}(${args.map(typeName).join(', ')})`);
}

function takes(type: Type, value: Value): boolean {
  switch (type.kind) {
    case 'dyn':
    case 'param':
    case 'error':
      return true;
    case 'null':
      return value === null;
    case 'bool':
      return typeof value === 'boolean';
    case 'int':
      return typeof value === 'bigint';
    case 'uint':
      return value instanceof Uint;
    case 'double':
      return typeof value === 'number';
    case 'string':
      return typeof value === 'string';
    case 'bytes':
      return value instanceof Uint8Array;
    case 'timestamp':
      return value instanceof Timestamp;
    case 'duration':
      return value instanceof Duration;
    case 'type':
      return value instanceof TypeValue;
    case 'list':
      return value instanceof CelList;
    case 'map':
    case 'object':
      return value instanceof CelMap;
    case 'optional':
      return value instanceof Optional;
    case 'opaque':
      return value instanceof Opaque && value.typeName === type.name;
    default:
      return type satisfies never;
  }
}
