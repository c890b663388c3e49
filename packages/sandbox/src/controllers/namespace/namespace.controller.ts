import { ApiError } from '../../machinery/api-error.js';
import { equal, type Stored } from '../../machinery/object.js';
import { controllerUser } from '../../machinery/user.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { Namespace } from '../model/cluster.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf } from '../parts/keys.js';
import { itself } from '../parts/watch-keys.js';
import { deletionConditions, type Remaining } from './namespace-conditions.js';

/** The real one gives late writers that long. */
const graceMs = 5_000;
const finalizer = 'kubernetes';

/** Empties a namespace that is being deleted, its pods first, and lets it go when nothing is left. */
export function namespaces(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'namespace-controller' });
  const user = controllerUser('namespace-controller');

  function reconcile(name: string): Again | undefined {
    const namespace = api.get('namespaces', '', name);
    const since = Date.parse(namespace?.metadata.deletionTimestamp ?? '');
    if (!namespace || Number.isNaN(since) || !namespace.spec?.finalizers?.includes(finalizer)) return undefined;
    const wait = since + graceMs - api.now();
    if (wait > 0) return { againAfterMs: wait };
    const { remaining, seconds } = empty(name);
    setConditions(namespace, remaining);
    if (remaining.resources.size > 0 || remaining.failures.length > 0) return { againAfterMs: (Math.floor(seconds / 2) + 1) * 1000 };
    finalize(namespace);
    return undefined;
  }

  function empty(namespace: string): { remaining: Remaining; seconds: number } {
    const kinds = contentKinds();
    const pods = kinds.filter((each) => each.storage === 'pods');
    const others = kinds.filter((each) => each.storage !== 'pods');
    const first = deleteAll(pods, namespace);
    return first.remaining.resources.size > 0 ? first : deleteAll(others, namespace);
  }

  /** Every namespaced resource once, whatever versions it has. */
  function contentKinds(): ResourceDefinition[] {
    const seen = new Set<string>();
    return context.api.registry.all().filter((each) => {
      const isContent = each.namespaced && each.verbs.includes('delete') && !seen.has(each.storage);
      if (isContent) seen.add(each.storage);
      return isContent;
    });
  }

  function deleteAll(kinds: readonly ResourceDefinition[], namespace: string): { remaining: Remaining; seconds: number } {
    const resources = new Map<string, number>();
    const finalizers = new Map<string, number>();
    const failures: string[] = [];
    let seconds = 0;
    for (const kind of kinds) {
      for (const object of context.api.list(kind.storage, namespace)) {
        const left = deleteOne(kind, object, failures);
        if (!left) continue;
        const name = `${kind.resource}.${kind.group}`;
        resources.set(name, (resources.get(name) ?? 0) + 1);
        for (const each of left.metadata.finalizers ?? []) finalizers.set(each, (finalizers.get(each) ?? 0) + 1);
        const grace = left.metadata.deletionGracePeriodSeconds;
        seconds = Math.max(seconds, left.metadata.finalizers?.length ? 15 : typeof grace === 'number' ? grace : 0);
      }
    }
    return { remaining: { resources, finalizers, failures }, seconds };
  }

  /** Answers the object where it is still there. */
  function deleteOne({ storage }: ResourceDefinition, { metadata }: Stored, failures: string[]): Stored | undefined {
    const { namespace = '', name } = metadata;
    try {
      context.api.delete(storage, namespace, name, { user, propagationPolicy: 'Background' });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.reason !== 'NotFound') failures.push(error.message);
    }
    return context.api.get(storage, namespace, name);
  }

  function setConditions(namespace: Namespace, remaining: Remaining): void {
    const conditions = deletionConditions(namespace.status?.conditions, remaining, api.now());
    if (equal(conditions, namespace.status?.conditions)) return;
    api.changeStatus('namespaces', namespace, (draft) => {
      draft.status = { ...draft.status, phase: 'Terminating', conditions };
    });
  }

  function finalize(namespace: Namespace): void {
    api.change(
      'namespaces',
      namespace,
      (draft) => {
        draft.spec = { ...draft.spec, finalizers: (draft.spec?.finalizers ?? []).filter((each) => each !== finalizer) };
      },
      'finalize',
    );
  }

  return { name: 'namespace', watches: { namespaces: itself }, initialKeys: () => api.list('namespaces').map(keyOf), reconcile };
}
