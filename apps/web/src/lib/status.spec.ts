import { type AppStatus, appStates, type PodState, restingStates } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { appSeverity, appStatus, clusterStatus, deliveryStatus, nodeStatus, outcomeStatus, planStatus, podStatus, rests } from './status';

describe('words of states', () => {
  it.each<[AppStatus['state'], string, string]>([
    ['serving', 'Serving', 'ok'],
    ['rolling-out', 'Rolling out', 'busy'],
    ['degraded', 'Degraded', 'warn'],
    ['failing', 'Failing', 'bad'],
    ['asleep', 'Asleep', 'idle'],
    ['paused', 'Paused', 'idle'],
    ['scheduled', 'Scheduled', 'ok'],
    ['suspended', 'Suspended', 'idle'],
  ])('app %s is %s in %s', (state, word, tone) => {
    expect(appStatus({ state })).toMatchObject({ word, tone });
  });

  it('an app that nothing is known of is not green', () => {
    expect(appStatus(null)).toMatchObject({ word: 'Not known', tone: 'idle' });
  });

  it.each<[PodState, string, string]>([
    ['ready', 'Ready', 'ok'],
    ['starting', 'Starting', 'busy'],
    ['not-ready', 'Not ready', 'warn'],
    ['no-node-fits', 'No node fits', 'warn'],
    ['waiting-for-volume', 'Waiting for volume', 'warn'],
    ['crashing', 'Crashing', 'bad'],
    ['image-not-found', 'Image not found', 'bad'],
    ['registry-refused', 'Registry refused', 'bad'],
    ['out-of-memory', 'Out of memory', 'bad'],
    ['config-missing', 'Config missing', 'bad'],
    ['stopping', 'Stopping', 'idle'],
    ['stuck-stopping', 'Stuck stopping', 'warn'],
    ['finished', 'Finished', 'idle'],
    ['failed', 'Failed', 'bad'],
    ['evicted', 'Evicted', 'warn'],
  ])('pod %s is %s in %s', (state, word, tone) => {
    expect(podStatus(state)).toMatchObject({ word, tone });
  });

  it('a pod that no node takes turns bad after a minute', () => {
    expect(podStatus('no-node-fits', 59).tone).toBe('warn');
    expect(podStatus('no-node-fits', 60).tone).toBe('bad');
  });

  it('clusters, nodes, outcomes and plans', () => {
    expect(clusterStatus({ state: 'ready', latencyMs: 3 }).word).toBe('Ready');
    expect(clusterStatus({ state: 'ready', latencyMs: 2100 }).word).toBe('Slow');
    expect(clusterStatus({ state: 'unreachable', latencyMs: null }).tone).toBe('stale');
    expect(nodeStatus({ ready: false, cordoned: true, reason: null }).word).toBe('Not ready');
    expect(nodeStatus({ ready: true, cordoned: true, reason: null }).word).toBe('Cordoned');
    expect(nodeStatus({ ready: true, cordoned: false, reason: 'Memory pressure' })).toMatchObject({
      word: 'Memory pressure',
      tone: 'warn',
    });
    expect(outcomeStatus('refused').word).toBe('Refused');
    expect(planStatus(2, 1)).toMatchObject({ word: 'Blocked by 2', tone: 'bad' });
    expect(planStatus(0, 1, 1)).toMatchObject({ word: '1 to decide', tone: 'warn' });
    expect(planStatus(0, 0, 2)).toMatchObject({ word: '2 warnings', tone: 'warn' });
  });

  it('rests as the contract says', () => {
    expect(appStates.filter(rests)).toEqual([...restingStates]);
  });

  it('lists begin with the worst', () => {
    const states: AppStatus['state'][] = ['serving', 'failing', 'degraded', 'asleep'];
    expect(states.sort((a, b) => appSeverity({ state: a }) - appSeverity({ state: b }))).toEqual([
      'failing',
      'degraded',
      'serving',
      'asleep',
    ]);
  });
});

it.each([
  ['pending', 0, 'Waiting', 'busy'],
  ['pending', 2, 'Trying again', 'warn'],
  ['sending', 1, 'Sending', 'busy'],
  ['delivered', 1, 'Delivered', 'ok'],
  ['failed', 10, 'Not delivered', 'bad'],
] as const)('a delivery that is %s after %i tries is %s in %s', (state, attempts, word, tone) => {
  expect(deliveryStatus({ state, attempts })).toMatchObject({ word, tone });
});
