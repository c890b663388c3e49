import type { Again, Controller, ControllerContext } from '../controller.js';
import { endedBy } from '../job/job-decision.js';
import type { Job } from '../model/batch.js';
import { findCondition } from '../parts/conditions.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { isBeingDeleted } from '../parts/owner.js';
import { itself } from '../parts/watch-keys.js';

/** Deletes jobs some time after they have ended, where they say so. */
export function ttlAfterFinished(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'ttl-after-finished-controller' });
  return {
    name: 'ttl-after-finished',
    watches: { 'jobs.batch': itself },
    initialKeys: () => api.list('jobs.batch').map(keyOf),
    reconcile(key): Again | undefined {
      const { namespace, name } = splitKey(key);
      const job = api.get('jobs.batch', namespace, name);
      const left = job && !isBeingDeleted(job) ? timeLeft(job, api.now()) : undefined;
      if (!job || left === undefined) return undefined;
      if (left > 0) return { againAfterMs: left };
      api.delete('jobs.batch', job, { propagationPolicy: 'Foreground' });
      return undefined;
    },
  };
}

function timeLeft({ spec, status }: Job, now: number): number | undefined {
  const ended = endedBy(status);
  if (spec.ttlSecondsAfterFinished === undefined || !ended) return undefined;
  const at = Date.parse(findCondition(status?.conditions, ended)?.lastTransitionTime ?? '');
  return Number.isNaN(at) ? undefined : at + spec.ttlSecondsAfterFinished * 1000 - now;
}
