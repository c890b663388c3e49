import type { Me, PlatformRole, ProjectPermission, Role } from '@fairlead/shared';

/** The contract's tables without its validators; routes.spec.ts compares them. */
export const roles = ['viewer', 'deployer', 'operator', 'admin'] as const satisfies readonly Role[];

export const permissions = {
  'projects.read': 'viewer',
  'apps.read': 'viewer',
  'pods.logs': 'viewer',
  'apps.create': 'deployer',
  'apps.change': 'deployer',
  'apps.scale': 'deployer',
  'apps.rollback': 'deployer',
  'apps.delete': 'deployer',
  'apps.run': 'operator',
  'apps.network': 'admin',
  'pods.exec': 'operator',
  'pods.portforward': 'operator',
  'pods.delete': 'operator',
  'secrets.read': 'operator',
  'projects.grants': 'admin',
  'projects.change': 'admin',
  'projects.delete': 'admin',
  'audit.project': 'admin',
  'webhooks.manage': 'admin',
} as const satisfies Record<ProjectPermission, Role>;

export const roleWords: Record<Role, string> = {
  viewer: 'sees apps, logs and events',
  deployer: 'also deploys, scales and rolls back',
  operator: 'also opens shells and deletes pods',
  admin: 'also gives roles and deletes the project',
};

/** Does `held` reach `permission`? Only for showing what a person may try: the API decides. */
export const allows = (held: Role | null | undefined, permission: ProjectPermission): boolean =>
  held ? roles.indexOf(held) >= roles.indexOf(permissions[permission]) : false;

/** What to tell someone who may not: "Scaling takes deployer in shop." */
export const lacking = (act: string, permission: ProjectPermission, project: string): string =>
  `${act} takes ${permissions[permission]} in ${project}.`;

export const isPlatform = (me: Me | undefined, role: PlatformRole): boolean => me?.platformRoles.includes(role) ?? false;

/** The role in a project, by its name or id. */
export const roleIn = (me: Me | undefined, project: string): Role | null =>
  me?.grants.find((grant) => grant.project.name === project || grant.project.id === project)?.role ?? null;
