import { describe, expect, it } from 'vitest';
import { template, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { garbageCollector } from '../garbage/garbage-collector.controller.js';
import { jobs } from '../job/job.controller.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { cronJobs } from './cronjob.controller.js';
import { parseSchedule, ScheduleError } from './schedule.js';
import { startTimes } from './start-times.js';
import { zonedTimestamp } from './zone.js';

describe('a schedule', () => {
  it.each<[text: string, zone: string | undefined, after: string, next: string[]]>([
    ['*/15 * * * *', undefined, '2026-01-01T00:00:00Z', ['2026-01-01T00:15:00Z', '2026-01-01T00:30:00Z']],
    ['30 2 * * *', undefined, '2026-01-01T02:30:00Z', ['2026-01-02T02:30:00Z', '2026-01-03T02:30:00Z']],
    ['0 9 * * mon-fri', undefined, '2026-01-02T10:00:00Z', ['2026-01-05T09:00:00Z', '2026-01-06T09:00:00Z']],
    ['0 0 13 * fri', undefined, '2026-01-01T00:00:00Z', ['2026-01-02T00:00:00Z', '2026-01-09T00:00:00Z', '2026-01-13T00:00:00Z']],
    // A step is no star: either of the two days is enough.
    ['0 0 */10 * fri', undefined, '2026-01-01T00:00:00Z', ['2026-01-02T00:00:00Z', '2026-01-09T00:00:00Z', '2026-01-11T00:00:00Z']],
    ['0 0 29 2 *', undefined, '2026-01-01T00:00:00Z', ['2028-02-29T00:00:00Z']],
    ['@daily', undefined, '2026-01-01T12:00:00Z', ['2026-01-02T00:00:00Z']],
    ['5,10 1-3/2 * jan *', undefined, '2026-01-31T03:06:00Z', ['2026-01-31T03:10:00Z', '2027-01-01T01:05:00Z']],
    ['0 8 * * *', 'Europe/Berlin', '2026-03-28T00:00:00Z', ['2026-03-28T07:00:00Z', '2026-03-29T06:00:00Z']],
    ['0 8 * * *', 'Asia/Kathmandu', '2026-01-01T00:00:00Z', ['2026-01-01T02:15:00Z', '2026-01-02T02:15:00Z']],
    // The hour that is left out in spring has no half past two.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-28T02:00:00Z', ['2026-03-30T00:30:00Z']],
  ])('%s in %s after %s', (text, zone, after, next) => {
    const schedule = parseSchedule(text, zone);
    let at = Date.parse(after);
    for (const expected of next) {
      at = schedule.next(at) ?? 0;
      expect(new Date(at).toISOString().replace('.000', '')).toBe(expected);
    }
  });

  it.each(['* * * *', '60 * * * *', '* * 0 * *', 'a * * * *', '5-1 * * * *', '*/0 * * * *', '@sometimes', ''])('is not %j', (text) => {
    expect(() => parseSchedule(text)).toThrow(ScheduleError);
  });

  it('that never comes has no next', () => {
    expect(parseSchedule('0 0 31 2 *').next(Date.UTC(2026, 0))).toBeUndefined();
  });

  it('shows times with the offset of their zone', () => {
    expect(zonedTimestamp(Date.UTC(2026, 6, 1, 6), 'Europe/Berlin')).toBe('2026-07-01T08:00:00+02:00');
    expect(zonedTimestamp(Date.UTC(2026, 6, 1, 6), 'Asia/Kathmandu')).toBe('2026-07-01T11:45:00+05:45');
    expect(zonedTimestamp(Date.UTC(2026, 6, 1, 6))).toBe('2026-07-01T06:00:00Z');
  });
});

describe('the start that is due', () => {
  const at = (time: string): number => Date.parse(`2026-01-01T${time}:00Z`);
  const cron = (last?: string, startingDeadlineSeconds?: number): Parameters<typeof startTimes>[0] => ({
    metadata: { name: 'c', creationTimestamp: '2026-01-01T00:00:30Z' },
    spec: {
      schedule: '',
      jobTemplate: { spec: { template: { spec: { containers: [] } } } },
      ...(startingDeadlineSeconds ? { startingDeadlineSeconds } : {}),
    },
    ...(last ? { status: { lastScheduleTime: `2026-01-01T${last}:00Z` } } : {}),
  });
  it.each([
    { name: 'none yet', cron: cron(), now: '00:04', due: undefined, many: false },
    { name: 'one', cron: cron(), now: '00:05', due: '00:05', many: false },
    { name: 'the latest of several', cron: cron('00:05'), now: '00:32', due: '00:30', many: false },
    { name: 'the latest of very many', cron: cron(), now: '23:59', due: '23:55', many: true },
    { name: 'none that is too old', cron: cron('00:05', 60), now: '00:33', due: undefined, many: false },
  ])('is $name', ({ cron: given, now, due, many }) => {
    const found = startTimes(given, parseSchedule('*/5 * * * *'), at(now));
    expect([found.due, found.manyMissed]).toEqual([due && at(due), many]);
  });
});

function start(spec: object, endsAfterMs: number): VirtualCluster {
  const cluster = virtualCluster({
    controllers: [jobs, cronJobs, scheduler, garbageCollector],
    scene: () => ({ readyAfterMs: 500, endsAfterMs }),
  });
  cluster.create('cronjobs.batch', {
    metadata: { name: 'night' },
    spec: {
      concurrencyPolicy: 'Allow',
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: { spec: { backoffLimit: 6, template: template('night', 'night', { restartPolicy: 'Never' }) } },
      ...spec,
    },
  });
  return cluster;
}

describe('a CronJob', () => {
  it('lives through a day: 24 starts, the last three kept', () => {
    const cluster = start({ schedule: '0 * * * *' }, 60_000);
    const started: string[] = [];
    cluster.api.onChange('jobs.batch', ({ type, object }) => {
      if (type === 'ADDED') started.push(object.metadata.annotations?.['batch.kubernetes.io/cronjob-scheduled-timestamp'] ?? '');
    });
    cluster.clock.advance(24 * 3600_000 + 120_000);
    expect(started).toHaveLength(24);
    expect(started.slice(0, 2)).toEqual(['2026-01-01T01:00:00Z', '2026-01-01T02:00:00Z']);
    expect(cluster.list('jobs.batch')).toHaveLength(3);
    expect(cluster.list('pods')).toHaveLength(3);
    const { status } = cluster.get('cronjobs.batch', 'night') ?? {};
    expect(status).toEqual({ lastScheduleTime: '2026-01-02T00:00:00Z', lastSuccessfulTime: '2026-01-02T00:01:00Z' });
    const last = cluster.list('jobs.batch').at(-1)?.metadata.name;
    expect(last).toBe(`night-${Date.UTC(2026, 0, 2) / 60_000}`);
    expect(cluster.events('night')).toContain(`Normal SawCompletedJob: Saw completed job: ${last}, condition: Complete`);
    cluster.stop();
  });

  it.each([
    { concurrencyPolicy: 'Allow', running: 3 },
    { concurrencyPolicy: 'Forbid', running: 1 },
    { concurrencyPolicy: 'Replace', running: 1 },
  ])('with $concurrencyPolicy has $running running after three starts of long jobs', ({ concurrencyPolicy, running }) => {
    const cluster = start({ schedule: '* * * * *', concurrencyPolicy }, 3600_000);
    cluster.clock.advance(185_000);
    expect(cluster.get('cronjobs.batch', 'night')?.status?.active).toHaveLength(running);
    const started = cluster.events('night').filter((each) => each.includes('SuccessfulCreate'));
    expect(started).toHaveLength(concurrencyPolicy === 'Forbid' ? 1 : 3);
    cluster.stop();
  });

  it('does nothing while it is suspended, and then starts the latest that it missed', () => {
    const cluster = start({ schedule: '*/10 * * * *', suspend: true }, 1000);
    cluster.clock.advance(3600_000 - 60_000);
    expect(cluster.list('jobs.batch')).toEqual([]);
    cluster.change('cronjobs.batch', 'night', (draft) => {
      draft.spec.suspend = false;
    });
    cluster.clock.advance(1000);
    expect(cluster.list('jobs.batch').map((each) => each.metadata.name)).toEqual([`night-${Date.UTC(2026, 0, 1, 0, 50) / 60_000}`]);
    cluster.stop();
  });
});
