import type { PlatformRole, Role } from '@fairlead/shared';
import type { AuditActor } from '../audit/index.js';

export interface CallerGrant {
  id: string;
  projectId: string;
  projectName: string;
  role: Role;
  expiresAt: Date | null;
  /** The project's namespaces; a grant reaches these and no others. */
  namespaces: readonly { clusterId: string; namespace: string }[];
}

export type Credential =
  | { kind: 'session'; id: string; expiresAt: Date }
  | {
      kind: 'token';
      id: string;
      expiresAt: Date;
      readOnly: boolean;
      /** null: not narrowed. */
      clusterIds: readonly string[] | null;
      projectIds: readonly string[] | null;
    };

/**
 * Who is asking, with the rights held at the moment of loading: at most 5 s old, and dropped at once when a right changes.
 * `grants` holds what the database has; expiry and the token's narrowing are judged by the policy at each use.
 */
export interface Caller {
  readonly id: string;
  readonly kind: 'user' | 'robot';
  readonly name: string;
  /** The id of the project whose own robot this is: automatic acts are its. */
  readonly ownOf: string | null;
  readonly displayName: string;
  readonly platformRoles: readonly PlatformRole[];
  readonly mustChangePassword: boolean;
  readonly grants: readonly CallerGrant[];
  readonly credential: Credential;
}

export const actorOf = (caller: Caller): AuditActor => ({ kind: caller.kind, id: caller.id, name: caller.name });

export const credentialIds = (caller: Caller): { sessionId: string | null; tokenId: string | null } => ({
  sessionId: caller.credential.kind === 'session' ? caller.credential.id : null,
  tokenId: caller.credential.kind === 'token' ? caller.credential.id : null,
});
