import type { AppStatus } from '../contract/app.js';
import type { AppEndpoint } from '../contract/app-network.js';
import type { AppPod } from '../contract/app-pods.js';
import type { Cluster } from '../contract/clusters.js';
import type { Rollout } from '../contract/rollouts.js';
import type { LiveItem } from './protocol.js';

/** Live status of one app. Topics `apps` { project } (all of a project; `_` = every project one may see) and `app` { app } (one row). */
export interface AppRow extends LiveItem {
  key: string;
  name: string;
  project: string;
  projectId: string;
  cluster: string;
  clusterId: string;
  namespace: string;
  revision: number;
  revisionState: 'pending' | 'applying' | 'applied' | 'failed' | 'interrupted';
  changedAt: string;
  changedBy: string;
  status: AppStatus | null;
  /** The verdict on the revision that stands; null where nothing was rolled out. */
  rollout: Rollout | null;
}

/** One pod of an app. Topic `pods` { app }. `key` is the pod's uid. */
export interface PodRow extends AppPod, LiveItem {
  key: string;
}

export type PodState = AppPod['state'];

/** A Kubernetes event about the app's objects. Topic `events` { app }, newest first. */
export interface EventRow extends LiveItem {
  key: string;
  at: string;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  object: string;
  count: number;
}

/** One address behind a Service of an app. Topic `endpoints` { app }. */
export interface EndpointRow extends AppEndpoint, LiveItem {
  key: string;
}

/** Topic `clusters` {}: those one may see. */
export interface ClusterRow extends LiveItem {
  key: string;
  cluster: Cluster;
}

export interface TopicRows {
  apps: AppRow;
  app: AppRow;
  pods: PodRow;
  events: EventRow;
  endpoints: EndpointRow;
  clusters: ClusterRow;
}
export type TopicName = keyof TopicRows;
