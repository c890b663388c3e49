export { projectIdLabel } from './accounts/names.js';
export { clusterError } from './cluster-error.js';
export { ClusterImport } from './cluster-import.js';
export type { Upstream } from './cluster-link.js';
export type { ClusterRecord } from './cluster-store.js';
export { Clusters } from './clusters.js';
export { ClustersModule } from './clusters.module.js';
export type { Observer } from './observer.js';
export { SandboxCluster, sandboxName } from './sandbox-cluster.js';
