import type { AuditEntry } from '@fairlead/shared';

export type Door = AuditEntry['door'];

export interface AuditActor {
  kind: 'user' | 'robot' | 'system' | 'anonymous';
  id: string | null;
  name: string;
}

export const anonymous: AuditActor = { kind: 'anonymous', id: null, name: 'anonymous' };

/** What is known when an act begins. Never a body, a token, or a query beyond what `summary` says. */
export interface AuditStart {
  /** `apps.scale`, or `kubernetes.<resource>[.<subresource>].<verb>`. */
  action: string;
  verb: string;
  actor: AuditActor;
  door: Door;
  /** Changes something, or is a stream that could (exec): its entry must be durable before the act. */
  mutating: boolean;
  project?: { id: string; name: string } | null;
  cluster?: { id: string; name: string } | null;
  namespace?: string | null;
  resource?: string | null;
  name?: string | null;
  sourceAddress: string;
  userAgent: string;
  sessionId?: string | null;
  tokenId?: string | null;
  /** The rule that allowed, when it is already decided. */
  reason?: string;
}

/** What is known when it ends. Fields given here replace those of the start (an app's name is known only then). */
export interface AuditEnd
  extends Partial<Pick<AuditStart, 'project' | 'cluster' | 'namespace' | 'resource' | 'name' | 'actor' | 'sessionId' | 'tokenId'>> {
  outcome: 'allowed' | 'refused' | 'failed';
  /** The rule that decided. */
  reason: string;
  status?: number | null;
  summary?: string | null;
  bytesIn?: number | null;
  bytesOut?: number | null;
  endCause?: string | null;
}
