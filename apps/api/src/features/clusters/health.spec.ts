import { ClusterUnreachable, KubeError, status } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { type Health, initialHealth, nextHealth, type ProbeResult, probeFailure } from './health.js';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));
const fresh = initialHealth(at(0), { version: null, lastContactAt: null, unreachableSince: null });
const answered: ProbeResult = { kind: 'answered', version: 'v1.34.4', latencyMs: 2 };
const timeout: ProbeResult = { kind: 'silent', reason: 'timeout', certain: false };
const refusedConnection: ProbeResult = { kind: 'silent', reason: 'connection refused', certain: true };
const unauthorised: ProbeResult = { kind: 'refused', reason: 'not accepted' };

const after = (results: ProbeResult[], from: Health = fresh) =>
  results.reduce((health, result, i) => nextHealth(health, result, at(i + 1)), from);

describe('the state of a cluster', () => {
  it('is ready at the first answer', () =>
    expect(after([answered])).toMatchObject({ state: 'ready', since: at(1), version: 'v1.34.4', lastContactAt: at(1) }));
  it('stays ready, since the same moment', () =>
    expect(after([answered, answered])).toMatchObject({ state: 'ready', since: at(1), lastContactAt: at(2) }));
  it('survives one timeout', () => expect(after([answered, timeout])).toMatchObject({ state: 'ready', failures: 1 }));
  it('is unreachable after the second, since the first', () =>
    expect(after([answered, timeout, timeout])).toMatchObject({
      state: 'unreachable',
      since: at(2),
      reason: 'timeout',
      lastContactAt: at(1),
      latencyMs: null,
    }));
  it('is unreachable at once when nothing listens', () =>
    expect(after([answered, refusedConnection])).toMatchObject({ state: 'unreachable', since: at(2) }));
  it('tells the newest reason, and keeps the moment', () =>
    expect(after([answered, refusedConnection, timeout])).toMatchObject({ state: 'unreachable', since: at(2), reason: 'timeout' }));
  it('comes back', () =>
    expect(after([answered, refusedConnection, answered])).toMatchObject({ state: 'ready', since: at(3), reason: null, failures: 0 }));
  it('keeps the version that was seen', () => expect(after([answered, refusedConnection])).toMatchObject({ version: 'v1.34.4' }));
  it('is refused when the credential is', () =>
    expect(after([answered, unauthorised])).toMatchObject({ state: 'refused', since: at(2), lastContactAt: at(2) }));
  it('goes on with an outage from before a restart', () => {
    const known = initialHealth(at(0), { version: 'v1.33.0', lastContactAt: at(-100), unreachableSince: at(-90) });
    expect(after([refusedConnection], known)).toMatchObject({ state: 'unreachable', since: at(-90), version: 'v1.33.0' });
  });
});

describe('what an error says', () => {
  const kube = (code: number, reason: string) => new KubeError(status(code, reason, 'secret words'));
  it.each<[string, unknown, Partial<ProbeResult>]>([
    ['401', kube(401, 'Unauthorized'), { kind: 'refused' }],
    ['403', kube(403, 'Forbidden'), { kind: 'refused' }],
    ['accounts gone', new ClusterUnreachable('credential not available', { cause: kube(404, 'NotFound') }), { kind: 'refused' }],
    [
      'minting not answered',
      new ClusterUnreachable('credential not available', { cause: new ClusterUnreachable('timeout') }),
      { kind: 'silent', certain: false },
    ],
    ['503', kube(503, 'ServiceUnavailable'), { kind: 'silent', certain: true }],
    ['a timeout', new ClusterUnreachable('timeout'), { kind: 'silent', reason: 'timeout', certain: false }],
    ['a wrong certificate', new ClusterUnreachable('certificate not trusted'), { kind: 'silent', certain: true }],
    ['anything else', new Error('secret words'), { kind: 'silent', reason: 'connection failed' }],
  ])('%s', (_, error, expected) => {
    expect(probeFailure(error)).toMatchObject(expected);
    expect(JSON.stringify(probeFailure(error))).not.toContain('secret words');
  });
});
