import type { KubeObject } from '@fairlead/kube/protocol';
import type { Cell, TableColumn } from '../../registry/definition.js';
import { since } from '../parts/human-duration.js';
import type { CrdColumn } from './crd-spec.js';
import { parseJsonPath, valuesAt } from './json-path.js';

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const ageDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

const age: CrdColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp', description: ageDescription };

/** The columns of a custom kind: its name, then what its definition says; without a word, its age. */
export function printerColumns(columns: readonly CrdColumn[] | undefined): {
  columns: readonly TableColumn[];
  cells(object: KubeObject, now: number): Cell[];
} {
  const shown = columns && columns.length > 0 ? columns : [age];
  const paths = shown.map(({ jsonPath }) => parseJsonPath(jsonPath) ?? []);
  return {
    columns: [
      { name: 'Name', type: 'string', format: 'name', description: nameDescription, priority: 0 },
      ...shown.map(
        ({ name, type, description, jsonPath, priority = 0, format = '' }): TableColumn => ({
          name,
          type,
          format: format as TableColumn['format'],
          description: description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
          priority,
        }),
      ),
    ],
    cells: (object, now) => [
      object.metadata.name,
      ...shown.map((column, index) => cellOf(column, valuesAt(paths[index] ?? [], object), now)),
    ],
  };
}

/** Empty where there is nothing, or nothing of that type. */
function cellOf({ type }: CrdColumn, values: readonly unknown[], now: number): Cell {
  const [value] = values;
  if (value === undefined || value === null) return null;
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? since(value, now) : '<invalid>';
    case 'string':
      return values.length > 1 ? values.map(text).join(',') : text(value);
    default:
      return type satisfies never;
  }
}

const text = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
