import { componentOf, type OpenApiSchema } from './open-api.js';
import { deduced, type Field, type ListType, type MapType, type Scalar, type Shape, type Type, untyped } from './type.js';

interface TypeSource {
  component(name: string): OpenApiSchema | undefined;
  /** The Go fields of a component, in their order: `name replicas:*?`. */
  shape(name: string): string | undefined;
}

const quantity = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
const rawExtension = 'io.k8s.apimachinery.pkg.runtime.RawExtension';

/** Makes Types of schemas, each component once. The rules are kube-openapi's schemaconv. */
export class TypeCompiler {
  private readonly known = new Map<string, Type>();

  constructor(private readonly source: TypeSource) {}

  named(name: string): Type {
    const before = this.known.get(name);
    if (before) return before;
    const schema = this.source.component(name);
    const made: Type =
      name === quantity ? { scalar: 'quantity' } : name === rawExtension || !schema ? untyped : this.type(schema, false, name);
    this.known.set(name, made);
    return made;
  }

  /** `keepsUnknown`: some schema above says x-kubernetes-preserve-unknown-fields. */
  inline(schema: OpenApiSchema, keepsUnknown = false): Type {
    const name = componentOf(schema);
    if (name === undefined) return this.type(schema, keepsUnknown);
    const type = this.named(name);
    const relation = schema['x-kubernetes-map-type'];
    return relation && type.map ? { ...type, map: withRelation(type.map, relation === 'atomic') } : type;
  }

  private type(schema: OpenApiSchema, keptAbove: boolean, name?: string): Type {
    const keepsUnknown = keptAbove || schema['x-kubernetes-preserve-unknown-fields'] === true;
    switch (schema.type) {
      case undefined:
      case '':
        return { scalar: looseScalar(schema), list: this.list(schema, keepsUnknown), map: this.map(schema, keepsUnknown, name) };
      case 'object':
        return { map: this.map(schema, keepsUnknown, name) };
      case 'array':
        return { list: this.list(schema, keepsUnknown) };
      default:
        return { scalar: scalar(schema) };
    }
  }

  private list(schema: OpenApiSchema, keepsUnknown: boolean): ListType {
    const items = lazily(() => (schema.items ? this.inline(schema.items, keepsUnknown) : untyped));
    return {
      ...relationOf(schema),
      get items() {
        return items();
      },
    };
  }

  private map(schema: OpenApiSchema, keepsUnknown: boolean, name?: string): MapType {
    const { properties = {}, additionalProperties } = schema;
    const fields = lazily(() => this.fields(properties, keepsUnknown, name));
    const values = lazily((): Type | undefined => {
      if (typeof additionalProperties === 'object') return this.inline(additionalProperties, keepsUnknown);
      if (additionalProperties === true) return deduced;
      if (additionalProperties === undefined && (keepsUnknown || Object.keys(properties).length === 0)) return deduced;
      return undefined;
    });
    return {
      atomic: schema['x-kubernetes-map-type'] === 'atomic',
      ...(name && this.source.shape(name) ? { struct: goName(name) } : {}),
      open: keepsUnknown,
      get fields() {
        return fields();
      },
      get values() {
        return values();
      },
    } as MapType;
  }

  private fields(properties: Readonly<Record<string, OpenApiSchema>>, keepsUnknown: boolean, name?: string): ReadonlyMap<string, Field> {
    const shapes = shapesOf(name === undefined ? undefined : this.source.shape(name));
    const names = [...shapes.keys()].filter((each) => each in properties);
    const order = names.length > 0 ? [...names, ...Object.keys(properties).filter((each) => !shapes.has(each))] : Object.keys(properties);
    const fields = new Map<string, Field>();
    for (const each of order) {
      const schema = properties[each];
      if (!schema) continue;
      const type = lazily(() => this.inline(schema, keepsUnknown));
      const shape = shapes.get(each);
      fields.set(each, {
        name: each,
        get type() {
          return type();
        },
        ...(schema.default === undefined ? {} : { default: schema.default }),
        ...(shape ? { shape } : {}),
        strategy: schema['x-kubernetes-patch-strategy']?.split(',') ?? [],
        ...(schema['x-kubernetes-patch-merge-key'] ? { mergeKey: schema['x-kubernetes-patch-merge-key'] } : {}),
      });
    }
    return fields;
  }
}

/** `io.k8s.api.apps.v1.DeploymentSpec` is `v1.DeploymentSpec` to Go. */
const goName = (component: string): string => component.split('.').slice(-2).join('.');

function relationOf(schema: OpenApiSchema): { atomic: boolean; keys: readonly string[] } {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return { atomic: false, keys: [] };
    case 'map':
      return { atomic: false, keys: schema['x-kubernetes-list-map-keys'] ?? [] };
    case 'atomic':
      return { atomic: true, keys: [] };
  }
  const strategy = schema['x-kubernetes-patch-strategy'];
  const key = schema['x-kubernetes-patch-merge-key'];
  if (strategy === 'merge' || strategy === 'merge,retainKeys') return { atomic: false, keys: key ? [key] : [] };
  return { atomic: true, keys: [] };
}

function scalar({ type, format }: OpenApiSchema): Scalar {
  switch (type) {
    case 'integer':
      return format === 'int32' ? 'int32' : 'int64';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'string':
      if (format === 'byte') return 'bytes';
      return format === 'date-time' ? 'time' : format === 'int-or-string' ? 'intOrString' : 'string';
    default:
      return 'untyped';
  }
}

const looseScalar = (schema: OpenApiSchema): Scalar =>
  schema.format === 'int-or-string' || schema['x-kubernetes-int-or-string'] ? 'intOrString' : 'untyped';

function shapesOf(text: string | undefined): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const each of text?.split(' ') ?? []) {
    const [name = '', flags = '', goType] = each.split(':');
    shapes.set(name, {
      pointer: flags.includes('*'),
      omitEmpty: flags.includes('?'),
      omitZero: flags.includes('0'),
      ...(goType ? { goType } : {}),
    });
  }
  return shapes;
}

/** The same map, owned as a whole or not; its parts are still made when they are asked for. */
const withRelation = (map: MapType, atomic: boolean): MapType =>
  Object.create(map, { atomic: { value: atomic, enumerable: true } }) as MapType;

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
