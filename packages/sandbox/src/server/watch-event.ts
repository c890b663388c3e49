import type { KubeObject } from '@fairlead/kube/protocol';
import { groupVersion } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { Committed } from '../storage/store.js';
import type { Accepted, Shape } from './negotiation.js';
import { partial } from './partial.js';
import { encodeWatchEvent } from './protobuf/encode.js';
import type { Selection } from './selection.js';
import { type IncludeObject, table } from './table.js';
import { inVersion } from './version-view.js';

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** How one watcher wants to see objects. */
export interface View {
  definition: ResourceDefinition;
  shape: Shape;
  include: IncludeObject;
  binary: boolean;
  /** Two views with the same key see the same text. */
  key: string;
}

export const viewOf = (definition: ResourceDefinition, { shape, format }: Accepted, include: IncludeObject): View => ({
  definition,
  shape,
  include,
  binary: format === 'protobuf',
  key: `${definition.group}/${definition.version}/${shape}/${shape === 'Table' ? include : ''}${format === 'protobuf' ? 'b' : ''}`,
});

/** What a change is to somebody who sees only what is selected; undefined when it is nothing to them. */
export function seenChange(
  { revision, change }: Committed,
  { matches, everything }: Selection,
): { type: EventType; object: KubeObject } | undefined {
  if (everything || change.type === 'ADDED')
    return everything || matches(change.object) ? { type: change.type, object: change.object } : undefined;
  const before = change.old !== undefined && matches(change.old);
  if (change.type === 'DELETED') return before ? { type: 'DELETED', object: change.object } : undefined;
  const now = matches(change.object);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: change.object };
  if (!before || !change.old) return undefined;
  // What left the selection is told as it was last seen, with the version that took it away.
  return { type: 'DELETED', object: { ...change.old, metadata: { ...change.old.metadata, resourceVersion: String(revision) } } };
}

const encoded = new WeakMap<object, Map<string, Buffer>>();

/** One line of a watch. An event is written once for all watchers that see it in the same way. */
export function eventLine(type: EventType, object: KubeObject, view: View, { first, now }: { first: boolean; now: number }): Buffer {
  const key = first && view.shape === 'Table' ? `${type}!${view.key}` : type + view.key;
  let lines = encoded.get(object);
  if (!lines) {
    lines = new Map();
    encoded.set(object, lines);
  }
  let line = lines.get(key);
  if (!line) {
    line = framed(type, shaped(inVersion(view.definition, object), view, first, now), view);
    lines.set(key, line);
  }
  return line;
}

/** What ends a watch that cannot begin. */
export const errorLine = (refused: object, view: View): Buffer => framed('ERROR', refused, view);

const framed = (type: string, object: object, { binary }: View): Buffer =>
  binary ? encodeWatchEvent(type, object as Record<string, unknown>) : Buffer.from(`${JSON.stringify({ type, object })}\n`, 'utf8');

/** Only until everybody had it: the text of what is current is not kept. */
export function forgetLines(object: KubeObject): void {
  encoded.delete(object);
}

export function bookmarkLine(view: View, revision: number, annotations?: Readonly<Record<string, string>>): Buffer {
  const { definition } = view;
  const metadata = { resourceVersion: String(revision), ...(annotations ? { annotations } : {}) };
  const object = {
    kind: definition.kind,
    apiVersion: groupVersion(definition.group, definition.version),
    metadata,
  } as unknown as KubeObject;
  return framed('BOOKMARK', bookmark(view, object), view);
}

function bookmark({ definition, shape }: View, object: KubeObject): object {
  if (shape === 'as it is') return object;
  if (shape !== 'Table') return partial(object);
  // The cells of an object that has nothing.
  const columns = definition.table?.columns ?? [];
  const cells = columns.map(({ name, type }) => (name === 'Age' ? '<unknown>' : type === 'string' ? '' : 0));
  const { resourceVersion } = object.metadata;
  const empty = { ...definition, table: { columns, cells: () => cells } };
  return table(empty, [object], { resourceVersion }, { now: 0, include: 'Metadata', headers: false });
}

function shaped(object: KubeObject, { definition, shape, include }: View, first: boolean, now: number): object {
  if (shape === 'Table') {
    const { resourceVersion } = object.metadata;
    return table(definition, [object], { resourceVersion }, { now, include, headers: first });
  }
  return shape === 'as it is' ? object : partial(object);
}
