import type { KubeObject } from '@fairlead/kube/protocol';
import { groupResource, groupVersion } from '../../machinery/object.js';
import { allVerbs, type Cell, type ResourceDefinition, type Subresource } from '../../registry/definition.js';
import { columnsOf } from './columns.js';
import { toGoForm } from './go-form.js';
import { statusPart } from './status-part.js';

type Rules = Omit<Partial<ResourceDefinition>, 'subresources' | 'table'> &
  Pick<ResourceDefinition, 'resource' | 'kind'> & {
    /** Rules of its status subresource: true for none of its own. */
    status?: boolean | Partial<Extract<Subresource, { type: 'part' }>>;
    subresources?: Readonly<Record<string, Subresource>>;
    /** Besides `validate`, on creation only. */
    validateCreate?: NonNullable<ResourceDefinition['validate']>;
    /** A row, for the columns that the real server shows. */
    cells(object: KubeObject, now: number): Cell[];
  };

/**
 * A built-in kind: what is usual is filled in, and its objects always are what Go would print of them. A write brings them into that form before anything
 * else; it is done again only after rules of the kind's own, which may have left it.
 */
export function define({ cells, status, validateCreate, subresources = {}, ...rules }: Rules): ResourceDefinition {
  const { group = '', version = 'v1', resource, kind, setDefaults } = rules;
  const at = { group, version, kind };
  // Validation is told of new and of changed objects alike.
  const created = new WeakSet<KubeObject>();
  return {
    namespaced: true,
    verbs: allVerbs,
    singular: kind.toLowerCase(),
    storage: groupResource(group, resource),
    ...rules,
    group,
    version,
    ...(setDefaults
      ? {
          setDefaults(object) {
            setDefaults(object);
            toGoForm(at, object);
          },
        }
      : {}),
    prepareForCreate(object, context) {
      rules.prepareForCreate?.(object, context);
      // What the server itself has set in the metadata is among it.
      toGoForm(at, object);
      created.add(object);
    },
    validate(object, context) {
      const errors = rules.validate?.(object, context) ?? [];
      return created.has(object) ? [...errors, ...(validateCreate?.(object, context) ?? [])] : errors;
    },
    prepareForUpdate(object, old, context) {
      rules.prepareForUpdate?.(object, old, context);
    },
    subresources: { ...(status ? { status: statusPart(status === true ? {} : status) } : {}), ...subresources },
    table: {
      get columns() {
        return columnsOf(`${groupVersion(group, version)}/${resource}`);
      },
      cells,
    },
  };
}
