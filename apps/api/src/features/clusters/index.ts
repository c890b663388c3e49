export type { BindingState } from './binding-keeper.js';
export { clusterError } from './cluster-error.js';
export { ClusterImport } from './cluster-import.js';
export type { Gate, Upstream } from './cluster-link.js';
export type { ClusterRecord } from './cluster-store.js';
export { type ClusterStatus, Clusters } from './clusters.js';
export { ClustersModule } from './clusters.module.js';
export type { Observer, ReviewAttributes } from './observer.js';
