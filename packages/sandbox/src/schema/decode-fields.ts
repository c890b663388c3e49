import { isRecord } from '@fairlead/kube/protocol';
import { deduced, type Field, type ListType, type MapType, reading, type Scalar, type Type, untyped } from './type.js';

export interface Decoded {
  /** `spec.template.spec.containers[0].foo`, in the order of the document. */
  unknown: string[];
  /** The first thing that does not fit, in the words of Go's JSON decoder; undefined: all does. */
  problem?: string;
}

/** Reads plain data as Go would read it into the structs of this type: null fits everything, a field is found by its exact name. */
export function decodeFields(type: Type, value: unknown): Decoded {
  const place: Place = { decoded: { unknown: [] }, at: [], struct: '', path: [] };
  read(place, type, value, undefined);
  return place.decoded;
}

/** Where the reader stands; one for the whole reading. */
interface Place {
  readonly decoded: Decoded;
  /** Keys, and places in lists. */
  readonly at: (string | number)[];
  /** The struct around it, and the fields on the way there: what Go names. */
  struct: string;
  readonly path: string[];
}

function read(place: Place, type: Type, value: unknown, goType: string | undefined): void {
  if (value === null || value === undefined || type === untyped || type === deduced) return;
  const { map, scalar, list } = reading(type, value);
  if (map && !scalar && !list) {
    if (isRecord(value)) readMap(place, map, value, goType);
    else fail(place, goType ?? goTypeOf(type), value);
  } else if (list && !scalar && !map) {
    if (Array.isArray(value)) readList(place, list, value, goType);
    else fail(place, goType ?? goTypeOf(type), value);
  } else if (scalar) readScalar(place, scalar, value, goType);
}

function fail(place: Place, of: string, value: unknown, what = jsonWord(value)): void {
  note(place, `json: cannot unmarshal ${what} into Go struct field ${place.struct}.${place.path.join('.')} of type ${of}`);
}

function readMap(place: Place, map: MapType, value: Record<string, unknown>, goType: string | undefined): void {
  if (map.fields.size === 0) {
    const { values } = map;
    const inner = goType?.replace(/^map\[\w+\]/, '');
    if (!values) return;
    for (const key of Object.keys(value)) {
      place.at.push(key);
      read(place, values, value[key], inner === goType ? undefined : inner);
      place.at.pop();
    }
    return;
  }
  const around = place.struct;
  const struct = map.struct?.split('.').at(-1) ?? around;
  for (const key of Object.keys(value)) {
    const field: Field | undefined = map.fields.get(key);
    place.at.push(key);
    if (field) {
      place.path.push(key);
      place.struct = struct;
      read(place, field.type, value[key], field.shape?.goType);
      place.struct = around;
      place.path.pop();
    } else if (!map.values) place.decoded.unknown.push(shownPlace(place.at));
    place.at.pop();
  }
}

function readList(place: Place, { items }: ListType, value: readonly unknown[], goType: string | undefined): void {
  const inner = goType?.startsWith('[]') ? goType.slice(2) : undefined;
  value.forEach((item, index) => {
    place.at.push(index);
    read(place, items, item, inner);
    place.at.pop();
  });
}

/** `spec.containers[0].name` */
const shownPlace = (at: readonly (string | number)[]): string =>
  at.map((each, index) => (typeof each === 'number' ? `[${each}]` : index === 0 ? each : `.${each}`)).join('');

const quantity = /^[+-]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/;
const limits = { int32: 2 ** 31, int64: 2 ** 63 } as const;

function readScalar(place: Place, scalar: Scalar, value: unknown, goType: string | undefined): void {
  const fails = (of: string, what?: string): void => fail(place, of, value, what);
  switch (scalar) {
    case 'string':
      if (typeof value !== 'string') fails(goType ?? 'string');
      return;
    case 'boolean':
      if (typeof value !== 'boolean') fails(goType ?? 'bool');
      return;
    case 'number':
      if (typeof value !== 'number') fails('float64');
      return;
    case 'int32':
    case 'int64':
      if (typeof value !== 'number') fails(goType ?? scalar);
      else if (!Number.isInteger(value) || value >= limits[scalar] || value < -limits[scalar]) fails(goType ?? scalar, `number ${value}`);
      return;
    case 'intOrString':
      if (typeof value === 'number' && !Number.isInteger(value)) fails('int32', `number ${value}`);
      else if (typeof value !== 'string' && typeof value !== 'number') fails('int32');
      return;
    case 'bytes':
      if (typeof value !== 'string') fails('[]uint8');
      else noteBadBase64(place, value);
      return;
    case 'time':
      if (typeof value !== 'string') fails('string');
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

const jsonWord = (value: unknown): string =>
  Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value === 'boolean' ? 'bool' : typeof value;
