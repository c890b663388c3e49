import { describe, expect, it } from 'vitest';
import { completeRecord, receivedRecord, recordText } from './audit-record.js';
import { canonicalJson } from './canonical-json.js';
import { type AuditStart, anonymous } from './entry.js';

const at = new Date('2026-01-02T03:04:05.678Z');
const start: AuditStart = {
  action: 'kubernetes.pods.get',
  verb: 'get',
  actor: { name: 'olga', kind: 'user', id: '01a2136c-0c21-76bd-a78e-907777b195d0' },
  door: 'kubectl',
  mutating: false,
  sourceAddress: '127.0.0.1',
  userAgent: 'kubectl "€"\n\ud800',
};

describe("a record's text", () => {
  it.each([
    ['an anonymous one', receivedRecord('a', { ...start, actor: anonymous }, at)],
    ['one with everything', receivedRecord('a', { ...start, project: { name: 'p', id: '1' }, cluster: { name: 'c', id: '2' } }, at)],
    ['an ended one', completeRecord(receivedRecord('a', start, at), { outcome: 'allowed', reason: 'role', status: 200, bytesOut: 5 }, 1.6)],
  ])('is the canonical form of %s', (_, record) => {
    expect(recordText(record)).toBe(canonicalJson(record));
  });

  it('holds no more of an actor, a project or a cluster than its entry', () => {
    const more = { id: '1', name: 'p', secret: 'x' };
    expect(recordText(receivedRecord('a', { ...start, project: more, cluster: more, actor: { ...anonymous, ...more } }, at))).not.toContain(
      'secret',
    );
  });
});
