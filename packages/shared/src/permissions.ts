import { z } from 'zod';

/** Roles in a project, weakest first. Each holds everything the one before it holds. */
export const roles = ['viewer', 'deployer', 'operator', 'admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** Roles on the platform. A platform admin holds no right in a project or cluster that no grant gives. */
export const platformRoles = ['admin', 'auditor'] as const;
export const PlatformRole = z.enum(platformRoles);
export type PlatformRole = z.infer<typeof PlatformRole>;

/** Permission in a project → the weakest role that has it. */
export const projectPermissions = {
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
} as const satisfies Record<string, Role>;
export type ProjectPermission = keyof typeof projectPermissions;

/** Permission on the platform → the role that has it. */
export const platformPermissions = {
  'users.manage': 'admin',
  'clusters.manage': 'admin',
  'projects.create': 'admin',
  'projects.list-all': 'admin',
  'audit.read': 'auditor',
} as const satisfies Record<string, PlatformRole>;
export type PlatformPermission = keyof typeof platformPermissions;

export const roleAtLeast = (held: Role, needed: Role): boolean => roles.indexOf(held) >= roles.indexOf(needed);

/** May a holder of `role` do `permission` in the project? */
export const roleAllows = (role: Role, permission: ProjectPermission): boolean => roleAtLeast(role, projectPermissions[permission]);
