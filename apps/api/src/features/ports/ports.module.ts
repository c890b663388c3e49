import { Module } from '@nestjs/common';
import { AppsModule } from '../apps/index.js';
import { ClustersModule } from '../clusters/index.js';
import { GatewayModule } from '../gateway/index.js';
import { OpeningStore } from './opening-store.js';
import { Openings } from './openings.js';
import { PortsController } from './ports.controller.js';
import { PortsDoor } from './ports-door.js';

@Module({
  imports: [ClustersModule, AppsModule, GatewayModule],
  controllers: [PortsController],
  providers: [OpeningStore, Openings, PortsDoor],
})
export class PortsModule {}
