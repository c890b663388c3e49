import { isRecord } from '@fairlead/kube';
import { type Field, type ListType, type MapType, reading, type Scalar, type Type } from './type.js';

export interface Decoded {
  /** `spec.template.spec.containers[0].foo`, in the order of the document. */
  unknown: string[];
  /** The first thing that does not fit, in the words of Go's JSON decoder; undefined: all does. */
  problem?: string;
}

/** Reads plain data as Go would read it into the structs of this type: null fits everything, a field is found by its exact name. */
export function decodeFields(type: Type, value: unknown): Decoded {
  const decoded: Decoded = { unknown: [] };
  read({ decoded, at: '', struct: '', path: '' }, type, value, undefined);
  return decoded;
}

interface Place {
  decoded: Decoded;
  /** `spec.containers[0]` */
  at: string;
  /** The struct around it, and the way there without places in lists: what Go names. */
  struct: string;
  path: string;
}

function read(place: Place, type: Type, value: unknown, goType: string | undefined): void {
  if (value === null || value === undefined) return;
  const { map, scalar, list } = reading(type, value);
  const fail = (of: string, what = jsonWord(value)): void =>
    note(place, `json: cannot unmarshal ${what} into Go struct field ${place.struct}.${place.path} of type ${of}`);
  if (map && !scalar && !list) {
    if (isRecord(value)) readMap(place, map, value, goType);
    else fail(goType ?? goTypeOf(type));
  } else if (list && !scalar && !map) {
    if (Array.isArray(value)) readList(place, list, value, goType);
    else fail(goType ?? goTypeOf(type));
  } else if (scalar) readScalar(place, scalar, value, goType, fail);
}

function readMap(place: Place, map: MapType, value: Record<string, unknown>, goType: string | undefined): void {
  if (map.fields.size === 0) {
    const { values } = map;
    const inner = goType?.replace(/^map\[\w+\]/, '');
    if (values)
      for (const key of Object.keys(value))
        read({ ...place, at: join(place.at, key) }, values, value[key], inner === goType ? undefined : inner);
    return;
  }
  const struct = map.struct?.split('.').at(-1) ?? place.struct;
  for (const key of Object.keys(value)) {
    const field: Field | undefined = map.fields.get(key);
    const at = join(place.at, key);
    if (field) read({ ...place, at, struct, path: join(place.path, key) }, field.type, value[key], field.shape?.goType);
    else if (!map.values) place.decoded.unknown.push(at);
  }
}

function readList(place: Place, { items }: ListType, value: readonly unknown[], goType: string | undefined): void {
  const inner = goType?.startsWith('[]') ? goType.slice(2) : undefined;
  value.forEach((item, index) => {
    read({ ...place, at: `${place.at}[${index}]` }, items, item, inner);
  });
}

const quantity = /^[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/;
const limits = { int32: 2 ** 31, int64: 2 ** 63 } as const;

function readScalar(
  place: Place,
  scalar: Scalar,
  value: unknown,
  goType: string | undefined,
  fail: (of: string, what?: string) => void,
): void {
  switch (scalar) {
    case 'string':
      if (typeof value !== 'string') fail(goType ?? 'string');
      return;
    case 'boolean':
      if (typeof value !== 'boolean') fail(goType ?? 'bool');
      return;
    case 'number':
      if (typeof value !== 'number') fail('float64');
      return;
    case 'int32':
    case 'int64':
      if (typeof value !== 'number') fail(goType ?? scalar);
      else if (!Number.isInteger(value) || value >= limits[scalar] || value < -limits[scalar]) fail(goType ?? scalar, `number ${value}`);
      return;
    case 'intOrString':
      if (typeof value === 'number' && !Number.isInteger(value)) fail('int32', `number ${value}`);
      else if (typeof value !== 'string' && typeof value !== 'number') fail('int32');
      return;
    case 'bytes':
      if (typeof value !== 'string') fail('[]uint8');
      else noteBadBase64(place, value);
      return;
    case 'time':
      if (typeof value !== 'string') fail('string');
      else noteBadTime(place, value);
      return;
    case 'quantity':
      if (!quantity.test(String(value)))
        note(place, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
      return;
    default:
      scalar satisfies 'untyped';
  }
}

function noteBadBase64(place: Place, value: string): void {
  const text = value.replace(/[\r\n]/g, '');
  const bad = text.search(/[^A-Za-z0-9+/]/);
  const body = text.replace(/={0,2}$/, '');
  if (bad === body.length || bad === -1 ? text.length % 4 === 0 : false) return;
  const where = bad === -1 || bad === body.length ? text.length - (text.length % 4) : bad;
  note(place, `illegal base64 data at input byte ${where}`);
}

/** RFC 3339, as far as people get it wrong. */
function noteBadTime(place: Place, value: string): void {
  if (value === '' || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return;
  const layout: [RegExp, string][] = [
    [/^\d{4}/, '2006'],
    [/^-/, '-'],
    [/^\d\d/, '01'],
    [/^-/, '-'],
    [/^\d\d/, '02'],
    [/^T/, 'T'],
    [/^\d\d/, '15'],
    [/^:/, ':'],
    [/^\d\d/, '04'],
    [/^:/, ':'],
    [/^\d\d(\.\d+)?/, '05'],
    [/^(Z|[+-]\d\d:\d\d)/, 'Z07:00'],
  ];
  let rest = value;
  for (const [expected, name] of layout) {
    const found = expected.exec(rest);
    if (!found) {
      const [whole, left, part] = [value, rest, name].map((each) => JSON.stringify(each));
      note(place, `parsing time ${whole} as "2006-01-02T15:04:05Z07:00": cannot parse ${left} as ${part}`);
      return;
    }
    rest = rest.slice(found[0].length);
  }
  note(place, `parsing time ${JSON.stringify(value)}: extra text: ${JSON.stringify(rest)}`);
}

function note({ decoded }: Place, problem: string): void {
  decoded.problem ??= problem;
}

function goTypeOf({ map, list, scalar }: Type): string {
  if (map) return map.struct ?? `map[string]${map.values ? goTypeOf(map.values) : 'interface {}'}`;
  if (list) return `[]${goTypeOf(list.items)}`;
  switch (scalar) {
    case 'boolean':
      return 'bool';
    case 'bytes':
      return '[]uint8';
    case 'number':
      return 'float64';
    case 'int32':
    case 'int64':
    case 'string':
      return scalar;
    case 'quantity':
      return 'resource.Quantity';
    case 'time':
      return 'v1.Time';
    case 'intOrString':
      return 'intstr.IntOrString';
    default:
      return 'interface {}';
  }
}

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

const jsonWord = (value: unknown): string =>
  Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;
