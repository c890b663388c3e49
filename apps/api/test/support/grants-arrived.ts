import { until } from './cluster.js';
import type { Session } from './fairlead.js';

/** A grant is a promise until the cluster has its binding: waits for those of a whole project. */
export const grantsArrived = (admin: Session, project: string, withinMs: number) =>
  until(
    withinMs,
    async () =>
      (await admin.get(`/projects/${project}/grants`)).body.items.flatMap((each: { pending: string[] }) => each.pending) as string[],
    (pending) => pending.length === 0,
  );
