import {
  addNamespace,
  changeProject,
  createGrant,
  createProject,
  deleteGrant,
  deleteProject,
  getProject,
  listGrants,
  listProjects,
} from '@fairlead/shared';
import { Controller } from '@nestjs/common';
import { type Answer, type BodyOf, Implements, type ParamsOf, type QueryOf } from '../../platform/http/implements.js';
import type { ProjectCall, RestCall } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import { GrantsService } from './grants.service.js';
import { ProjectsService } from './projects.service.js';

@Controller()
export class ProjectsController {
  constructor(
    private readonly projects: ProjectsService,
    private readonly grants: GrantsService,
  ) {}

  @Implements(listProjects)
  list(caller: Caller, _params: unknown, query: QueryOf<typeof listProjects>): Answer<typeof listProjects> {
    return this.projects.list(caller, query);
  }

  @Implements(createProject)
  async create(
    caller: Caller,
    _params: unknown,
    body: BodyOf<typeof createProject>,
    { note, reply }: RestCall,
  ): Answer<typeof createProject> {
    const project = await this.projects.create(caller, body);
    note.project = { id: project.id, name: project.name };
    note.summary = `${project.namespaces.map((n) => `${n.cluster.name}/${n.namespace}`).join(', ')}; ${caller.name} is its admin`;
    reply.header('location', `/api/v1/projects/${project.id}`);
    return project;
  }

  @Implements(getProject)
  get(caller: Caller, _params: unknown, _query: unknown, { project }: ProjectCall): Answer<typeof getProject> {
    return this.projects.get(caller, project.id);
  }

  @Implements(changeProject)
  change(
    caller: Caller,
    _params: unknown,
    { displayName }: BodyOf<typeof changeProject>,
    { project, note }: ProjectCall,
  ): Answer<typeof changeProject> {
    note.summary = `display name ${displayName}`;
    return this.projects.rename(caller, project.id, displayName);
  }

  @Implements(deleteProject)
  async remove(
    _: Caller,
    _params: unknown,
    { confirm, deleteNamespaces }: BodyOf<typeof deleteProject>,
    { project, note }: ProjectCall,
  ): Promise<void> {
    if (deleteNamespaces.length > 0) note.summary = `with ${deleteNamespaces.map((n) => `${n.cluster}/${n.namespace}`).join(', ')}`;
    await this.projects.remove(project, confirm, deleteNamespaces);
  }

  @Implements(addNamespace)
  addNamespace(
    caller: Caller,
    _params: unknown,
    body: BodyOf<typeof addNamespace>,
    { project, note }: ProjectCall,
  ): Answer<typeof addNamespace> {
    note.summary = `${body.cluster}/${body.namespace}`;
    return this.projects.addNamespace(caller, project, body);
  }

  @Implements(listGrants)
  listGrants(_: Caller, _params: unknown, query: QueryOf<typeof listGrants>, { project }: ProjectCall): Answer<typeof listGrants> {
    return this.grants.list(project.id, query);
  }

  @Implements(createGrant)
  async give(
    caller: Caller,
    _params: unknown,
    body: BodyOf<typeof createGrant>,
    { project, note }: ProjectCall,
  ): Answer<typeof createGrant> {
    const { grant, before } = await this.grants.give(caller, project.id, body);
    note.name = grant.principal.name;
    note.summary = `${before ? `${before} → ` : ''}${grant.role}${grant.expiresAt ? ` until ${grant.expiresAt}` : ''}`;
    return grant;
  }

  @Implements(deleteGrant)
  async take(_: Caller, { grant }: ParamsOf<typeof deleteGrant>, _query: unknown, { project, note }: ProjectCall): Promise<void> {
    const { name, role } = await this.grants.take(project.id, grant);
    note.name = name;
    note.summary = `was ${role}`;
  }
}
