import type { KubeObject } from '@fairlead/kube/protocol';
import type { HorizontalPodAutoscaler } from './autoscaling.js';
import type { CronJob, Job } from './batch.js';
import type { Lease, Namespace, Node, PodDisruptionBudget, PriorityClass, ResourceQuota } from './cluster.js';
import type { EndpointSlice, Endpoints, Ingress, Service } from './network.js';
import type { Pod } from './pod.js';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from './storage.js';
import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, ReplicationController, StatefulSet } from './workloads.js';

/** What the API server's validation lets in, as the controllers read it: stored objects have these shapes. */
export interface Kinds {
  pods: Pod;
  nodes: Node;
  namespaces: Namespace;
  services: Service;
  endpoints: Endpoints;
  configmaps: KubeObject;
  serviceaccounts: KubeObject;
  resourcequotas: ResourceQuota;
  persistentvolumes: PersistentVolume;
  persistentvolumeclaims: PersistentVolumeClaim;
  replicationcontrollers: ReplicationController;
  'endpointslices.discovery.k8s.io': EndpointSlice;
  'replicasets.apps': ReplicaSet;
  'deployments.apps': Deployment;
  'statefulsets.apps': StatefulSet;
  'daemonsets.apps': DaemonSet;
  'controllerrevisions.apps': ControllerRevision;
  'jobs.batch': Job;
  'cronjobs.batch': CronJob;
  'horizontalpodautoscalers.autoscaling': HorizontalPodAutoscaler;
  'poddisruptionbudgets.policy': PodDisruptionBudget;
  'ingresses.networking.k8s.io': Ingress;
  'ingressclasses.networking.k8s.io': KubeObject;
  'storageclasses.storage.k8s.io': StorageClass;
  'priorityclasses.scheduling.k8s.io': PriorityClass;
  'leases.coordination.k8s.io': Lease;
}
