import type { ResourceDefinition } from '../registry/definition.js';
import { controllerRevisions } from './apps/controllerrevisions.js';
import { daemonSets } from './apps/daemonsets.js';
import { deployments } from './apps/deployments.js';
import { replicaSets } from './apps/replicasets.js';
import { statefulSets } from './apps/statefulsets.js';
import { autoscalers, autoscalersV1 } from './autoscaling/horizontalpodautoscalers.js';
import { cronJobs } from './batch/cronjobs.js';
import { jobs } from './batch/jobs.js';
import { leases } from './coordination/leases.js';
import { bindings } from './core/bindings.js';
import { configMaps, secrets } from './core/config-data.js';
import { endpoints } from './core/endpoints.js';
import { namespaces } from './core/namespaces.js';
import { nodes } from './core/nodes.js';
import { pods } from './core/pods/pods.js';
import { podTemplates } from './core/podtemplates.js';
import { replicationControllers } from './core/replicationcontrollers.js';
import { services } from './core/services/services.js';
import { persistentVolumeClaims } from './core/volumes/persistentvolumeclaims.js';
import { persistentVolumes } from './core/volumes/persistentvolumes.js';
import { endpointSlices } from './discovery/endpointslices.js';
import { coreEvents, events } from './events/events.js';
import { ingressClasses } from './networking/ingressclasses.js';
import { ingresses } from './networking/ingresses.js';
import { networkPolicies } from './networking/networkpolicies.js';
import { podDisruptionBudgets } from './policy/poddisruptionbudgets.js';
import { priorityClasses } from './scheduling/priorityclasses.js';
import { storageClasses } from './storage/storageclasses.js';

/** All that a cluster serves whoever may use it: without accounts, rights, quotas and custom resources, which need more than these. */
export function builtInKinds(): ResourceDefinition[] {
  return [
    bindings,
    configMaps,
    endpoints,
    coreEvents,
    namespaces,
    nodes,
    persistentVolumeClaims,
    persistentVolumes,
    pods,
    podTemplates,
    replicationControllers,
    secrets,
    services,
    controllerRevisions,
    daemonSets,
    deployments,
    replicaSets,
    statefulSets,
    events,
    autoscalers,
    autoscalersV1,
    cronJobs,
    jobs,
    ingressClasses,
    ingresses,
    networkPolicies,
    podDisruptionBudgets,
    storageClasses,
    priorityClasses,
    leases,
    endpointSlices,
  ];
}

/** The real server's groups in the order of its discovery. */
const groupOrder = [
  '',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'discovery.k8s.io',
];

/** Groups as the real server tells them; those that it does not have itself come last. */
export function inDiscoveryOrder(definitions: readonly ResourceDefinition[]): ResourceDefinition[] {
  const place = ({ group }: ResourceDefinition): number => {
    const found = groupOrder.indexOf(group);
    return found === -1 ? groupOrder.length : found;
  };
  return [...definitions].sort((a, b) => place(a) - place(b));
}
