import type { Stored } from '../machinery/object.js';
import { Packed } from './packed.js';

/** The objects of one namespace in the order of their names; read and put in order when somebody first looks. */
class Shelf {
  private readonly byName = new Map<string, Stored | Packed>();
  private sorted: Stored[] | undefined;
  private lent = false;

  constructor(private readonly unpack: (packed: Packed) => Stored) {}

  get(name: string): Stored | undefined {
    const found = this.byName.get(name);
    return found instanceof Packed ? this.opened(name, found) : found;
  }

  get size(): number {
    return this.byName.size;
  }

  /** The array stays as it is, whatever is written later. */
  list(): readonly Stored[] {
    this.sorted ??= this.read().sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
    this.lent = true;
    return this.sorted;
  }

  /** In no order. */
  entries(): Iterable<[name: string, object: Stored | Packed]> {
    return this.byName.entries();
  }

  keep(packed: Packed): void {
    this.byName.set(packed.address.name, packed);
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

  private read(): Stored[] {
    return [...this.byName].map(([name, each]) => (each instanceof Packed ? this.opened(name, each) : each));
  }

  private opened(name: string, packed: Packed): Stored {
    const object = this.unpack(packed);
    this.byName.set(name, object);
    return object;
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

  /** `unpack` reads what was kept packed, when it is first asked for. */
  constructor(private readonly unpack: (packed: Packed) => Stored) {}

  get(namespace: string, name: string): Stored | undefined {
    return this.shelves.get(namespace)?.get(name);
  }

  list(namespace?: string): readonly Stored[] {
    if (namespace !== undefined) return this.shelves.get(namespace)?.list() ?? [];
    this.all ??= [...this.shelves.entries()].sort(([a], [b]) => (`${a}/` < `${b}/` ? -1 : 1)).flatMap(([, shelf]) => shelf.list());
    return this.all;
  }

  /** What stands there, packed or not: nothing is read for it. In no order. */
  *entries(): Iterable<{ namespace: string; name: string; object: Stored | Packed }> {
    for (const [namespace, shelf] of this.shelves) for (const [name, object] of shelf.entries()) yield { namespace, name, object };
  }

  put(object: Stored): void {
    this.shelf(object.metadata.namespace ?? '').put(object);
    this.all = undefined;
  }

  /** Only before anybody looked: there is nothing of that name yet. */
  keep(packed: Packed): void {
    this.shelf(packed.address.namespace).keep(packed);
  }

  remove(namespace: string, name: string): void {
    const shelf = this.shelves.get(namespace);
    shelf?.remove(name);
    if (shelf?.size === 0) this.shelves.delete(namespace);
    this.all = undefined;
  }

  private shelf(namespace: string): Shelf {
    let shelf = this.shelves.get(namespace);
    if (!shelf) {
      shelf = new Shelf(this.unpack);
      this.shelves.set(namespace, shelf);
    }
    return shelf;
  }
}
