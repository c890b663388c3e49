import type { Change } from '../../api/api.js';
import { equal, type GroupResource } from '../../machinery/object.js';
import type { Controller, ControllerContext } from '../controller.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { itself } from '../parts/watch-keys.js';
import { quotaUsage } from './usage.js';

/** Counts again what quotas limit: admission only ever adds, this also takes away. */
export function resourceQuotas(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'resourcequota-controller' });

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key);
    const quota = api.get('resourcequotas', namespace, name);
    if (!quota || quota.metadata.deletionTimestamp) return;
    const used = quotaUsage(quota, {
      pods: api.list('pods', namespace),
      services: api.list('services', namespace),
      claims: api.list('persistentvolumeclaims', namespace),
      count: (resource) => context.api.list(resource, namespace).length,
    });
    const hard = { ...quota.spec.hard };
    if (equal(quota.status?.hard, hard) && equal(quota.status?.used, used)) return;
    api.changeStatus('resourcequotas', quota, (draft) => {
      draft.status = { hard, used };
    });
  }

  function concerned(resource: GroupResource, { type, object, old }: Change): string[] {
    if (!object.metadata.namespace || resource === 'events' || resource === 'resourcequotas') return [];
    const phase = (each: Change['object'] | undefined): unknown => (each?.status as { phase?: string } | undefined)?.phase;
    if (type === 'MODIFIED' && old && phase(old) === phase(object) && equal(old.spec, object.spec)) return [];
    return api.list('resourcequotas', object.metadata.namespace).map(keyOf);
  }

  return {
    name: 'resourcequota',
    watches: { resourcequotas: itself },
    watchesAll: concerned,
    initialKeys: () => api.list('resourcequotas').map(keyOf),
    reconcile,
  };
}
