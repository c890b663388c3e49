import type { Stored } from '../machinery/object.js';

/** The objects of one namespace in the order of their names. */
class Shelf {
  private readonly byName = new Map<string, Stored>();
  private sorted: Stored[] = [];
  private lent = false;

  get(name: string): Stored | undefined {
    return this.byName.get(name);
  }

  get size(): number {
    return this.byName.size;
  }

  /** The array stays as it is, whatever is written later. */
  list(): readonly Stored[] {
    this.lent = true;
    return this.sorted;
  }

  put(object: Stored): void {
    const { name } = object.metadata;
    const isNew = !this.byName.has(name);
    this.byName.set(name, object);
    this.own();
    const at = this.position(name);
    this.sorted.splice(at, isNew ? 0 : 1, object);
  }

  remove(name: string): void {
    if (!this.byName.delete(name)) return;
    this.own();
    this.sorted.splice(this.position(name), 1);
  }

  private own(): void {
    if (this.lent) this.sorted = this.sorted.slice();
    this.lent = false;
  }

  private position(name: string): number {
    let [low, high] = [0, this.sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.sorted[middle]?.metadata.name ?? '') < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
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
