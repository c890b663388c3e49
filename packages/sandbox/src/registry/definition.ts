import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api } from '../api/api.js';
import type { FieldError } from '../machinery/field-error.js';
import type { GroupResource } from '../machinery/object.js';
import type { UserInfo } from '../machinery/user.js';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export const allVerbs: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What a strategy may look at. `now` is the sandbox's clock. */
export interface WriteContext {
  api: Api;
  user: UserInfo;
  now: number;
  dryRun: boolean;
}

/** metav1.TableColumnDefinition. */
export interface TableColumn {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format: '' | 'name';
  description: string;
  /** 0: always; 1: only with `-o wide`. */
  priority: number;
}
export type Cell = string | number | boolean | null;

/**
 * A resource that the sandbox serves: what client-go calls a resource, and what its registry strategy does with it. One object per version
 * served; `storage` names where the objects are, so that two versions (or events' two groups) can share them. All functions are pure but for
 * what they look up through `context.api`; those that take a draft change it in place.
 */
export interface ResourceDefinition {
  group: string;
  version: string;
  /** Plural, lower case. */
  resource: string;
  singular: string;
  kind: string;
  namespaced: boolean;
  shortNames?: readonly string[];
  categories?: readonly string[];
  verbs: readonly Verb[];
  /** Made by a CustomResourceDefinition. */
  custom?: boolean;
  /** Where the objects live: `groupResource(group, resource)` unless another definition's. They are stored in that definition's version. */
  storage: GroupResource;
  /** Between this version and the stored one, where they differ (autoscaling/v1 and v2, events). apiVersion and kind are set by the caller. */
  convert?: { toStored(object: KubeObject): KubeObject; fromStored(object: KubeObject): KubeObject };

  /**
   * Nothing of it is stored. `answer`: a creation is a question (reviews); what comes back is sent, 201. `computed`: made when it is read (metrics); only
   * get and list.
   */
  answer?(object: KubeObject, context: WriteContext): KubeObject;
  computed?: { get(namespace: string, name: string): KubeObject | undefined; list(namespace: string | undefined): readonly KubeObject[] };

  /** AllowUnconditionalUpdate: whether an update may come without a resourceVersion. Default true; false for custom resources, leases, PDBs. */
  unconditionalUpdate?: boolean;
  /** AllowCreateOnUpdate: whether a PUT to a name that is not there creates it. Default false; true for leases, roles and bindings, services, … */
  createOnUpdate?: boolean;
  /** Whether DELETE answers the object as it was instead of a Status. The object that only got a deletionTimestamp is answered anyway. */
  returnsDeleted?: boolean;

  /** Why a name is not one, in the API server's words; names are DNS-1123 subdomains where this is missing. */
  nameProblem?(name: string): string | undefined;
  /** Whether a change of `spec` (or of whatever it names) makes a new generation. Default: objects with `spec` have generations. */
  hasGeneration?: boolean;

  /** Values that the API server fills in. Runs before admission, on create, update and patch; sees the object alone. */
  setDefaults?(object: KubeObject): void;
  /** What a creation may not say for itself (status is dropped anyway where there is a status subresource), and what the server decides: a Service's clusterIP. */
  prepareForCreate?(object: KubeObject, context: WriteContext): void;
  /** On an update of the main resource; status has been taken from `old` already where there is a status subresource. */
  prepareForUpdate?(object: KubeObject, old: KubeObject, context: WriteContext): void;
  validate?(object: KubeObject, context: WriteContext): FieldError[];
  /** Besides `validate`: immutable fields. */
  validateUpdate?(object: KubeObject, old: KubeObject, context: WriteContext): FieldError[];
  /** The rules of this version, where they are others than those of the stored one (events). Takes the stored form; `old` is missing for a creation. */
  validateAs?(object: KubeObject, old: KubeObject | undefined): FieldError[];
  /** Said in a Warning header of every answer: the version is deprecated. */
  deprecationWarning?: string;
  /** A stored object as it is read, where its schema has changed since: with defaults that came later. Answers the same for the same object. */
  shown?(object: KubeObject): KubeObject;
  /** Texts for Warning headers. */
  warnings?(object: KubeObject, old: KubeObject | undefined): string[];

  /** Fields for `fieldSelector` besides metadata.name and metadata.namespace, with their values as text. */
  selectableFields?: Readonly<Record<string, (object: KubeObject) => string>>;

  /** For `as=Table`. Without it: Name and Age (Created At for custom resources without columns is `Age` as well). */
  table?: { columns: readonly TableColumn[]; cells(object: KubeObject, now: number): Cell[] };

  subresources: Readonly<Record<string, Subresource>>;
}

/** What may come after a name. `status` and its like change part of the object; the others are acts. */
export type Subresource =
  | {
      type: 'part';
      verbs: readonly Verb[];
      /** Takes from `object` only what the subresource may change: `status`, a pod's `spec.ephemeralContainers`, a namespace's `spec.finalizers`. */
      prepareForUpdate(object: KubeObject, old: KubeObject, context: WriteContext): void;
      validateUpdate?(object: KubeObject, old: KubeObject, context: WriteContext): FieldError[];
    }
  | {
      /** autoscaling/v1 Scale. Paths as in a CustomResourceDefinition: `.spec.replicas`. */
      type: 'scale';
      specReplicasPath: string;
      statusReplicasPath: string;
      /** A path to a LabelSelector or a string. */
      labelSelectorPath?: string;
    }
  | {
      /** POST of a body of another kind: pods/eviction, pods/binding, serviceaccounts/token. Answers the object to send back, with its code. */
      type: 'act';
      kind: { group: string; version: string; kind: string };
      act(parent: KubeObject, body: KubeObject, context: WriteContext): { code: number; object: object };
    }
  | {
      /** Streams: log, exec, attach, portforward, proxy; answered by the handler of that name (`streams/handler.ts`). */
      type: 'connect';
      verbs: readonly ('get' | 'create' | 'update' | 'patch' | 'delete')[];
      kind: string;
    };
