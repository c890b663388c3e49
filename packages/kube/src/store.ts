import { type KubeObject, objectKey } from './objects.js';

export type Change =
  | { type: 'put'; key: string; object: KubeObject; old?: KubeObject }
  | { type: 'remove'; key: string; object: KubeObject; old?: KubeObject };

export type Listener<T> = (event: T) => void;

/** The objects of one resource, by key and by namespace. Reading is free of copies: treat what you get as frozen. */
export class ObjectStore {
  private readonly objects = new Map<string, KubeObject>();
  private readonly namespaces = new Map<string, Map<string, KubeObject>>();

  constructor(private readonly emit: (change: Change) => void) {}

  get size(): number {
    return this.objects.size;
  }

  get(key: string): KubeObject | undefined {
    return this.objects.get(key);
  }

  list(): KubeObject[] {
    return [...this.objects.values()];
  }

  byNamespace(namespace: string): KubeObject[] {
    return [...(this.namespaces.get(namespace)?.values() ?? [])];
  }

  /** Tells nobody when the very same version is already there. */
  put(object: KubeObject): void {
    const key = objectKey(object);
    const old = this.objects.get(key);
    if (old && sameVersion(old, object)) return;
    this.objects.set(key, object);
    this.index(object).set(key, object);
    this.emit({ type: 'put', key, object, ...(old ? { old } : {}) });
  }

  remove(key: string): void {
    const old = this.objects.get(key);
    if (!old) return;
    this.objects.delete(key);
    const index = this.index(old);
    index.delete(key);
    if (index.size === 0) this.namespaces.delete(old.metadata.namespace ?? '');
    this.emit({ type: 'remove', key, object: old, old });
  }

  /** Becomes exactly `objects`; only what differs is told. */
  replace(objects: Iterable<KubeObject>): void {
    const next = new Map<string, KubeObject>();
    for (const object of objects) next.set(objectKey(object), object);
    for (const key of [...this.objects.keys()]) if (!next.has(key)) this.remove(key);
    for (const object of next.values()) this.put(object);
  }

  /** Forgets everything and tells nobody. */
  clear(): void {
    this.objects.clear();
    this.namespaces.clear();
  }

  private index({ metadata: { namespace = '' } }: KubeObject): Map<string, KubeObject> {
    const index = this.namespaces.get(namespace) ?? new Map<string, KubeObject>();
    this.namespaces.set(namespace, index);
    return index;
  }
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Cuts, in place, what never enters a store: managedFields of everything; of Secrets every place that can hold a value. */
export function stripForStore(object: KubeObject, resource: { group: string; resource: string }): KubeObject {
  delete object.metadata.managedFields;
  if (resource.group === '' && resource.resource === 'secrets') {
    delete object.data;
    delete object.stringData;
    // kubectl apply copies the whole object, values too, into this annotation.
    if (object.metadata.annotations) delete object.metadata.annotations[lastApplied];
  }
  return object;
}

function sameVersion(a: KubeObject, b: KubeObject): boolean {
  const version = a.metadata.resourceVersion;
  return version !== undefined && version !== '' && version === b.metadata.resourceVersion && a.metadata.uid === b.metadata.uid;
}
