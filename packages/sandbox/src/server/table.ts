import { isRecord, type KubeObject } from '@fairlead/kube/protocol';
import { since } from '../kinds/parts/human-duration.js';
import type { ResourceDefinition, TableColumn } from '../registry/definition.js';
import { partial } from './partial.js';

export type IncludeObject = 'None' | 'Metadata' | 'Object';

const nameDescription =
  'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names';
const createdDescription =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata';

/** What a Table needs to know of a kind. */
type Kind = Pick<ResourceDefinition, 'custom' | 'table'>;

const plainColumns = (definition: Kind): readonly TableColumn[] => [
  { name: 'Name', type: 'string', format: 'name', description: nameDescription, priority: 0 },
  { name: definition.custom ? 'Age' : 'Created At', type: 'date', format: '', description: createdDescription, priority: 0 },
];

/** meta.k8s.io/v1 Table: a row for each object; `headers: false` leaves the columns out, as in a watch after its first event. */
export function table(
  definition: Kind,
  objects: readonly KubeObject[],
  metadata: object,
  { now, include, headers = true }: { now: number; include: IncludeObject; headers?: boolean },
): object {
  const columns = definition.table?.columns ?? plainColumns(definition);
  const cells = definition.table?.cells ?? (({ metadata: { name, creationTimestamp } }: KubeObject) => [name, creationTimestamp ?? null]);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: headers ? columns : null,
    rows: objects.map((object) => ({ cells: cells(object, now), object: included(object, include) })),
  };
}

/** The Table of a Scale. */
export const scaleTable = (custom: boolean): Kind => ({
  table: {
    columns: [
      { name: 'Name', type: 'string', format: custom ? 'name' : '', description: nameDescription, priority: 0 },
      {
        name: 'Desired',
        type: 'integer',
        format: '',
        description: 'replicas is the desired number of instances for the scaled object.',
        priority: 0,
      },
      {
        name: 'Available',
        type: 'integer',
        format: '',
        description: 'replicas is the actual number of observed instances of the scaled object.',
        priority: 0,
      },
      { name: 'Age', type: custom ? 'date' : 'string', format: '', description: createdDescription, priority: 0 },
    ],
    cells: ({ metadata, spec, status }, now) => [
      metadata.name,
      replicasOf(spec),
      replicasOf(status),
      since(metadata.creationTimestamp, now),
    ],
  },
});

const replicasOf = (part: unknown): number => (isRecord(part) && typeof part.replicas === 'number' ? part.replicas : 0);

function included(object: KubeObject, include: IncludeObject): object | null {
  switch (include) {
    case 'None':
      return null;
    case 'Metadata':
      return partial(object);
    case 'Object':
      return object;
    default:
      return include satisfies never;
  }
}
