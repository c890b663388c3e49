import { z } from 'zod';
import { Id, Name, NamespaceName, Ref, Timestamp } from '../id.js';
import { Role } from '../permissions.js';
import { PageQuery, page, route } from './route.js';

export const ProjectNamespace = z
  .object({
    id: Id,
    cluster: z.object({ id: Id, name: Name }),
    namespace: NamespaceName,
    created: z.boolean().describe('Made by Fairlead; only such a namespace can be deleted with its project.'),
    state: z.enum(['ready', 'pending', 'failed']).describe('pending: the cluster is away, its bindings are not yet there.'),
    reason: z.string().nullable(),
  })
  .meta({ id: 'ProjectNamespace' });
export type ProjectNamespace = z.infer<typeof ProjectNamespace>;

export const Project = z
  .object({
    id: Id,
    name: Name,
    displayName: z.string(),
    myRole: Role.nullable(),
    namespaces: z.array(ProjectNamespace),
    apps: z.number(),
    members: z.number(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof Project>;

export const Grant = z
  .object({
    id: Id,
    principal: z.object({ id: Id, kind: z.enum(['user', 'robot']), name: Name, displayName: z.string() }),
    role: Role,
    expiresAt: Timestamp.nullable(),
    expired: z.boolean(),
    grantedBy: z.string(),
    createdAt: Timestamp,
    pending: z.array(z.string()).describe('Clusters in which the binding is not there yet.'),
  })
  .meta({ id: 'Grant' });
export type Grant = z.infer<typeof Grant>;

const projectRef = z.strictObject({ project: Ref });
const NamespaceRequest = z.strictObject({ cluster: Ref, namespace: NamespaceName, create: z.boolean().default(false) });

export const listProjects = route({
  method: 'GET',
  path: '/projects',
  action: 'projects.list',
  summary: 'The projects one has a grant in; all for platform admins.',
  access: 'signed-in',
  query: PageQuery,
  response: page(Project),
});

export const createProject = route({
  method: 'POST',
  path: '/projects',
  action: 'projects.create',
  summary: 'Create a project over namespaces; its creator gets the admin grant.',
  access: { platform: 'projects.create' },
  body: z.strictObject({
    name: Name,
    displayName: z.string().trim().min(1).max(100).optional(),
    namespaces: z.array(NamespaceRequest).min(1).max(20),
  }),
  response: Project,
  status: 201,
});

export const getProject = route({
  method: 'GET',
  path: '/projects/:project',
  action: 'projects.get',
  summary: 'One project.',
  access: { project: 'projects.read' },
  params: projectRef,
  response: Project,
});

export const changeProject = route({
  method: 'PATCH',
  path: '/projects/:project',
  action: 'projects.change',
  summary: 'Change the display name.',
  access: { project: 'projects.change' },
  params: projectRef,
  body: z.strictObject({ displayName: z.string().trim().min(1).max(100) }),
  response: Project,
});

export const deleteProject = route({
  method: 'DELETE',
  path: '/projects/:project',
  action: 'projects.delete',
  summary: 'Delete a project: bindings and labels go; only the namespaces named here, if Fairlead made them, are deleted too.',
  access: { project: 'projects.delete' },
  params: projectRef,
  body: z.strictObject({
    confirm: z.string(),
    deleteNamespaces: z
      .array(z.strictObject({ cluster: Ref, namespace: NamespaceName }))
      .max(20)
      .default([]),
  }),
});

export const addNamespace = route({
  method: 'POST',
  path: '/projects/:project/namespaces',
  action: 'projects.namespaces.add',
  summary: 'Give the project another namespace. Platform admins only.',
  access: { platform: 'projects.create' },
  params: projectRef,
  body: NamespaceRequest,
  response: Project,
  status: 201,
});

export const listGrants = route({
  method: 'GET',
  path: '/projects/:project/grants',
  action: 'projects.grants.list',
  summary: 'Who has which role in the project.',
  access: { project: 'projects.read' },
  params: projectRef,
  query: PageQuery,
  response: page(Grant),
});

export const createGrant = route({
  method: 'POST',
  path: '/projects/:project/grants',
  action: 'projects.grants.create',
  summary: 'Give a user or robot a role, perhaps until a time; replaces the role they had.',
  access: { project: 'projects.grants' },
  params: projectRef,
  body: z.strictObject({
    principal: Ref.describe('Name or id of a user or robot.'),
    role: Role,
    expiresAt: z.iso.datetime().nullable().default(null),
  }),
  response: Grant,
  status: 201,
});

export const deleteGrant = route({
  method: 'DELETE',
  path: '/projects/:project/grants/:grant',
  action: 'projects.grants.delete',
  summary: 'Take a grant away; at once in Fairlead, in the clusters as soon as they answer.',
  access: { project: 'projects.grants' },
  params: z.strictObject({ project: Ref, grant: Id }),
});
