import type { changeApp } from '@fairlead/shared';
import type { Answer, QueryOf } from '../../platform/http/implements.js';
import type { ProjectCall } from '../access/index.js';
import type { Outcome } from './apps.service.js';
import type { Rollouts } from './rollouts/rollouts.service.js';

/** What a changing act answers, noted for the audit; with `?wait=` once its rollout has ended. */
export async function accepted(rollouts: Rollouts, call: ProjectCall, { app, revision }: Outcome): Answer<typeof changeApp> {
  const { note, audit, reply, request, query } = call;
  Object.assign(note, { name: app.name, cluster: app.cluster, namespace: app.namespace, summary: revision.summary });
  reply.header('etag', `"${revision.number}"`);
  const { wait } = query as QueryOf<typeof changeApp>;
  if (wait === undefined || revision.cause === 'delete') return { app, revision, rollout: null, auditId: audit.id };
  const gone = new AbortController();
  request.raw.once('close', () => gone.abort());
  return { app, revision, rollout: await rollouts.get(app, revision.number, wait, gone.signal), auditId: audit.id };
}
