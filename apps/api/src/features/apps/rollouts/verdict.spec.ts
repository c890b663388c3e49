import type { AppStatus, Cause } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { causeKey, type Judged, verdict, type Wanted } from './verdict.js';

const now = Date.UTC(2026, 0, 1);
const cause = (code: Cause['code']): Cause => ({ code, sentence: 's', evidence: null, object: 'Pod/a', since: null });
const status = (state: AppStatus['state'], more: Partial<AppStatus> = {}): AppStatus => ({
  state,
  cause: null,
  replicas: null,
  rollout: null,
  address: null,
  internalAddress: null,
  images: [],
  drift: [],
  asked: false,
  ...more,
});
const wanted = (current: number, newest = current, state: Wanted['newest']['state'] = 'applied'): Wanted => ({
  current,
  newest: { number: newest, state, error: state === 'failed' ? 'no' : null },
});
const seen = (code: Cause['code'], ms: number): Judged => ({ revision: 3, seenSince: new Map([[causeKey(cause(code)), now - ms]]) });
const fresh: Judged = { revision: 3, seenSince: new Map() };

describe('the verdict on a rollout', () => {
  it.each<[string, Judged, Wanted, AppStatus | null, string]>([
    ['runs while the cluster has not been heard', fresh, wanted(3), null, 'running'],
    ['runs while the cluster has not seen the revision', fresh, wanted(3), status('serving', { asked: true }), 'running'],
    ['runs while pods come up', fresh, wanted(3), status('rolling-out'), 'running'],
    ['is ready when the app serves', fresh, wanted(3), status('serving'), 'ready'],
    ['is ready when the app sleeps as it should', fresh, wanted(3), status('asleep'), 'ready'],
    ['ends when another revision stands', fresh, wanted(4), status('serving'), 'superseded'],
    ['waits while the next one is only tried', fresh, wanted(3, 4, 'failed'), status('serving'), 'ready'],
    ['fails when it was not applied', fresh, wanted(2, 3, 'failed'), status('serving'), 'failed'],
    ['runs when a cause was just seen', fresh, wanted(3), status('failing', { cause: cause('crash') }), 'running'],
    ['runs after one crash of a moment', seen('crash', 4_000), wanted(3), status('failing', { cause: cause('crash') }), 'running'],
    ['fails for a crash that lasts', seen('crash', 8_000), wanted(3), status('failing', { cause: cause('crash') }), 'failed'],
    [
      'fails for an image that is not there',
      seen('image-not-found', 3_000),
      wanted(3),
      status('degraded', { cause: cause('image-not-found') }),
      'failed',
    ],
    ['counts each cause by itself', seen('quota', 60_000), wanted(3), status('failing', { cause: cause('crash') }), 'running'],
    ['never fails for a slow start', seen('not-ready', 3_600_000), wanted(3), status('failing', { cause: cause('not-ready') }), 'running'],
    ['fails when the cluster gives up', fresh, wanted(3), status('failing', { cause: cause('stuck') }), 'failed'],
  ])('%s', (_, rollout, wish, seenStatus, state) => {
    expect(verdict(rollout, wish, seenStatus, now).state).toBe(state);
  });

  it('says the first cause with it', () => {
    expect(verdict(fresh, wanted(3), status('failing', { cause: cause('crash') }), now)).toEqual({
      state: 'running',
      cause: cause('crash'),
    });
  });
});
