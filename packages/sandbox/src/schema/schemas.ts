import type { ResourceDefinition } from '../registry/definition.js';
import { TypeCompiler } from './compile-type.js';
import type { OpenApiSchema } from './open-api.js';
import { type RecordedApi, recordedApi } from './recorded.js';
import { deduced, type Type } from './type.js';

interface Kind {
  group: string;
  version: string;
  kind: string;
}

/** The schemas of all kinds: the built-in ones as recorded, the custom ones as they come and go. */
export class Schemas {
  private static compiledOnce: TypeCompiler | undefined;
  private readonly custom = new Map<string, { schema: OpenApiSchema; type: Type }>();
  private byKind: Map<string, string> | undefined;

  constructor(
    private readonly recorded: () => RecordedApi,
    private readonly compiler = compilerOf(recorded),
  ) {}

  /** Custom kinds are each one's own; the types of the built-in ones are made once for all. */
  static builtIn(): Schemas {
    Schemas.compiledOnce ??= compilerOf(recordedApi);
    return new Schemas(recordedApi, Schemas.compiledOnce);
  }

  /** The type of a kind; one that takes everything where none is known. */
  of(definition: Pick<ResourceDefinition, 'group' | 'version' | 'kind'>): Type {
    const custom = this.custom.get(keyOf(definition));
    if (custom) return custom.type;
    const name = this.componentOf(definition);
    return name === undefined ? deduced : this.compiler.named(name);
  }

  /** `io.k8s.api.apps.v1.Deployment`; undefined for custom kinds. */
  componentOf(kind: Kind): string | undefined {
    this.byKind ??= indexed(this.recorded());
    return this.byKind.get(keyOf(kind));
  }

  component(name: string): OpenApiSchema | undefined {
    return this.recorded().components[name];
  }

  customSchema(kind: Kind): OpenApiSchema | undefined {
    return this.custom.get(keyOf(kind))?.schema;
  }

  /** The schema of a custom kind, whole: with apiVersion, kind and metadata. Undefined: it is gone. */
  setCustom(kind: Kind, schema: OpenApiSchema | undefined): void {
    if (schema) this.custom.set(keyOf(kind), { schema, type: this.compiler.inline(schema) });
    else this.custom.delete(keyOf(kind));
  }
}

const compilerOf = (recorded: () => RecordedApi): TypeCompiler =>
  new TypeCompiler({ component: (name) => recorded().components[name], shape: (name) => recorded().shapes[name] });

const keyOf = ({ group, version, kind }: Kind): string => `${group}/${version}/${kind}`;

function indexed({ components }: RecordedApi): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(components)) {
    const kinds = schema['x-kubernetes-group-version-kind'];
    if (!Array.isArray(kinds)) continue;
    // DeleteOptions and its like belong to every group; the first that names a kind for itself has it.
    for (const kind of kinds as Kind[]) if (!names.has(keyOf(kind))) names.set(keyOf(kind), name);
  }
  return names;
}
