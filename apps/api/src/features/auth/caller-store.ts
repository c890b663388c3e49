import type { PlatformRole } from '@fairlead/shared';
import type { Prisma } from '../../generated/prisma/client.js';
import type { Database } from '../../platform/database.js';
import type { Caller, Credential } from './caller.js';

const withRights = {
  include: {
    principal: {
      include: { grants: { include: { project: { include: { namespaces: { select: { clusterId: true, namespace: true } } } } } } },
    },
  },
} satisfies Prisma.SessionDefaultArgs;

type PrincipalWithRights = Prisma.SessionGetPayload<typeof withRights>['principal'];

/** The caller of a credential, as the database has it now; null when it is unknown, expired, revoked, or its owner disabled. */
export async function loadCaller(
  database: Database,
  by: { kind: 'session' | 'token' } & ({ secretHash: Uint8Array<ArrayBuffer> } | { id: string }),
  now: Date,
): Promise<Caller | null> {
  const where = 'id' in by ? { id: by.id } : { secretHash: by.secretHash };
  if (by.kind === 'session') {
    const found = await database.session.findUnique({ where, ...withRights });
    if (!found || found.revokedAt || found.expiresAt <= now) return null;
    return callerOf(found.principal, { kind: 'session', id: found.id, expiresAt: found.expiresAt });
  }
  const found = await database.token.findUnique({ where, ...withRights });
  if (!found || found.revokedAt || found.expiresAt <= now) return null;
  return callerOf(found.principal, {
    kind: 'token',
    id: found.id,
    expiresAt: found.expiresAt,
    readOnly: found.readOnly,
    clusterIds: found.onlyClusters ? found.clusterIds : null,
    projectIds: found.onlyProjects ? found.projectIds : null,
  });
}

function callerOf(principal: PrincipalWithRights, credential: Credential): Caller | null {
  if (principal.disabledAt) return null;
  return {
    id: principal.id,
    kind: principal.kind,
    name: principal.name,
    ownOf: principal.projectId,
    displayName: principal.displayName,
    platformRoles: principal.platformRoles as PlatformRole[],
    mustChangePassword: principal.mustChangePassword,
    grants: principal.grants.map((grant) => ({
      id: grant.id,
      projectId: grant.projectId,
      projectName: grant.project.name,
      role: grant.role,
      expiresAt: grant.expiresAt,
      namespaces: grant.project.namespaces,
    })),
    credential,
  };
}

/**
 * A principal acting on without the credential that began: an act that was cut off is carried on as its author, with the rights of now.
 * `actId` stands where the credential's id would; null when the principal is gone or disabled.
 */
export async function loadAuthor(database: Database, principalId: string, actId: string, expiresAt: Date): Promise<Caller | null> {
  const found = await database.principal.findUnique({ where: { id: principalId }, ...withRights.include.principal });
  return found && callerOf(found, { kind: 'session', id: actId, expiresAt });
}

/** The project's own robot, for an automatic act; null when there is none, or it was disabled. Its grant says whether it may. */
export async function loadOwnRobot(database: Database, projectId: string, actId: string, expiresAt: Date): Promise<Caller | null> {
  const found = await database.principal.findUnique({ where: { projectId }, ...withRights.include.principal });
  return found && callerOf(found, { kind: 'session', id: actId, expiresAt });
}
