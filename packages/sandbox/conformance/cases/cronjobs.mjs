import { match, same } from '../lib/expect.mjs';
import { cronJob } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

export default suite(
  'cronjobs',
  { namespace: 'own' },
  {
    'a suspended one stays quiet': async (t) => {
      const { status } = await t.create('cronjobs', cronJob('c'));
      same(status ?? {}, {});
      await t.create('cronjobs', cronJob('d', { schedule: '@daily', timeZone: 'Europe/Berlin' }));
    },
    'TZ in the schedule is refused': async (t) => {
      await t.POST(t.path('cronjobs'), cronJob('c', { schedule: 'TZ=UTC 0 3 * * *' })).is(422, {
        message: /spec\.schedule: Invalid value: "TZ=UTC 0 3 \* \* \*": cannot use TZ or CRON_TZ in schedule, use timeZone field instead/,
      });
    },
    'a name too long for its Jobs': async (t) => {
      const name = 'c'.repeat(53);
      await t.POST(t.path('cronjobs'), cronJob(name)).is(422, {
        message: `CronJob.batch "${name}" is invalid: metadata.name: Invalid value: "${name}": must be no more than 52 characters`,
      });
    },
    'each minute a Job, named by its time': [
      ['long', 'run'],
      async (t) => {
        await t.create('cronjobs', cronJob('c', { schedule: '* * * * *', suspend: false }));
        const made = await t.until('a Job', async () => (await t.list('jobs'))[0], 100_000);
        match(made.metadata, {
          name: /^c-\d{8}$/,
          annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': /T.*Z$/ },
          ownerReferences: [{ kind: 'CronJob', name: 'c' }],
        });
        await t.untilObject('cronjobs', 'c', { status: { lastScheduleTime: /T/, lastSuccessfulTime: /T/ } });
      },
    ],
    'kubectl create cronjob and get it': [
      ['kubectl'],
      async (t) => {
        await t
          .kubectl(['create', 'cronjob', 'tick', '--image=busybox:1.36', '--schedule=*/5 * * * *', '--', 'date'])
          .ok('cronjob.batch/tick created');
        match(
          await t.kubectl('get cj tick').ok(),
          /^NAME +SCHEDULE +TIMEZONE +SUSPEND +ACTIVE +LAST SCHEDULE +AGE\ntick +\*\/5 \* \* \* \* +<none> +False +0 +<none> +\d+s\n$/,
        );
        match(await t.kubectl('describe cj tick').ok(), /^Concurrency Policy: +Allow$/m);
      },
    ],
  },
);
