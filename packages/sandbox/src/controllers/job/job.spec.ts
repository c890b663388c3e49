import { describe, expect, it } from 'vitest';
import { template, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { garbageCollector } from '../garbage/garbage-collector.controller.js';
import type { Job } from '../model/batch.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { ttlAfterFinished } from '../ttl/ttl-after-finished.controller.js';
import { formatIndexes, parseIndexes } from './indexes.js';
import { jobs } from './job.controller.js';

function start(spec: object, exits: (index: number) => number = () => 0): VirtualCluster & { created: number[] } {
  let count = 0;
  const cluster = virtualCluster({
    controllers: [jobs, scheduler, ttlAfterFinished, garbageCollector],
    scene: () => ({ readyAfterMs: 1000, endsAfterMs: 5000, exitCode: exits(count++) }),
  });
  const created: number[] = [];
  const began = cluster.clock.now();
  cluster.api.onChange('pods', ({ type }) => {
    if (type === 'ADDED') created.push(Math.round((cluster.clock.now() - began) / 1000));
  });
  cluster.create('jobs.batch', {
    metadata: { name: 'sum' },
    spec: { backoffLimit: 6, template: template('sum', 'sum', { restartPolicy: 'Never' }), ...spec },
  });
  return { ...cluster, created };
}
const status = (cluster: VirtualCluster): Job['status'] => cluster.get('jobs.batch', 'sum')?.status;
const conditions = (cluster: VirtualCluster): string[] =>
  (status(cluster)?.conditions ?? []).map(({ type, status: is, reason }) => `${type}=${is} ${reason}`);

describe('a Job', () => {
  it('runs once, and says so as the real one', () => {
    const cluster = start({ completions: 1, parallelism: 1 });
    cluster.clock.advance(2000);
    expect(status(cluster)).toEqual({
      active: 1,
      ready: 1,
      terminating: 0,
      startTime: '2026-01-01T00:00:00Z',
      uncountedTerminatedPods: {},
    });
    cluster.clock.advance(10_000);
    expect(status(cluster)).toMatchObject({
      succeeded: 1,
      ready: 0,
      terminating: 0,
      completionTime: '2026-01-01T00:00:05Z',
      uncountedTerminatedPods: {},
    });
    expect(status(cluster)?.active).toBeUndefined();
    expect(conditions(cluster)).toEqual(['SuccessCriteriaMet=True CompletionsReached', 'Complete=True CompletionsReached']);
    expect(cluster.list('pods')[0]?.metadata.finalizers).toBeUndefined();
    expect(cluster.events('sum').map((each) => each.replace(/-\w{5}$/, '-x'))).toEqual([
      'Normal SuccessfulCreate: Created pod: sum-x',
      'Normal Completed: Job completed',
    ]);
    cluster.stop();
  });

  it('tries again after 10 s, 20 s, 40 s, … and gives up after its limit', () => {
    const cluster = start({ completions: 1, backoffLimit: 4 }, () => 1);
    cluster.clock.advance(600_000);
    // Each runs for 5 s; the wait counts from its end.
    expect(cluster.created).toEqual([0, 15, 40, 85, 170]);
    expect(status(cluster)).toMatchObject({ failed: 5 });
    expect(conditions(cluster)).toEqual(['FailureTarget=True BackoffLimitExceeded', 'Failed=True BackoffLimitExceeded']);
    expect(cluster.events('sum').at(-1)).toBe('Warning BackoffLimitExceeded: Job has reached the specified backoff limit');
    cluster.stop();
  });

  it('waits at most ten minutes between two tries', () => {
    const cluster = start({ completions: 1, backoffLimit: 20 }, () => 1);
    cluster.clock.advance(3 * 3600_000);
    const gaps = cluster.created.map((at, index) => at - (cluster.created[index - 1] ?? at) - 5).slice(1, 10);
    expect(gaps).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
    cluster.stop();
  });

  it('starts the row of failures anew after a success', () => {
    const cluster = start({ completions: 3, parallelism: 1 }, (index) => (index % 2 === 0 ? 1 : 0));
    cluster.clock.advance(300_000);
    expect(status(cluster)).toMatchObject({ succeeded: 3, failed: 3 });
    expect(cluster.created).toEqual([0, 15, 20, 35, 40, 55]);
    cluster.stop();
  });

  it('runs so many at a time, and no more than are missing', () => {
    const cluster = start({ completions: 5, parallelism: 2 });
    cluster.clock.advance(60_000);
    expect(cluster.created).toEqual([0, 0, 5, 5, 10]);
    expect(status(cluster)).toMatchObject({ succeeded: 5 });
    cluster.stop();
  });

  it('with indexes runs each of them to its success', () => {
    const cluster = start({ completions: 4, parallelism: 4, completionMode: 'Indexed' }, (index) => (index === 1 ? 1 : 0));
    cluster.clock.advance(6_000);
    expect(status(cluster)).toMatchObject({ succeeded: 3, failed: 1, completedIndexes: '0,2,3' });
    cluster.clock.advance(60_000);
    expect(status(cluster)).toMatchObject({ succeeded: 4, completedIndexes: '0-3' });
    const again = cluster.list('pods').filter((pod) => pod.metadata.labels?.['batch.kubernetes.io/job-completion-index'] === '1');
    expect(again.map((pod) => pod.spec.hostname)).toEqual(['sum-1', 'sum-1']);
    expect(again[0]?.metadata.name).toMatch(/^sum-1-\w{5}$/);
    cluster.stop();
  });

  it.each([
    { more: {}, succeeded: 2, failedIndexes: '1', reason: 'FailedIndexes', tries: 2 },
    { more: { maxFailedIndexes: 0 }, succeeded: 2, failedIndexes: '1', reason: 'MaxFailedIndexesExceeded', tries: 2 },
    {
      more: { podFailurePolicy: { rules: [{ action: 'FailIndex', onExitCodes: { operator: 'In', values: [7] } }] } },
      succeeded: 2,
      failedIndexes: '1',
      reason: 'FailedIndexes',
      tries: 1,
    },
  ])(
    'with a limit for each index gives up the one, not the others: $reason after $tries',
    ({ more, succeeded, failedIndexes, reason, tries }) => {
      const cluster = start(
        { completions: 3, parallelism: 3, completionMode: 'Indexed', backoffLimit: undefined, backoffLimitPerIndex: 1, ...more },
        (index) => (index === 1 || index === 3 ? 7 : 0),
      );
      cluster.clock.advance(120_000);
      expect(status(cluster)).toMatchObject({ succeeded, failedIndexes, failed: tries, completedIndexes: '0,2' });
      expect(conditions(cluster)).toEqual([`FailureTarget=True ${reason}`, `Failed=True ${reason}`]);
      expect(
        cluster.list('pods').filter((pod) => pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'] === '1'),
      ).toHaveLength(tries);
      cluster.stop();
    },
  );

  it('ends at its deadline, and takes its pods along', () => {
    const cluster = start({ completions: 1, activeDeadlineSeconds: 3 });
    cluster.clock.advance(60_000);
    expect(conditions(cluster)).toEqual(['FailureTarget=True DeadlineExceeded', 'Failed=True DeadlineExceeded']);
    expect(cluster.list('pods')).toEqual([]);
    cluster.stop();
  });

  it('stands still while it is suspended', () => {
    const cluster = start({ completions: 1, suspend: true });
    cluster.clock.advance(10_000);
    expect([cluster.list('pods').length, conditions(cluster), status(cluster)?.startTime]).toEqual([
      0,
      ['Suspended=True JobSuspended'],
      undefined,
    ]);
    cluster.change('jobs.batch', 'sum', (draft) => {
      draft.spec.suspend = false;
    });
    cluster.clock.advance(10_000);
    expect(conditions(cluster)).toEqual([
      'Suspended=False JobResumed',
      'SuccessCriteriaMet=True CompletionsReached',
      'Complete=True CompletionsReached',
    ]);
    expect(cluster.events('sum')).toEqual(expect.arrayContaining(['Normal Suspended: Job suspended', 'Normal Resumed: Job resumed']));
    cluster.stop();
  });

  it('fails at once where its failure policy says so, and does not count what it ignores', () => {
    const rule = (action: string, value: number): object => ({ action, onExitCodes: { operator: 'In', values: [value] } });
    const cluster = start(
      { completions: 1, backoffLimit: 0, podFailurePolicy: { rules: [rule('Ignore', 3), rule('FailJob', 42)] } },
      (index) => [3, 42][index] ?? 0,
    );
    cluster.clock.advance(60_000);
    expect(conditions(cluster)).toEqual(['FailureTarget=True PodFailurePolicy', 'Failed=True PodFailurePolicy']);
    expect(status(cluster)?.failed).toBe(1);
    expect(status(cluster)?.conditions?.[0]?.message).toMatch(
      /^Container web for pod default\/sum-\w{5} failed with exit code 42 matching FailJob rule at index 1$/,
    );
    cluster.stop();
  });

  it.each(['Background', 'Foreground', 'Orphan'] as const)('lets its pods go when it is deleted: %s', (propagationPolicy) => {
    const cluster = start({ completions: 3, parallelism: 2 });
    cluster.clock.advance(2000);
    expect(cluster.list('pods').every((pod) => pod.metadata.finalizers?.length === 1)).toBe(true);
    cluster.api.delete('jobs.batch', 'default', 'sum', { propagationPolicy });
    cluster.clock.advance(60_000);
    expect(cluster.get('jobs.batch', 'sum')).toBeUndefined();
    expect(cluster.list('pods').map(({ metadata }) => [metadata.finalizers, metadata.ownerReferences ?? []])).toEqual(
      propagationPolicy === 'Orphan' ? Array(2).fill([undefined, []]) : [],
    );
    cluster.stop();
  });

  it('is deleted some time after its end', () => {
    const cluster = start({ completions: 1, ttlSecondsAfterFinished: 30 });
    cluster.clock.advance(34_000);
    expect(cluster.get('jobs.batch', 'sum')).toBeDefined();
    cluster.clock.advance(5_000);
    expect(cluster.get('jobs.batch', 'sum')).toBeUndefined();
    expect(cluster.list('pods')).toEqual([]);
    cluster.stop();
  });
});

it.each([
  [[0, 1, 2, 4], '0-2,4'],
  [[0, 1], '0,1'],
  [[], ''],
  [[3, 1, 7, 8, 9], '1,3,7-9'],
])('writes the indexes %j as %s', (indexes, text) => {
  expect(formatIndexes(indexes)).toBe(text);
  expect([...parseIndexes(text)].sort()).toEqual([...indexes].sort());
});
