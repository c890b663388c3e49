import type { Drill, DrillReport } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { drillStatus, drillSteps, figures, stripInWords, whatItDoes } from './drill-words';

const report = (more: Partial<DrillReport> = {}, requests: Partial<DrillReport['requests']> = {}): DrillReport => ({
  phase: 'over',
  url: 'http://web.example/',
  replicas: 2,
  acted: 'Pod web-1 was deleted.',
  before: { sent: 30, failed: 0, medianMs: 5 },
  requests: { sent: 150, failed: 0, slowed: 0, medianMs: 5, slowestMs: 40, longestGapMs: 104, ...requests },
  failures: [],
  healedSeconds: 1.25,
  seconds: [],
  actedAtSecond: 3,
  verdict: null,
  advice: [],
  ...more,
});

describe('drills in words', () => {
  it.each<[Drill['state'], DrillReport | null, string]>([
    ['running', null, 'Running'],
    ['running', report({}, { failed: 3 }), 'Running'],
    ['done', report(), 'Nothing lost'],
    ['done', report({}, { failed: 1 }), '1 request lost'],
    ['done', report({}, { slowed: 2 }), '2 requests slowed'],
    ['done', report({ url: null }), 'Nothing was asked'],
    ['done', report({ healedSeconds: null }), 'Did not heal'],
    ['failed', report(), 'Failed'],
    ['interrupted', null, 'Interrupted'],
  ])('%s: %#', (state, found, word) => expect(drillStatus({ state, report: found }).word).toBe(word));

  it('steps are done, now, or wait', () => {
    expect(drillSteps('kill-pod', 'healing').map(({ state }) => state)).toEqual(['done', 'done', 'now', 'waits']);
    expect(drillSteps('rollout', 'over').every(({ state }) => state === 'done')).toBe(true);
  });

  it('figures say nothing of requests that were not sent', () => {
    expect(figures(report({ url: null }))).toEqual([
      ['Whole again after', '1.3 s'],
      ['Ready pods before', '2'],
    ]);
    expect(Object.fromEntries(figures(report({}, { failed: 4 })))).toMatchObject({ Failed: '4', 'Longest gap': '104 ms' });
  });

  it('what a drill will do depends on who goes on serving', () => {
    expect(whatItDoes('kill-pod', 1)).toMatch(/No other is ready/);
    expect(whatItDoes('kill-pod', 3)).toMatch(/2 other ready pods go on/);
  });

  it('the strip has a sentence', () => {
    const seconds = [
      { sent: 10, slowed: 0, failed: 0 },
      { sent: 10, slowed: 1, failed: 2 },
      { sent: 10, slowed: 1, failed: 0 },
    ];
    expect(stripInWords({ seconds, actedAtSecond: 1 })).toBe('3 seconds, the act in second 2: 1 with failures, 1 slowed, 1 as usual.');
  });
});
