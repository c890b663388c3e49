import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * What admission has made of a REST request. The `C`, `A` and `P` are the features' caller, audit handle and project; this ring does not know them.
 */
export interface RestContext<C = unknown, A = unknown, P = unknown> {
  caller: C;
  params: unknown;
  query: unknown;
  body: unknown;
  audit: A;
  /** The project of the path, where the route has `:project`. */
  project: P;
  request: FastifyRequest;
  reply: FastifyReply;
  sourceAddress: string;
  /** What the handler learned for the audit entry: merged into its end. */
  note: {
    project?: { id: string; name: string } | null;
    cluster?: { id: string; name: string } | null;
    namespace?: string | null;
    resource?: string | null;
    name?: string | null;
    summary?: string | null;
    actor?: { kind: 'user' | 'robot' | 'system' | 'anonymous'; id: string | null; name: string };
    sessionId?: string | null;
    reason?: string;
  };
}

export type RestRequest = FastifyRequest & { fairlead: RestContext };
