import { type Controller, type ControllerContext, runController } from './controller.js';
import { cronJobs } from './cronjob/cronjob.controller.js';
import { daemonSets } from './daemonset/daemonset.controller.js';
import { deployments } from './deployment/deployment.controller.js';
import { disruptionBudgets } from './disruption/disruption.controller.js';
import { endpointMirrors } from './endpoints/endpoint-mirrors.controller.js';
import { endpointSlices } from './endpoints/endpoint-slices.controller.js';
import { endpoints } from './endpoints/endpoints.controller.js';
import { garbageCollector } from './garbage/garbage-collector.controller.js';
import { autoscalers } from './hpa/hpa.controller.js';
import { ingressStatus } from './ingress/ingress-status.controller.js';
import { jobs } from './job/job.controller.js';
import { namespaces } from './namespace/namespace.controller.js';
import { nodeLifecycle } from './node/node-lifecycle.controller.js';
import { taintEviction } from './node/taint-eviction.controller.js';
import { podGarbage } from './podgc/pod-gc.controller.js';
import { resourceQuotas } from './quota/resource-quota.controller.js';
import { replicaSets, replicationControllers } from './replicaset/replicas.controller.js';
import { scheduler } from './scheduler/scheduler.controller.js';
import { rootCertificates, serviceAccounts } from './serviceaccount/service-accounts.controller.js';
import { statefulSets } from './statefulset/statefulset.controller.js';
import { ttlAfterFinished } from './ttl/ttl-after-finished.controller.js';
import { localVolumes } from './volumes/local-provisioner.controller.js';
import { volumeProtection } from './volumes/protection.controller.js';
import { volumeBinder } from './volumes/volume-binder.controller.js';

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
  endpointMirrors,
  garbageCollector,
  namespaces,
  statefulSets,
  daemonSets,
  jobs,
  cronJobs,
  ttlAfterFinished,
  podGarbage,
  autoscalers,
  disruptionBudgets,
  resourceQuotas,
  nodeLifecycle,
  taintEviction,
  volumeBinder,
  localVolumes,
  volumeProtection,
  ingressStatus,
];

/** Starts the controllers of all that is served (the first kind that one watches is its own); answers what stops them. */
export function startControllers(context: ControllerContext): () => void {
  const served = new Set(context.api.registry.all().map((each) => each.storage));
  const made = controllers.map((each) => each(context)).filter(({ watches }) => served.has(Object.keys(watches)[0] ?? 'pods'));
  const stops = made.map((each) => runController(context, each));
  return () => {
    for (const stop of stops) stop();
  };
}
