/** Types of CEL, as the checker sees them. Built by the names below; compared by `sameType`. */
export type Type =
  | { kind: 'dyn' | 'error' | 'null' | 'bool' | 'int' | 'uint' | 'double' | 'string' | 'bytes' | 'timestamp' | 'duration' }
  | { kind: 'type'; of?: Type }
  | { kind: 'list'; items: Type; listType?: 'set' | 'map' | 'atomic'; mapKeys?: readonly string[] }
  | { kind: 'map'; key: Type; value: Type }
  | { kind: 'optional'; of: Type }
  | { kind: 'object'; name: string; fields: ReadonlyMap<string, Type> }
  /** `kubernetes.Quantity` and its like: what only functions know. */
  | { kind: 'opaque'; name: string }
  | { kind: 'param'; name: string };

export const dyn: Type = { kind: 'dyn' };
export const failed: Type = { kind: 'error' };
export const nullType: Type = { kind: 'null' };
export const bool: Type = { kind: 'bool' };
export const int: Type = { kind: 'int' };
export const uint: Type = { kind: 'uint' };
export const double: Type = { kind: 'double' };
export const string: Type = { kind: 'string' };
export const bytes: Type = { kind: 'bytes' };
export const timestamp: Type = { kind: 'timestamp' };
export const duration: Type = { kind: 'duration' };
export const list = (items: Type): Type => ({ kind: 'list', items });
export const map = (key: Type, value: Type): Type => ({ kind: 'map', key, value });
export const optional = (of: Type): Type => ({ kind: 'optional', of });
export const opaque = (name: string): Type => ({ kind: 'opaque', name });
export const typeOf = (of?: Type): Type => (of ? { kind: 'type', of } : { kind: 'type' });
export const object = (name: string, fields: Readonly<Record<string, Type>>): Type => ({
  kind: 'object',
  name,
  fields: new Map(Object.entries(fields)),
});

/** As cel-go writes it in its messages: `list(string)`, `map(string, dyn)`, `optional_type(int)`. */
export function formatType(type: Type): string {
  switch (type.kind) {
    case 'error':
      return '!error!';
    case 'list':
      return `list(${formatType(type.items)})`;
    case 'map':
      return `map(${formatType(type.key)}, ${formatType(type.value)})`;
    case 'optional':
      return `optional_type(${formatType(type.of)})`;
    case 'type':
      return type.of ? `type(${formatType(type.of)})` : 'type';
    case 'object':
    case 'opaque':
    case 'param':
      return type.name;
    default:
      return type.kind;
  }
}

/** The name that a value of this type answers to `type()`. */
export function runtimeName(type: Type): string {
  switch (type.kind) {
    case 'null':
      return 'null_type';
    case 'timestamp':
    case 'duration':
      return `google.protobuf.${type.kind === 'timestamp' ? 'Timestamp' : 'Duration'}`;
    case 'optional':
      return 'optional_type';
    case 'object':
    case 'opaque':
    case 'param':
      return type.name;
    default:
      return type.kind;
  }
}

export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  const [left, right] = [parametersOf(a), parametersOf(b)];
  if ('name' in a && 'name' in b && a.name !== b.name) return false;
  return left.length === right.length && left.every((each, index) => sameType(each, right[index] ?? dyn));
}

export function parametersOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'list':
      return [type.items];
    case 'map':
      return [type.key, type.value];
    case 'optional':
      return [type.of];
    case 'type':
      return type.of ? [type.of] : [];
    default:
      return [];
  }
}

/** The same type over other parameters. */
export function withParameters(type: Type, parameters: readonly Type[]): Type {
  const [first = dyn, second = dyn] = parameters;
  switch (type.kind) {
    case 'list':
      return { ...type, items: first };
    case 'map':
      return { kind: 'map', key: first, value: second };
    case 'optional':
      return { kind: 'optional', of: first };
    case 'type':
      return type.of ? { kind: 'type', of: first } : type;
    default:
      return type;
  }
}
