import { isRecord } from '@fairlead/kube/protocol';

/** What a single value may be; `untyped`: any of them. */
export type Scalar = 'string' | 'bytes' | 'time' | 'boolean' | 'int32' | 'int64' | 'number' | 'quantity' | 'intOrString' | 'untyped';

/**
 * A schema as merging and decoding need it (structured-merge-diff calls it an atom): what the value is if it is a single value, a list or a map. A
 * schema without `type` allows several. Types refer to each other in circles, so they are made when they are asked for.
 */
export interface Type {
  readonly scalar?: Scalar;
  readonly list?: ListType;
  readonly map?: MapType;
}

export interface ListType {
  readonly items: Type;
  /** `atomic`: belongs to one as a whole; otherwise its elements are found by their keys, or by themselves where there are none (a set). */
  readonly atomic: boolean;
  readonly keys: readonly string[];
}

export interface MapType {
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, Field>;
  /** What stands under any other key; undefined: there may be none. */
  readonly values?: Type;
  /** `v1.DeploymentSpec`: the Go type behind it, which is named when something does not fit. */
  readonly struct?: string;
  /** Fields that are not declared are kept, not dropped. */
  readonly open?: boolean;
}

export interface Field {
  readonly name: string;
  readonly type: Type;
  readonly default?: unknown;
  /** How Go prints it; undefined for custom resources, which are printed as they are. */
  readonly shape?: Shape;
  /** `merge`, `replace`, `retainKeys` of strategic merge patches. */
  readonly strategy: readonly string[];
  readonly mergeKey?: string;
}

export interface Shape {
  readonly pointer: boolean;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  /** Where it has a name of its own: `v1.DNSPolicy`, `[]v1.PersistentVolumeAccessMode`. */
  readonly goType?: string;
}

/** The one of a type's readings that this value takes; all of them for null and for what is missing. */
export function reading(type: Type, value: unknown): Type {
  if (value === undefined || value === null) return type;
  if (Array.isArray(value)) return type.list ? (type.map || type.scalar ? onlyList(type) : type) : type;
  if (isRecord(value)) return type.map ? (type.list || type.scalar ? onlyMap(type) : type) : type;
  return type.scalar ? (type.list || type.map ? onlyScalar(type) : type) : type;
}

const onlyList = ({ list }: Type): Type => (list ? { list } : {});
const onlyMap = ({ map }: Type): Type => (map ? { map } : {});
const onlyScalar = ({ scalar }: Type): Type => (scalar ? { scalar } : {});

/** What stands under a key: the declared field's type, else that of all others. */
export const typeUnder = ({ fields, values }: MapType, key: string): Type | undefined => fields.get(key)?.type ?? values;

/** Anything, owned as a whole. */
export const untyped: Type = {
  scalar: 'untyped',
  list: {
    atomic: true,
    keys: [],
    get items() {
      return untyped;
    },
  },
  map: {
    atomic: true,
    fields: new Map(),
    get values() {
      return untyped;
    },
    open: true,
  },
};

/** Anything; maps are owned key by key, lists as a whole. */
export const deduced: Type = {
  scalar: 'untyped',
  list: { atomic: true, keys: [], items: untyped },
  map: {
    atomic: false,
    fields: new Map(),
    get values() {
      return deduced;
    },
    open: true,
  },
};
