import type { AuditEntry } from '@fairlead/shared';
import type { AuditEnd, AuditStart } from './entry.js';

export type Stage = 'received' | 'started' | 'complete';
export type AuditRecord = Omit<AuditEntry, 'chain'> & { stage: Stage };

export function receivedRecord(id: string, s: AuditStart, at: Date): AuditRecord {
  return {
    id,
    at: at.toISOString(),
    stage: 'received',
    action: clip(s.action, 120),
    verb: clip(s.verb, 30),
    actor: s.actor,
    door: s.door,
    outcome: 'started',
    reason: '',
    status: null,
    durationMs: null,
    project: s.project ?? null,
    cluster: s.cluster ?? null,
    namespace: s.namespace ?? null,
    resource: s.resource ?? null,
    name: s.name ? clip(s.name, 253) : null,
    summary: null,
    sourceAddress: clip(s.sourceAddress, 64),
    userAgent: clip(s.userAgent, 300),
    requestId: id,
    sessionId: s.sessionId ?? null,
    tokenId: s.tokenId ?? null,
    bytesIn: null,
    bytesOut: null,
    endCause: null,
  };
}

/** Fields of the end stand for those of the start. Spelled out: spreading ten optional fields is what an entry would cost most. */
export function completeRecord(base: AuditRecord, end: AuditEnd, durationMs: number): AuditRecord {
  return {
    id: base.id,
    at: base.at,
    stage: 'complete',
    action: base.action,
    verb: base.verb,
    actor: end.actor ?? base.actor,
    door: base.door,
    outcome: end.outcome,
    reason: clip(end.reason, 500),
    status: end.status ?? null,
    durationMs: Math.max(0, Math.round(durationMs)),
    project: end.project === undefined ? base.project : end.project,
    cluster: end.cluster === undefined ? base.cluster : end.cluster,
    namespace: end.namespace === undefined ? base.namespace : end.namespace,
    resource: end.resource === undefined ? base.resource : end.resource,
    name: end.name === undefined ? base.name : end.name,
    summary: end.summary ? clip(end.summary, 500) : null,
    sourceAddress: base.sourceAddress,
    userAgent: base.userAgent,
    requestId: base.requestId,
    sessionId: end.sessionId === undefined ? base.sessionId : end.sessionId,
    tokenId: end.tokenId === undefined ? base.tokenId : end.tokenId,
    bytesIn: end.bytesIn ?? null,
    bytesOut: end.bytesOut ?? null,
    endCause: end.endCause ? clip(end.endCause, 200) : null,
  };
}

/** The record's canonical text (RFC 8785): JSON with its members in order, which is the order in which they stand here. */
export function recordText({ actor, cluster, project, ...r }: AuditRecord): string {
  return JSON.stringify({
    action: r.action,
    actor: { id: actor.id, kind: actor.kind, name: actor.name },
    at: r.at,
    bytesIn: r.bytesIn,
    bytesOut: r.bytesOut,
    cluster: cluster && { id: cluster.id, name: cluster.name },
    door: r.door,
    durationMs: r.durationMs,
    endCause: r.endCause,
    id: r.id,
    name: r.name,
    namespace: r.namespace,
    outcome: r.outcome,
    project: project && { id: project.id, name: project.name },
    reason: r.reason,
    requestId: r.requestId,
    resource: r.resource,
    sessionId: r.sessionId,
    sourceAddress: r.sourceAddress,
    stage: r.stage,
    status: r.status,
    summary: r.summary,
    tokenId: r.tokenId,
    userAgent: r.userAgent,
    verb: r.verb,
  } satisfies AuditRecord);
}

const clip = (text: string, max: number): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text);
