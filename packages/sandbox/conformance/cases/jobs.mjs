import { absent, match, same, some } from '../lib/expect.mjs';
import { cronJob, job } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const shell = (script, more = {}) => ({
  restartPolicy: 'Never',
  containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script] }],
  ...more,
});
const ended = (t, name, type, ms = 90_000) =>
  t.untilObject('jobs', name, { status: { conditions: (v) => v?.some((c) => c.type === type && c.status === 'True') } }, ms);

export default suite(
  'jobs',
  { namespace: 'own' },
  {
    'a suspended Job has no pods, and says so': async (t) => {
      await t.create('jobs', job('j', { suspend: true }));
      const { status } = await t.untilObject('jobs', 'j', { status: { conditions: (v) => v?.some((c) => c.type === 'Suspended') } });
      some(status.conditions, { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' });
      match((await t.list('pods')).length, 0);
      await t.PATCH(t.path('jobs', 'j'), { spec: { suspend: false } }, 'merge').is(200);
      await t.until('a pod', async () => (await t.list('pods')).length === 1);
    },
    'its pods': async (t) => {
      const made = await t.create('jobs', job('j'));
      const one = await t.until('a pod', async () => (await t.list('pods'))[0]);
      match(one.metadata, {
        name: /^j-[a-z0-9]{5}$/,
        labels: { 'job-name': 'j', 'batch.kubernetes.io/job-name': 'j', 'batch.kubernetes.io/controller-uid': made.metadata.uid },
        ownerReferences: [{ kind: 'Job', name: 'j', controller: true }],
      });
    },
    'parallelism: so many pods at a time': async (t) => {
      await t.create('jobs', job('j', { completions: 5, parallelism: 2 }, { ...shell('sleep 3600') }));
      await t.untilObject('jobs', 'j', { status: { active: 2 } });
      match((await t.list('pods')).length, 2);
    },
    activeDeadlineSeconds: async (t) => {
      await t.create('jobs', job('j', { activeDeadlineSeconds: 1 }, { ...shell('sleep 3600'), nodeSelector: { none: 'such' } }));
      const { status } = await ended(t, 'j', 'Failed', 40_000);
      some(status.conditions, {
        type: 'Failed',
        status: 'True',
        reason: 'DeadlineExceeded',
        message: 'Job was active longer than specified deadline',
      });
      some(status.conditions, { type: 'FailureTarget', status: 'True', reason: 'DeadlineExceeded' });
    },
    'one that succeeds': [
      ['run'],
      async (t) => {
        await t.create('jobs', job('j'));
        const { status } = await ended(t, 'j', 'Complete');
        match(status, {
          succeeded: 1,
          startTime: /T/,
          completionTime: /T/,
          active: absent,
          failed: absent,
          ready: 0,
          terminating: 0,
          uncountedTerminatedPods: {},
        });
        some(status.conditions, {
          type: 'SuccessCriteriaMet',
          status: 'True',
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        });
        some(status.conditions, {
          type: 'Complete',
          status: 'True',
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        });
        const [one] = await t.list('pods');
        match(one.status, {
          phase: 'Succeeded',
          containerStatuses: [{ ready: false, state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
        });
        some(
          await t.until('events', async () => {
            const l = await t.list('events', { fieldSelector: 'involvedObject.name=j' });
            return l.length >= 2 && l;
          }),
          { reason: 'Completed', message: 'Job completed' },
        );
      },
    ],
    'completions one after the other': [
      ['run'],
      async (t) => {
        await t.create('jobs', job('j', { completions: 3 }));
        match((await ended(t, 'j', 'Complete')).status.succeeded, 3);
        match((await t.list('pods')).length, 3);
      },
    ],
    'Indexed: each has its number': [
      ['run'],
      async (t) => {
        await t.create(
          'jobs',
          job('j', { completions: 2, parallelism: 2, completionMode: 'Indexed' }, shell('echo "I am $JOB_COMPLETION_INDEX"')),
        );
        match((await ended(t, 'j', 'Complete')).status.completedIndexes, '0,1');
        const pods = await t.list('pods');
        same(pods.map((p) => p.metadata.annotations['batch.kubernetes.io/job-completion-index']).sort(), ['0', '1']);
        const second = pods.find((p) => p.metadata.labels['batch.kubernetes.io/job-completion-index'] === '1');
        match(second, { metadata: { name: /^j-1-[a-z0-9]{5}$/ }, spec: { hostname: 'j-1' } });
        match((await t.GET(t.path('pods', second.metadata.name, 'log'))).text, 'I am 1\n');
      },
    ],
    'backoffLimit: a new pod for each failure, then failed': [
      ['run'],
      async (t) => {
        await t.create('jobs', job('j', { backoffLimit: 1 }, shell('exit 3')));
        const { status } = await ended(t, 'j', 'Failed');
        some(status.conditions, {
          type: 'Failed',
          reason: 'BackoffLimitExceeded',
          message: 'Job has reached the specified backoff limit',
        });
        match(status.failed, 2);
        const [one] = await t.list('pods');
        match(one.status, { phase: 'Failed', containerStatuses: [{ state: { terminated: { exitCode: 3, reason: 'Error' } } }] });
        some(await t.list('events', { fieldSelector: 'involvedObject.name=j' }), {
          type: 'Warning',
          reason: 'BackoffLimitExceeded',
          message: 'Job has reached the specified backoff limit',
        });
      },
    ],
    'podFailurePolicy: FailJob': [
      ['run'],
      async (t) => {
        const podFailurePolicy = { rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }] };
        await t.create('jobs', job('j', { podFailurePolicy }, shell('exit 42')));
        const { status } = await ended(t, 'j', 'Failed');
        some(status.conditions, {
          type: 'Failed',
          reason: 'PodFailurePolicy',
          message: /^Container main for pod \S+ failed with exit code 42 matching FailJob rule at index 0$/,
        });
      },
    ],
    'OnFailure: the same pod again': [
      ['run'],
      async (t) => {
        const spec = {
          restartPolicy: 'OnFailure',
          volumes: [{ name: 'v', emptyDir: {} }],
          containers: [
            {
              name: 'main',
              image: 'busybox:1.36',
              command: ['sh', '-c', 'test -f /v/done || { touch /v/done; exit 1; }'],
              volumeMounts: [{ name: 'v', mountPath: '/v' }],
            },
          ],
        };
        await t.create('jobs', job('j', {}, spec));
        await ended(t, 'j', 'Complete');
        const pods = await t.list('pods');
        match(pods, [{ status: { containerStatuses: [{ restartCount: 1 }] } }]);
      },
    ],
    ttlSecondsAfterFinished: [
      ['run'],
      async (t) => {
        await t.create('jobs', job('j', { ttlSecondsAfterFinished: 1 }));
        await t.untilGone('jobs', 'j', 60_000);
        await t.until('its pods are gone', async () => (await t.list('pods')).length === 0);
      },
    ],
    'deleting one deletes its pods; by plain REST it orphans them': async (t) => {
      await t.create('jobs', job('j', {}, { ...shell('sleep 3600') }));
      await t.until('a pod', async () => (await t.list('pods')).length === 1);
      const answer = await t.DELETE(t.path('jobs', 'j'));
      answer.is(200);
      match(answer.warnings, [
        'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
      ]);
      await t.untilGone('jobs', 'j');
      const [one] = await t.until('an orphan', async () => {
        const l = await t.list('pods');
        return l[0] && !l[0].metadata.ownerReferences && l;
      });
      match(one.metadata.ownerReferences, absent);
    },
    'kubectl create job, and from a CronJob': [
      ['kubectl'],
      async (t) => {
        await t.kubectl(['create', 'job', 'hello', '--image=busybox:1.36', '--', 'echo', 'hello']).ok('job.batch/hello created');
        match((await t.read('jobs', 'hello')).spec.template.spec, {
          restartPolicy: 'Never',
          containers: [{ name: 'hello', command: ['echo', 'hello'] }],
        });
        const cron = await t.create('cronjobs', cronJob('nightly'));
        await t.kubectl('create job now --from=cronjob/nightly').ok('job.batch/now created');
        match((await t.read('jobs', 'now')).metadata, {
          annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
          ownerReferences: [{ kind: 'CronJob', name: 'nightly', uid: cron.metadata.uid, controller: true }],
        });
      },
    ],
    'kubectl wait for a Job and its log': [
      ['run', 'kubectl'],
      async (t) => {
        await t.kubectl(['create', 'job', 'hello', '--image=busybox:1.36', '--', 'echo', 'hello']).ok();
        await t.kubectl('wait job/hello --for=condition=complete --timeout=60s').ok('job.batch/hello condition met');
        await t.kubectl('logs job/hello').ok('hello');
        match(await t.kubectl('get job hello').ok(), /^NAME +STATUS +COMPLETIONS +DURATION +AGE\nhello +Complete +1\/1 +\d+s +\d+s\n$/);
      },
    ],
  },
);
