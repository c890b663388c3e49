import {
  type PlatformPermission,
  type ProjectPermission,
  platformPermissions,
  projectPermissions,
  type Receipt,
  type Role,
  roleAllows,
} from '@fairlead/shared';
import type { Caller, CallerGrant } from '../auth/index.js';

export type Decision = { allowed: true; because: string } | { allowed: false; because: string; receipt: Receipt };

/** The grant that counts in a project now: not expired, and within what the token was narrowed to. */
export function activeGrant(caller: Caller, projectId: string, now: Date): CallerGrant | null {
  const { credential } = caller;
  if (credential.kind === 'token' && credential.projectIds && !credential.projectIds.includes(projectId)) return null;
  return caller.grants.find((grant) => grant.projectId === projectId && (!grant.expiresAt || grant.expiresAt > now)) ?? null;
}

export const projectRole = (caller: Caller, projectId: string, now: Date): Role | null => activeGrant(caller, projectId, now)?.role ?? null;

/** What a platform admin may in a project without a grant: see that it is there and who is in it, appoint people (which shows), and delete it. */
const platformAdminMay: ReadonlySet<ProjectPermission> = new Set(['projects.read', 'projects.grants', 'projects.delete']);

/** A token that is narrowed to projects or clusters holds no platform permission. */
export function platformAllows(caller: Caller, permission: PlatformPermission): boolean {
  const { credential } = caller;
  if (credential.kind === 'token' && (credential.projectIds || credential.clusterIds)) return false;
  return caller.platformRoles.includes(platformPermissions[permission]);
}

export function decideProject(
  caller: Caller,
  project: { id: string; name: string },
  permission: ProjectPermission,
  changes: boolean,
  now: Date,
): Decision {
  const role = projectRole(caller, project.id, now);
  const needs = projectPermissions[permission];
  const refuse = (because: string): Decision => ({
    allowed: false,
    because,
    receipt: { verb: permission, resource: permission.split('.')[0]!, scope: `project ${project.name}`, needs, has: role, askFor: [] },
  });
  if (changes && caller.credential.kind === 'token' && caller.credential.readOnly) return refuse('the token is read-only');
  if (role && roleAllows(role, permission)) return { allowed: true, because: `role ${role} in project ${project.name}` };
  if (platformAdminMay.has(permission) && platformAllows(caller, 'projects.list-all')) return { allowed: true, because: 'platform admin' };
  return refuse(`${permission} in project ${project.name} needs the role ${needs}${role ? `; you have ${role}` : ''}`);
}

/** May the caller know that the project is there at all? Without it, the answer is the one for a project that is not there. */
export const seesProject = (caller: Caller, projectId: string, now: Date): boolean =>
  projectRole(caller, projectId, now) !== null || platformAllows(caller, 'projects.list-all');

/** Clusters in which the caller has a namespace, by grants that count now and within the token's narrowing. */
export function clustersOf(caller: Caller, now: Date): Set<string> {
  const { credential } = caller;
  const only = credential.kind === 'token' ? credential.clusterIds : null;
  const found = new Set<string>();
  for (const grant of caller.grants) {
    if (!activeGrant(caller, grant.projectId, now)) continue;
    for (const { clusterId } of grant.namespaces) if (!only || only.includes(clusterId)) found.add(clusterId);
  }
  return found;
}

/** Does the token reach this cluster? Sessions and wide tokens reach every one. */
export const credentialReachesCluster = (caller: Caller, clusterId: string): boolean =>
  caller.credential.kind === 'session' || !caller.credential.clusterIds || caller.credential.clusterIds.includes(clusterId);
