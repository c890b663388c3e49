import type { KubeObject } from '@fairlead/kube/protocol';
import type { GroupResource, Stored } from '../machinery/object.js';
import type { UserInfo } from '../machinery/user.js';
import type { Registry } from '../registry/registry.js';

export interface WriteOptions {
  /** Who; the sandbox itself (`system:masters`) where it is missing. Rights are asked at the door, not here; admission sees it. */
  user?: UserInfo;
  /** For managedFields; default `sandbox`. Controllers say `kube-controller-manager`, the kubelet `kubelet`, the scheduler `kube-scheduler`. */
  fieldManager?: string;
  subresource?: string;
  dryRun?: boolean;
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  /** Called with each warning that belongs into a Warning header. */
  onWarning?: (text: string) => void;
}

export interface DeleteOptions extends WriteOptions {
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
}

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: Stored;
  /** What stood there before; not for ADDED. */
  old?: Stored;
}

/** Alters a draft; false: it is left as it was. */
// biome-ignore lint/suspicious/noConfusingVoidType: most changes answer nothing at all
export type Alter<T> = (draft: T) => void | false;

/**
 * The API server from the inside: everything that the HTTP door does, without HTTP and rights. One process, one thread: every call is complete
 * when it returns, and nobody can come between a read and the write after it in the same turn. Refusals are thrown as ApiError.
 * Objects that come out are shared and never changed (`Stored`); objects that go in become the API's. Versions: the stored one.
 * `namespace` is '' for what has none.
 */
export interface Api {
  readonly registry: Registry;
  now(): number;

  get(resource: GroupResource, namespace: string, name: string): Stored | undefined;
  /** In the order of namespace and name. All namespaces where none is given. */
  list(resource: GroupResource, namespace?: string): readonly Stored[];
  /** Objects whose ownerReferences name this uid, of any resource. */
  ownedBy(uid: string): readonly Stored[];

  create(resource: GroupResource, object: KubeObject, options?: WriteOptions): Stored;
  /** Replaces; a resourceVersion in the object must be the current one. Nothing is written where nothing changed. */
  update(resource: GroupResource, object: KubeObject, options?: WriteOptions): Stored;
  /** Reads, lets `change` alter a draft, and writes it if it altered anything. Undefined where the object is not there (or `change` answers false: leave it). */
  change(resource: GroupResource, namespace: string, name: string, change: Alter<KubeObject>, options?: WriteOptions): Stored | undefined;
  /** Answers the object as it is left (with deletionTimestamp), or as it was. Throws NotFound. */
  delete(resource: GroupResource, namespace: string, name: string, options?: DeleteOptions): Stored;

  /** Calls after every committed change of that resource, in order, in the same turn: a listener only notes what to do. Answers its undo. */
  onChange(resource: GroupResource, listener: (change: Change) => void): () => void;
  /** The same for every resource. */
  onAnyChange(listener: (resource: GroupResource, change: Change) => void): () => void;

  /** events.k8s.io semantics as the recorder in client-go: repeats of the same event raise its count. */
  recordEvent(event: RecordedEvent): void;
}

export interface RecordedEvent {
  about: KubeObject;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  /** `deployment-controller`, `default-scheduler`, `kubelet`. */
  component: string;
  host?: string;
  /** `spec.containers{web}` */
  fieldPath?: string;
  /** Events of the newer recorder (the scheduler's) say what was done, and count repeats as a series; the note of the first one stays. */
  action?: string;
}
