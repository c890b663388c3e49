import type { KubeObject } from '@fairlead/kube/protocol';
import type { Alter, Api, DeleteOptions } from '../../api/api.js';
import { ApiError } from '../../machinery/api-error.js';
import { controllerUser } from '../../machinery/user.js';
import type { ControllerContext } from '../controller.js';
import type { Kinds } from '../model/kinds.js';
import { isControlledBy } from './owner.js';

interface Identity {
  /** Its service account in kube-system: `deployment-controller`. */
  account: string;
  /** Who the events say they come from; the account unless the real one differs. */
  component?: string;
  fieldManager?: string;
}

/** The API as one controller sees it: objects with their shapes, and every write under the controller's own name. */
export class ControllerApi {
  private readonly api: Api;
  private readonly options: { user: ReturnType<typeof controllerUser>; fieldManager: string };
  private readonly component: string;

  constructor(context: ControllerContext, { account, component = account, fieldManager = 'kube-controller-manager' }: Identity) {
    this.api = context.api;
    this.options = { user: controllerUser(account), fieldManager };
    this.component = component;
  }

  now(): number {
    return this.api.now();
  }

  get<K extends keyof Kinds>(resource: K, namespace: string, name: string): Kinds[K] | undefined {
    return this.api.get(resource, namespace, name) as Kinds[K] | undefined;
  }

  list<K extends keyof Kinds>(resource: K, namespace?: string): readonly Kinds[K][] {
    return this.api.list(resource, namespace) as unknown as readonly Kinds[K][];
  }

  /** Objects of one kind that this one manages. */
  controlled<K extends keyof Kinds>(_resource: K, kind: string, owner: KubeObject): Kinds[K][] {
    const owned = this.api.ownedBy(owner.metadata.uid ?? '').filter((each) => each.kind === kind && isControlledBy(each, owner));
    return owned as unknown as Kinds[K][];
  }

  create<K extends keyof Kinds>(resource: K, object: Kinds[K]): Kinds[K] {
    return this.api.create(resource, object, this.options) as unknown as Kinds[K];
  }

  /** Of the object as it is now. Undefined where it is gone, or `change` answered false. */
  change<K extends keyof Kinds>(resource: K, of: KubeObject, change: Alter<Kinds[K]>, subresource?: string): Kinds[K] | undefined {
    const { namespace = '', name, uid } = of.metadata;
    const options = subresource === undefined ? this.options : { ...this.options, subresource };
    const apply: Alter<KubeObject> = (draft) => (draft.metadata.uid === uid ? change(draft as Kinds[K]) : false);
    return this.api.change(resource, namespace, name, apply, options) as Kinds[K] | undefined;
  }

  changeStatus<K extends keyof Kinds>(resource: K, of: KubeObject, change: Alter<Kinds[K]>): Kinds[K] | undefined {
    return this.change(resource, of, change, 'status');
  }

  /** That very object; answers whether it was there. */
  delete(resource: keyof Kinds, of: KubeObject, options: Omit<DeleteOptions, 'user' | 'fieldManager'> = {}): boolean {
    const { namespace = '', name, uid } = of.metadata;
    try {
      this.api.delete(resource, namespace, name, { ...this.options, ...(uid ? { preconditions: { uid } } : {}), ...options });
      return true;
    } catch (error) {
      if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) return false;
      throw error;
    }
  }

  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, action?: string): void {
    const host = action ? `${this.component}-sandbox` : undefined;
    this.api.recordEvent({
      about,
      type,
      reason,
      message,
      component: this.component,
      ...(host ? { host } : {}),
      ...(action ? { action } : {}),
    });
  }
}

export const isReason = (error: unknown, reason: string): error is ApiError => error instanceof ApiError && error.reason === reason;

/** What every creation in a namespace that is on its way out is answered: nothing is to be done about it. */
export const isTerminatingNamespace = (error: unknown): boolean =>
  error instanceof ApiError && (error.status.details?.causes ?? []).some((each) => each.reason === 'NamespaceTerminating');
