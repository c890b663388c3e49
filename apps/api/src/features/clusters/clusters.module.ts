import { Global, Module } from '@nestjs/common';
import { ClusterImport } from './cluster-import.js';
import { ClusterRemoval } from './cluster-removal.js';
import { ClusterView } from './cluster-view.js';
import { ClustersController } from './clusters.controller.js';
import { Clusters } from './clusters.js';
import { ClustersTopic } from './clusters.topic.js';
import { KubeconfigService } from './kubeconfig.service.js';
import { Registration } from './registration.js';
import { SandboxCluster } from './sandbox-cluster.js';

@Global()
@Module({
  controllers: [ClustersController],
  providers: [Clusters, ClusterView, ClusterImport, ClusterRemoval, ClustersTopic, KubeconfigService, Registration, SandboxCluster],
  exports: [Clusters, ClusterImport, SandboxCluster],
})
export class ClustersModule {}
