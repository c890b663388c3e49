import type { AppRow, AppStatus, Rollout } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { rolloutSteps } from './rollout-steps';

const status = (part: Partial<AppStatus>): AppStatus => ({
  state: 'rolling-out',
  cause: null,
  replicas: { wanted: 3, total: 3, updated: 3, ready: 1 },
  rollout: null,
  address: null,
  internalAddress: null,
  images: [],
  drift: [],
  asked: false,
  ...part,
});
const row = (part: Partial<AppRow>): AppRow => ({
  key: 'a',
  name: 'web',
  project: 'shop',
  projectId: 'p',
  cluster: 'prod',
  clusterId: 'c',
  namespace: 'shop',
  revision: 2,
  revisionState: 'applied',
  changedAt: '',
  changedBy: 'ana',
  status: status({}),
  rollout: null,
  ...part,
});
const read = (told: AppRow | undefined) => rolloutSteps(told, 2).map(({ state, words }) => `${state}: ${words}`);

describe('the steps of a rollout', () => {
  it('claims nothing before the cluster said it', () => {
    expect(read(undefined)).toEqual(['done: asked', 'running: being applied', 'waiting: pods', 'waiting: serving']);
    expect(read(row({ revision: 1 }))[1]).toBe('running: being applied');
    expect(read(row({ status: status({ asked: true, state: 'serving' }) }))).toEqual([
      'done: asked',
      'done: accepted by the cluster',
      'waiting: pods',
      'waiting: serving',
    ]);
  });
  it('counts pods as they come', () => {
    expect(read(row({}))).toEqual([
      'done: asked',
      'done: accepted by the cluster',
      'done: 3 of 3 created',
      'running: 1 of 3 ready',
      'waiting: serving',
    ]);
  });
  it('does not take old pods for new ones', () => {
    const replicas = { wanted: 3, total: 4, updated: 1, ready: 3 };
    expect(read(row({ status: status({ replicas }) }))).toContain('waiting: 0 of 3 ready');
    expect(read(row({ status: status({ replicas: { ...replicas, updated: 3 } }) }))).toContain('running: 2 of 3 ready');
  });
  it('ends with how long it took', () => {
    const rollout = {
      revision: 2,
      state: 'done',
      startedAt: '2026-11-24T00:00:00.000Z',
      endedAt: '2026-11-24T00:00:08.400Z',
      message: '',
    } as const;
    const done = status({ state: 'serving', replicas: { wanted: 3, total: 3, updated: 3, ready: 3 }, rollout });
    expect(read(row({ status: done })).at(-1)).toBe('done: Serving, 8.4 s in all');
  });
  it('ends in the verdict, with what the route answered', () => {
    const serving = status({ state: 'serving', replicas: { wanted: 3, total: 3, updated: 3, ready: 3 } });
    const rollout: Rollout = {
      revision: 2,
      state: 'serving',
      startedAt: '2026-11-24T00:00:00.000Z',
      readyAt: '2026-11-24T00:00:08.400Z',
      endedAt: '2026-11-24T00:00:09.000Z',
      secondsToReady: 8.4,
      cause: null,
      answer: { url: 'http://web.example/', status: 200, ms: 41, error: null },
      wentBack: null,
    };
    expect(read(row({ status: serving, rollout })).at(-1)).toBe('done: Serving: 200 in 41 ms, 8.4 s from the click to ready');
    const silent = { ...rollout, answer: { url: 'http://web.example/', status: null, ms: null, error: 'no connection' } };
    expect(read(row({ status: serving, rollout: silent })).at(-1)).toMatch(/^done: Serving \(the route: no connection\)/);
    const cause = { code: 'crash', sentence: 'It crashes.', evidence: null, object: null, since: null } as const;
    const failed: Rollout = { ...rollout, state: 'failed', cause, answer: null, wentBack: 3 };
    expect(read(row({ status: serving, rollout: failed })).at(-1)).toBe('failed: It crashes. Went back by itself, as revision 3.');
  });
  it('ends with the cause', () => {
    const cause = { code: 'crash', sentence: 'New pods crash: exit 1.', evidence: null, object: null, since: null } as const;
    expect(read(row({ status: status({ state: 'failing', cause }) })).slice(-2)).toEqual([
      'failed: 1 of 3 ready',
      'failed: New pods crash: exit 1.',
    ]);
  });
  it('says when the cluster refused it', () => {
    expect(read(row({ revisionState: 'failed' }))).toEqual(['done: asked', 'failed: refused']);
  });
  it('has no pods to wait for at size 0', () => {
    const asleep = status({ state: 'asleep', replicas: { wanted: 0, total: 0, updated: 0, ready: 0 } });
    expect(read(row({ status: asleep }))).toEqual(['done: asked', 'done: accepted by the cluster', 'done: Asleep']);
  });
});
