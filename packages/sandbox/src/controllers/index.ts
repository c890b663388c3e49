import { type Controller, type ControllerContext, runController } from './controller.js';
import { cronJobs } from './cronjob/cronjob.controller.js';
import { daemonSets } from './daemonset/daemonset.controller.js';
import { deployments } from './deployment/deployment.controller.js';
import { endpointSlices } from './endpoints/endpoint-slices.controller.js';
import { endpoints } from './endpoints/endpoints.controller.js';
import { garbageCollector } from './garbage/garbage-collector.controller.js';
import { jobs } from './job/job.controller.js';
import { namespaces } from './namespace/namespace.controller.js';
import { podGarbage } from './podgc/pod-gc.controller.js';
import { replicaSets, replicationControllers } from './replicaset/replicas.controller.js';
import { scheduler } from './scheduler/scheduler.controller.js';
import { rootCertificates, serviceAccounts } from './serviceaccount/service-accounts.controller.js';
import { statefulSets } from './statefulset/statefulset.controller.js';
import { ttlAfterFinished } from './ttl/ttl-after-finished.controller.js';

export type { ControllerContext } from './controller.js';

/**
 * In this order: what changes together is looked at in it. Replica sets come before Deployments, so that pods have been deleted before a rollout takes its
 * next step.
 */
const controllers: readonly ((context: ControllerContext) => Controller)[] = [
  serviceAccounts,
  rootCertificates,
  replicaSets,
  replicationControllers,
  deployments,
  scheduler,
  endpoints,
  endpointSlices,
  garbageCollector,
  namespaces,
  statefulSets,
  daemonSets,
  jobs,
  cronJobs,
  ttlAfterFinished,
  podGarbage,
];

/** Starts all controllers and the scheduler; answers what stops them. */
export function startControllers(context: ControllerContext): () => void {
  const stops = controllers.map((each) => runController(context, each(context)));
  return () => {
    for (const stop of stops) stop();
  };
}
