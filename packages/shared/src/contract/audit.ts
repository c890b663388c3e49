import { z } from 'zod';
import { Id, Ref, Timestamp } from '../id.js';
import { PageQuery, page, route } from './route.js';

export const AuditEntry = z
  .object({
    id: Id,
    at: Timestamp,
    action: z.string(),
    verb: z.string(),
    actor: z.object({ kind: z.enum(['user', 'robot', 'system', 'anonymous']), id: Id.nullable(), name: z.string() }),
    door: z.enum(['web', 'rest', 'kubectl', 'system']),
    outcome: z.enum(['allowed', 'refused', 'failed', 'started']).describe('started: still running, or its end was never recorded.'),
    reason: z.string().describe('The rule that decided.'),
    status: z.number().nullable(),
    durationMs: z.number().nullable(),
    project: z.object({ id: Id, name: z.string() }).nullable(),
    cluster: z.object({ id: Id, name: z.string() }).nullable(),
    namespace: z.string().nullable(),
    resource: z.string().nullable(),
    name: z.string().nullable(),
    summary: z.string().nullable().describe('What changed, in words: "3 → 5 replicas".'),
    sourceAddress: z.string(),
    userAgent: z.string(),
    requestId: Id,
    sessionId: Id.nullable(),
    tokenId: Id.nullable(),
    bytesIn: z.number().nullable(),
    bytesOut: z.number().nullable(),
    endCause: z.string().nullable().describe('Why a stream ended.'),
    chain: z.object({ writer: Id, seq: z.number(), hash: z.string() }),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditQuery = PageQuery.extend({
  actor: z.string().max(63).optional().describe('Name or id.'),
  project: Ref.optional(),
  cluster: Ref.optional(),
  action: z.string().max(100).optional().describe('Exact, or a prefix with a `*` at its end: `apps.*`.'),
  verb: z.string().max(30).optional(),
  outcome: z.enum(['allowed', 'refused', 'failed', 'started']).optional(),
  door: z.enum(['web', 'rest', 'kubectl', 'system']).optional(),
  changes: z.stringbool().optional().describe('Only acts that change something.'),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const listAudit = route({
  method: 'GET',
  path: '/audit',
  action: 'audit.list',
  summary: 'The audit log, newest first. Auditors see everything, project admins their projects, everyone their own acts.',
  access: 'signed-in',
  query: AuditQuery,
  response: page(AuditEntry),
});

export const getAuditEntry = route({
  method: 'GET',
  path: '/audit/:entry',
  action: 'audit.get',
  summary: 'One entry.',
  access: 'signed-in',
  params: z.strictObject({ entry: Id }),
  response: AuditEntry,
});

export const exportAudit = route({
  method: 'GET',
  path: '/audit/export',
  action: 'audit.export',
  summary: 'The same entries as one NDJSON stream, oldest first.',
  access: 'signed-in',
  query: AuditQuery.omit({ limit: true, cursor: true }),
  produces: 'application/x-ndjson',
});
