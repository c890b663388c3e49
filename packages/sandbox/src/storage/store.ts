import type { Change } from '../api/api.js';
import { gone } from '../machinery/api-error.js';
import type { GroupResource, Stored } from '../machinery/object.js';
import { Collection } from './collection.js';
import { Packed } from './packed.js';
import { Interner } from './sharing.js';

/** A change with the revision that it made: what etcd would tell a watcher. */
export interface Committed {
  readonly revision: number;
  readonly resource: GroupResource;
  readonly change: Change;
}

const maxHistory = 10_000;

/**
 * What etcd and the watch cache are to the real one: every write makes a new revision, which becomes the object's resourceVersion; the last
 * 10,000 changes are remembered, so that a watch or a list can look at the recent past.
 */
export class Store {
  private readonly collections = new Map<GroupResource, Collection>();
  private readonly owned = new Map<string, Map<Stored['metadata']['uid'], Stored | Packed>>();
  private readonly listeners = new Map<GroupResource, Set<(committed: Committed) => void>>();
  private readonly allListeners = new Set<(committed: Committed) => void>();
  private readonly interner = new Interner();
  private history: Committed[] = [];
  private undelivered: Committed[] = [];
  private delivering = false;
  /** Nothing at or before it is remembered as a change. */
  private compacted = 0;
  private current: number;

  constructor(revision = 1) {
    this.current = revision;
    this.compacted = revision;
  }

  get revision(): number {
    return this.current;
  }

  get oldestRevision(): number {
    return this.compacted;
  }

  get(resource: GroupResource, namespace: string, name: string): Stored | undefined {
    return this.collections.get(resource)?.get(namespace, name);
  }

  list(resource: GroupResource, namespace?: string): readonly Stored[] {
    return this.collections.get(resource)?.list(namespace) ?? [];
  }

  resources(): readonly GroupResource[] {
    return [...this.collections.keys()];
  }

  /** What is held of a resource, in no order; what nobody has asked for yet stays packed. */
  entries(resource: GroupResource): Iterable<{ namespace: string; name: string; object: Stored | Packed }> {
    return this.collections.get(resource)?.entries() ?? [];
  }

  ownedBy(uid: string): readonly Stored[] {
    const children = this.owned.get(uid);
    if (!children) return [];
    for (const [child, object] of children) if (object instanceof Packed) children.set(child, this.unpacked(object));
    return [...(children.values() as Iterable<Stored>)];
  }

  /** The list as it was after `revision`. Throws 410 where the history does not reach back so far. */
  listAt(resource: GroupResource, namespace: string | undefined, revision: number): readonly Stored[] {
    if (revision < this.compacted) throw gone('The provided continue parameter is too old to display a consistent list result.');
    const later = this.since(resource, revision);
    if (later.length === 0) return this.list(resource, namespace);
    const past = new Map(this.list(resource, namespace).map((object) => [keyOf(object), object]));
    for (const { change } of later.reverse()) {
      const before = change.type === 'DELETED' ? (change.old ?? change.object) : change.old;
      if (namespace !== undefined && (change.object.metadata.namespace ?? '') !== namespace) continue;
      if (before) past.set(keyOf(before), before);
      else past.delete(keyOf(change.object));
    }
    return [...past.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** Changes after `revision`, oldest first. */
  since(resource: GroupResource, revision: number): Committed[] {
    let start = this.history.length;
    while (start > 0 && (this.history[start - 1]?.revision ?? 0) > revision) start -= 1;
    return this.history.slice(start).filter((each) => each.resource === resource);
  }

  /** Writes; `object` gets its resourceVersion and belongs to everybody from here on. */
  put(resource: GroupResource, object: Stored): Stored {
    const { namespace = '', name } = object.metadata;
    const old = this.get(resource, namespace, name);
    this.current += 1;
    object.metadata.resourceVersion = String(this.current);
    this.place(resource, object, old);
    this.commit(resource, old ? { type: 'MODIFIED', object, old } : { type: 'ADDED', object });
    return object;
  }

  /** Answers the object as it was, with the resourceVersion of its removal. */
  remove(resource: GroupResource, namespace: string, name: string): Stored | undefined {
    const old = this.get(resource, namespace, name);
    if (!old) return undefined;
    this.current += 1;
    this.collections.get(resource)?.remove(namespace, name);
    this.disown(old);
    const last: Stored = { ...old, metadata: { ...old.metadata, resourceVersion: String(this.current) } };
    this.commit(resource, { type: 'DELETED', object: last, old });
    return last;
  }

  /** Puts in what was kept from an earlier life: no change is told. */
  restore(resource: GroupResource, object: Stored): void {
    const { namespace = '', name } = object.metadata;
    this.place(resource, object, this.get(resource, namespace, name));
  }

  /** The same, not read before it is asked for. */
  restorePacked(packed: Packed): void {
    const { resource, uid, owners } = packed.address;
    this.collection(resource).keep(packed);
    for (const owner of owners) this.childrenOf(owner).set(uid, packed);
  }

  restoreRevision(revision: number): void {
    this.current = Math.max(this.current, revision);
    this.compacted = this.current;
  }

  /** Forgets what was before now: watches from before are answered 410. */
  compact(): void {
    this.history = [];
    this.compacted = this.current;
  }

  onChange(resource: GroupResource, listener: (committed: Committed) => void): () => void {
    let listeners = this.listeners.get(resource);
    if (!listeners) {
      listeners = new Set();
      this.listeners.set(resource, listeners);
    }
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  onAnyChange(listener: (committed: Committed) => void): () => void {
    this.allListeners.add(listener);
    return () => this.allListeners.delete(listener);
  }

  private place(resource: GroupResource, object: Stored, old: Stored | undefined): void {
    this.intern(object);
    this.collection(resource).put(object);
    if (old) this.disown(old);
    for (const { uid } of object.metadata.ownerReferences ?? []) this.childrenOf(uid).set(object.metadata.uid, object);
  }

  private childrenOf(uid: string): Map<Stored['metadata']['uid'], Stored | Packed> {
    let children = this.owned.get(uid);
    if (!children) {
      children = new Map();
      this.owned.set(uid, children);
    }
    return children;
  }

  private unpacked({ address: { resource, namespace, name } }: Packed): Stored {
    const object = this.get(resource, namespace, name);
    if (!object) throw new Error(`${resource}/${namespace}/${name} is owned and not there`);
    return object;
  }

  private collection(resource: GroupResource): Collection {
    let collection = this.collections.get(resource);
    if (!collection) {
      collection = new Collection((packed) => {
        const object = packed.unpack();
        this.intern(object);
        return object;
      });
      this.collections.set(resource, collection);
    }
    return collection;
  }

  /** What many objects have in common is held once. */
  private intern({ metadata }: Stored): void {
    const { managedFields, labels, ownerReferences } = metadata;
    if (labels) metadata.labels = this.interner.of(labels);
    if (ownerReferences) metadata.ownerReferences = this.interner.of(ownerReferences);
    if (Array.isArray(managedFields)) metadata.managedFields = managedFields.map((entry) => this.interner.of(entry, 'fieldsV1'));
  }

  private disown(object: Stored): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const children = this.owned.get(uid);
      children?.delete(object.metadata.uid);
      if (children?.size === 0) this.owned.delete(uid);
    }
  }

  private commit(resource: GroupResource, change: Change): void {
    const committed = { revision: this.current, resource, change };
    this.history.push(committed);
    if (this.history.length > maxHistory * 1.2) {
      const cut = this.history.length - maxHistory;
      this.compacted = this.history[cut - 1]?.revision ?? this.compacted;
      this.history = this.history.slice(cut);
    }
    this.undelivered.push(committed);
    if (!this.delivering) this.deliver();
  }

  /** A listener that writes does not overtake: every listener sees every change in the order of the revisions. A mistake in one keeps nothing from the others. */
  private deliver(): void {
    this.delivering = true;
    const mistakes: unknown[] = [];
    for (let next = this.undelivered.shift(); next; next = this.undelivered.shift()) {
      for (const listener of [...this.allListeners, ...(this.listeners.get(next.resource) ?? [])]) {
        try {
          listener(next);
        } catch (error) {
          mistakes.push(error);
        }
      }
    }
    this.delivering = false;
    if (mistakes.length > 0) throw mistakes[0];
  }
}

const keyOf = ({ metadata }: Stored): string => `${metadata.namespace ?? ''}/${metadata.name}`;
