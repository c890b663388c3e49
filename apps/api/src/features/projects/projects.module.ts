import { Module } from '@nestjs/common';
import { ClustersModule } from '../clusters/index.js';
import { GrantsService } from './grants.service.js';
import { ProjectsController } from './projects.controller.js';
import { ProjectsService } from './projects.service.js';

@Module({ imports: [ClustersModule], controllers: [ProjectsController], providers: [ProjectsService, GrantsService] })
export class ProjectsModule {}
