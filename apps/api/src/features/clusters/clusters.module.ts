import { Global, Module } from '@nestjs/common';
import { Clusters } from './clusters.js';

@Global()
@Module({ providers: [Clusters], exports: [Clusters] })
export class ClustersModule {}
