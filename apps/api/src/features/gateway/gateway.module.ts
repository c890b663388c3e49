import { Module } from '@nestjs/common';
import { Clusters, ClustersModule } from '../clusters/index.js';
import { Admission } from './admission.js';
import { Gateway } from './gateway.js';
import { LocalAnswers } from './local-answers.js';
import { OpenStreams } from './open-streams.js';
import { PodPorts } from './pod-ports.js';
import { ClusterAgents, GATEWAY_UPSTREAMS } from './upstreams.js';

@Module({
  imports: [ClustersModule],
  providers: [
    { provide: GATEWAY_UPSTREAMS, useExisting: Clusters },
    { provide: ClusterAgents, useValue: new ClusterAgents() },
    OpenStreams,
    Admission,
    LocalAnswers,
    PodPorts,
    Gateway,
  ],
  exports: [Gateway, OpenStreams, PodPorts],
})
export class GatewayModule {}
