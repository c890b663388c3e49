import type { Stored } from '../machinery/object.js';

/** The objects of one namespace in the order of their names; put in order when somebody first looks. */
class Shelf {
  private readonly byName = new Map<string, Stored>();
  private sorted: Stored[] | undefined;
  private lent = false;

  get(name: string): Stored | undefined {
    return this.byName.get(name);
  }

  get size(): number {
    return this.byName.size;
  }

  /** The array stays as it is, whatever is written later. */
  list(): readonly Stored[] {
    this.sorted ??= [...this.byName.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    this.lent = true;
    return this.sorted;
  }

  put(object: Stored): void {
    const { name } = object.metadata;
    const isNew = !this.byName.has(name);
    this.byName.set(name, object);
    if (!this.sorted) return;
    const sorted = this.own(this.sorted);
    sorted.splice(position(sorted, name), isNew ? 0 : 1, object);
  }

  remove(name: string): void {
    if (!this.byName.delete(name) || !this.sorted) return;
    const sorted = this.own(this.sorted);
    sorted.splice(position(sorted, name), 1);
  }

  /** Copied once after somebody took it. */
  private own(sorted: Stored[]): Stored[] {
    const own = this.lent ? sorted.slice() : sorted;
    this.sorted = own;
    this.lent = false;
    return own;
  }
}

function position(sorted: readonly Stored[], name: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle]?.metadata.name ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All objects of one resource, in etcd's order: the keys `namespace/name` byte by byte. */
export class Collection {
  private readonly shelves = new Map<string, Shelf>();
  private all: readonly Stored[] | undefined;

  get(namespace: string, name: string): Stored | undefined {
    return this.shelves.get(namespace)?.get(name);
  }

  list(namespace?: string): readonly Stored[] {
    if (namespace !== undefined) return this.shelves.get(namespace)?.list() ?? [];
    this.all ??= [...this.shelves.entries()].sort(([a], [b]) => (`${a}/` < `${b}/` ? -1 : 1)).flatMap(([, shelf]) => shelf.list());
    return this.all;
  }

  put(object: Stored): void {
    const namespace = object.metadata.namespace ?? '';
    let shelf = this.shelves.get(namespace);
    if (!shelf) {
      shelf = new Shelf();
      this.shelves.set(namespace, shelf);
    }
    shelf.put(object);
    this.all = undefined;
  }

  remove(namespace: string, name: string): void {
    const shelf = this.shelves.get(namespace);
    shelf?.remove(name);
    if (shelf?.size === 0) this.shelves.delete(namespace);
    this.all = undefined;
  }
}
