import { expect, it } from 'vitest';
import { type ProjectPermission, projectPermissions, type Role, roleAllows, roles } from './permissions.js';

// The table that the product promises, written out once more by hand.
const table: Record<ProjectPermission, readonly Role[]> = {
  'projects.read': ['viewer', 'deployer', 'operator', 'admin'],
  'apps.read': ['viewer', 'deployer', 'operator', 'admin'],
  'pods.logs': ['viewer', 'deployer', 'operator', 'admin'],
  'apps.create': ['deployer', 'operator', 'admin'],
  'apps.change': ['deployer', 'operator', 'admin'],
  'apps.scale': ['deployer', 'operator', 'admin'],
  'apps.rollback': ['deployer', 'operator', 'admin'],
  'apps.delete': ['deployer', 'operator', 'admin'],
  'apps.network': ['admin'],
  'apps.run': ['operator', 'admin'],
  'pods.exec': ['operator', 'admin'],
  'pods.portforward': ['operator', 'admin'],
  'pods.delete': ['operator', 'admin'],
  'secrets.read': ['operator', 'admin'],
  'projects.grants': ['admin'],
  'projects.change': ['admin'],
  'projects.delete': ['admin'],
  'audit.project': ['admin'],
  'webhooks.manage': ['admin'],
};

it.each(Object.keys(projectPermissions) as ProjectPermission[])('%s is held by exactly the roles that the table gives it', (permission) => {
  expect(roles.filter((role) => roleAllows(role, permission))).toEqual(table[permission]);
});
