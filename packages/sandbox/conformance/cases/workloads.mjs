import { absent, match, none, same, some } from '../lib/expect.mjs';
import { autoscaler, budget, claim, cronJob, daemonSet, deployment, job, pod, statefulSet } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const names = (list) => list.map((item) => item.metadata.name).sort();
const shell = (script, more = {}) => ({
  restartPolicy: 'Never',
  containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script] }],
  ...more,
});
const ended = (t, name, type, ms = 90_000) =>
  t.untilObject('jobs', name, { status: { conditions: (v) => v?.some((c) => c.type === type && c.status === 'True') } }, ms);
const stable = (t, name, replicas) =>
  t.untilObject(
    'statefulsets',
    name,
    { status: { readyReplicas: replicas, replicas, updatedReplicas: replicas, currentRevision: (v) => Boolean(v) } },
    90_000,
  );

export default [
  suite(
    'statefulsets',
    { namespace: 'own' },
    {
      'names, labels, order': async (t) => {
        const { metadata } = await t.GET(t.path('pods')).is(200);
        const watch = await t.watch(t.path('pods'), { resourceVersion: metadata.resourceVersion });
        await t.create('statefulsets', statefulSet('db', { replicas: 3 }));
        await stable(t, 'db', 3);
        const ready = new Set();
        await watch.next(({ type, object }) => {
          const { name } = object.metadata;
          const before = { 'db-1': 'db-0', 'db-2': 'db-1' }[name];
          if (type === 'ADDED' && before) match(ready.has(before), true, `${before} ready before ${name} begins`);
          if (object.status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')) ready.add(name);
          return ready.size === 3;
        });
        const second = await t.read('pods', 'db-1');
        match(second, {
          metadata: {
            labels: {
              app: 'db',
              'statefulset.kubernetes.io/pod-name': 'db-1',
              'apps.kubernetes.io/pod-index': '1',
              'controller-revision-hash': /^db-/,
            },
            ownerReferences: [{ kind: 'StatefulSet', name: 'db', controller: true }],
          },
          spec: { hostname: 'db-1', subdomain: 'db' },
        });
      },
      'Parallel: all at once': async (t) => {
        await t.create('statefulsets', statefulSet('db', { replicas: 3, podManagementPolicy: 'Parallel' }));
        await stable(t, 'db', 3);
      },
      'the status names its revisions': async (t) => {
        await t.create('statefulsets', statefulSet('db'));
        const { status } = await stable(t, 'db', 1);
        match(status, {
          currentRevision: /^db-/,
          updateRevision: status.currentRevision,
          collisionCount: 0,
          availableReplicas: 1,
          currentReplicas: 1,
          observedGeneration: 1,
        });
        const [one] = await t.list('controllerrevisions');
        match(one, { metadata: { name: status.currentRevision }, revision: 1, data: { spec: { template: { $patch: 'replace' } } } });
      },
      'an update goes from the last to the first': async (t) => {
        await t.create('statefulsets', statefulSet('db', { replicas: 2 }));
        const before = await stable(t, 'db', 2);
        const list = await t.GET(t.path('pods')).is(200);
        const watch = await t.watch(t.path('pods'), { resourceVersion: list.metadata.resourceVersion });
        await t
          .PATCH(
            t.path('statefulsets', 'db'),
            { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } } },
            'strategic',
          )
          .is(200);
        const order = [];
        await watch.next(({ type, object }) => type === 'ADDED' && order.push(object.metadata.name) === 2, { ms: 60_000 });
        same(order, ['db-1', 'db-0']);
        const after = await t.untilObject(
          'statefulsets',
          'db',
          { status: { updatedReplicas: 2, readyReplicas: 2, currentRevision: (v) => v !== before.status.currentRevision } },
          60_000,
        );
        match(after.status.currentRevision, after.status.updateRevision);
      },
      'partition: only those from there on': async (t) => {
        await t.create(
          'statefulsets',
          statefulSet('db', { replicas: 2, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } }),
        );
        await stable(t, 'db', 2);
        await t
          .PATCH(
            t.path('statefulsets', 'db'),
            { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } } },
            'strategic',
          )
          .is(200);
        await t.untilObject(
          'statefulsets',
          'db',
          { status: { observedGeneration: 2, updatedReplicas: 1, currentReplicas: 1, readyReplicas: 2 } },
          60_000,
        );
        match((await t.read('pods', 'db-0')).spec.containers[0].image, 'nginx:1.27');
        match((await t.read('pods', 'db-1')).spec.containers[0].image, 'nginx:1.28');
      },
      'OnDelete: nothing until a pod is deleted': async (t) => {
        await t.create('statefulsets', statefulSet('db', { updateStrategy: { type: 'OnDelete' } }));
        await stable(t, 'db', 1);
        await t
          .PATCH(
            t.path('statefulsets', 'db'),
            { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } } },
            'strategic',
          )
          .is(200);
        await t.untilObject('statefulsets', 'db', { status: { observedGeneration: 2 } });
        match((await t.read('pods', 'db-0')).spec.containers[0].image, 'nginx:1.27');
        await t.DELETE(t.path('pods', 'db-0')).is(200);
        await t.until(
          'the new image',
          async () => (await t.GET(t.path('pods', 'db-0'))).body?.spec?.containers?.[0].image === 'nginx:1.28',
        );
      },
      'scaling down takes the last': async (t) => {
        await t.create('statefulsets', statefulSet('db', { replicas: 3, podManagementPolicy: 'Parallel' }));
        await stable(t, 'db', 3);
        await t.PATCH(t.path('statefulsets', 'db', 'scale'), { spec: { replicas: 1 } }, 'merge').is(200);
        await t.until('db-0 alone', async () => names(await t.list('pods')).join() === 'db-0', 60_000);
      },
      'a claim for each pod, with its name; it stays': async (t) => {
        await t.create(
          'statefulsets',
          statefulSet('db', { replicas: 1, volumeClaimTemplates: [claim('data', { storageClassName: 'none' })] }),
        );
        const made = await t.until('a claim', async () => (await t.list('persistentvolumeclaims'))[0]);
        match(made, {
          metadata: { name: 'data-db-0', labels: { app: 'db' }, ownerReferences: absent },
          spec: { storageClassName: 'none' },
          status: { phase: 'Pending' },
        });
        const one = await t.until('its pod', async () => (await t.list('pods'))[0]);
        some(one.spec.volumes, { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } });
        await t.DELETE(t.path('statefulsets', 'db')).is(200);
        await t.untilGone('pods', 'db-0');
        await t.read('persistentvolumeclaims', 'data-db-0');
      },
      'a claim that goes with the set': async (t) => {
        const spec = {
          volumeClaimTemplates: [claim('data', { storageClassName: 'none' })],
          persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
        };
        const set = await t.create('statefulsets', statefulSet('db', spec));
        await t.untilObject('persistentvolumeclaims', 'data-db-0', {
          metadata: { ownerReferences: [{ kind: 'StatefulSet', uid: set.metadata.uid }] },
        });
        await t.DELETE(t.path('statefulsets', 'db')).is(200);
        await t.untilGone('persistentvolumeclaims', 'data-db-0');
      },
      'ordinals may begin elsewhere': async (t) => {
        await t.create('statefulsets', statefulSet('db', { ordinals: { start: 5 } }));
        await t.until('db-5', async () => (await t.GET(t.path('pods', 'db-5'))).status === 200);
      },
      'kubectl rollout status, history and undo': [
        ['kubectl'],
        async (t) => {
          await t.create('statefulsets', statefulSet('db'));
          match(
            await t.kubectl('rollout status sts db --timeout=50s').ok(),
            /partitioned roll out complete: 1 new pods have been updated\.\.\.|statefulset rolling update complete 1 pods at revision db-/,
          );
          await t.kubectl('set image sts/db main=nginx:1.28').ok('statefulset.apps/db image updated');
          await t.untilObject('statefulsets', 'db', { status: { observedGeneration: 2 } });
          await t.until('two revisions', async () => (await t.list('controllerrevisions')).length === 2);
          match(
            await t.kubectl('rollout history sts db').ok(),
            /^statefulset\.apps\/db \nREVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>\n\n$/,
          );
          await t.kubectl('rollout undo sts db --to-revision=1').ok('statefulset.apps/db rolled back');
          match((await t.read('statefulsets', 'db')).spec.template.spec.containers[0].image, 'nginx:1.27');
        },
      ],
    },
  ),
  suite(
    'daemonsets',
    { namespace: 'own' },
    {
      'one pod on each node': async (t) => {
        const nodes = (await t.list('nodes')).filter((n) => !n.spec.unschedulable && !n.spec.taints);
        await t.create('daemonsets', daemonSet('agent'));
        await t.untilObject('daemonsets', 'agent', {
          status: {
            desiredNumberScheduled: (n) => n >= nodes.length,
            numberReady: (n) => n >= nodes.length,
            currentNumberScheduled: (n) => n >= nodes.length,
            numberMisscheduled: 0,
            observedGeneration: 1,
          },
        });
        const pods = await t.list('pods');
        for (const node of nodes) some(pods, { spec: { nodeName: node.metadata.name } });
        match(pods[0], {
          metadata: {
            labels: { app: 'agent', 'controller-revision-hash': /./, 'pod-template-generation': '1' },
            ownerReferences: [{ kind: 'DaemonSet', name: 'agent' }],
          },
        });
        match(pods[0].spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms, [
          { matchFields: [{ key: 'metadata.name', operator: 'In', values: [pods[0].spec.nodeName] }] },
        ]);
        some(pods[0].spec.tolerations, { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' });
      },
      'a node selector that fits no node: none': async (t) => {
        await t.create('daemonsets', daemonSet('agent', {}, { nodeSelector: { none: 'such' } }));
        await t.untilObject('daemonsets', 'agent', { status: { observedGeneration: 1, desiredNumberScheduled: 0 } });
        match((await t.list('pods')).length, 0);
      },
      'a new template is rolled out': async (t) => {
        await t.create('daemonsets', daemonSet('agent'));
        const { status } = await t.untilObject('daemonsets', 'agent', {
          status: { numberAvailable: (n) => n > 0, desiredNumberScheduled: (n) => n > 0 },
        });
        await t
          .PATCH(
            t.path('daemonsets', 'agent'),
            { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } } } },
            'strategic',
          )
          .is(200);
        await t.untilObject(
          'daemonsets',
          'agent',
          {
            status: {
              observedGeneration: 2,
              updatedNumberScheduled: (n) => n >= status.desiredNumberScheduled,
              numberAvailable: (n) => n >= status.desiredNumberScheduled,
            },
          },
          90_000,
        );
        match((await t.list('controllerrevisions')).length, 2);
      },
    },
  ),
  suite(
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
  ),
  suite(
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
  ),
  suite(
    'autoscalers',
    { namespace: 'own' },
    {
      'without metrics it says why': async (t) => {
        await t.create('deployments', deployment('web', { replicas: 1 }));
        await t.create('horizontalpodautoscalers', autoscaler('web'));
        const { status } = await t.untilObject(
          'horizontalpodautoscalers',
          'web',
          { status: { conditions: (v) => v?.some((c) => c.type === 'ScalingActive' && c.status === 'False') } },
          60_000,
        );
        some(status.conditions, {
          type: 'AbleToScale',
          status: 'True',
          reason: 'SucceededGetScale',
          message: "the HPA controller was able to get the target's current scale",
        });
        some(status.conditions, { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric' });
      },
      'of what is not there': async (t) => {
        await t.create('horizontalpodautoscalers', autoscaler('none'));
        const { status } = await t.untilObject(
          'horizontalpodautoscalers',
          'none',
          { status: { conditions: (v) => v?.some((c) => c.type === 'AbleToScale') } },
          60_000,
        );
        some(status.conditions, {
          type: 'AbleToScale',
          status: 'False',
          reason: 'FailedGetScale',
          message: 'the HPA controller was unable to get the target\'s current scale: deployments.apps "none" not found',
        });
        const events = await t.until('an event', async () => {
          const l = await t.list('events', { fieldSelector: 'reason=FailedGetScale' });
          return l.length > 0 && l;
        });
        some(events, { type: 'Warning', message: 'deployments.apps "none" not found' });
      },
      'a target of no replicas switches it off': async (t) => {
        await t.create('deployments', deployment('web', { replicas: 0 }));
        await t.create('horizontalpodautoscalers', autoscaler('web'));
        const { status } = await t.untilObject(
          'horizontalpodautoscalers',
          'web',
          { status: { conditions: (v) => v?.some((c) => c.reason === 'ScalingDisabled') } },
          60_000,
        );
        some(status.conditions, {
          type: 'ScalingActive',
          status: 'False',
          reason: 'ScalingDisabled',
          message: 'scaling is disabled since the replica count of the target is zero',
        });
      },
      'below the minimum it scales up at once': async (t) => {
        await t.create('deployments', deployment('web', { replicas: 1 }));
        await t.create('horizontalpodautoscalers', autoscaler('web', { minReplicas: 2 }));
        await t.untilObject('deployments', 'web', { spec: { replicas: 2 } }, 60_000);
        const events = await t.until('an event', async () => {
          const l = await t.list('events', { fieldSelector: 'reason=SuccessfulRescale' });
          return l.length > 0 && l;
        });
        some(events, {
          type: 'Normal',
          message: 'New size: 2; reason: Current number of replicas below Spec.MinReplicas',
          involvedObject: { kind: 'HorizontalPodAutoscaler' },
        });
      },
      'above the maximum it scales down at once': async (t) => {
        await t.create('deployments', deployment('web', { replicas: 5 }));
        await t.create('horizontalpodautoscalers', autoscaler('web'));
        await t.untilObject('deployments', 'web', { spec: { replicas: 3 } }, 60_000);
      },
      'with metrics it knows the load': [
        ['metrics', 'run'],
        async (t) => {
          await t.create(
            'deployments',
            deployment('web', {}, { containers: [{ name: 'main', image: 'nginx:1.27', resources: { requests: { cpu: '100m' } } }] }),
          );
          await t.create('horizontalpodautoscalers', autoscaler('web'));
          const { status } = await t.untilObject(
            'horizontalpodautoscalers',
            'web',
            {
              status: {
                currentMetrics: [
                  {
                    type: 'Resource',
                    resource: { name: 'cpu', current: { averageUtilization: (v) => typeof v === 'number', averageValue: /m?$/ } },
                  },
                ],
              },
            },
            110_000,
          );
          some(status.conditions, {
            type: 'ScalingActive',
            status: 'True',
            reason: 'ValidMetricFound',
            message: 'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
          });
          match(status, { currentReplicas: 1, desiredReplicas: 1 });
        },
      ],
      'kubectl top': [
        ['metrics', 'run', 'kubectl'],
        async (t) => {
          await t.create('pods', pod('busy', { containers: [{ name: 'main', image: 'nginx:1.27' }] }));
          await t.until(
            'its metrics',
            async () => (await t.GET(`/apis/metrics.k8s.io/v1beta1/namespaces/${t.ns}/pods/busy`)).status === 200,
            100_000,
          );
          await t.GET(`/apis/metrics.k8s.io/v1beta1/namespaces/${t.ns}/pods/busy`).is(200, {
            kind: 'PodMetrics',
            apiVersion: 'metrics.k8s.io/v1beta1',
            window: /s$/,
            timestamp: /Z$/,
            containers: [{ name: 'main', usage: { cpu: /^\d+[nu]?$/, memory: /^\d+Ki$/ } }],
          });
          match(await t.kubectl('top pods').ok(), /^NAME +CPU\(cores\) +MEMORY\(bytes\) +\nbusy +\d+m +\d+Mi +\n$/);
          match(
            await t.kubectl('top nodes').ok(),
            /^NAME +CPU\(cores\) +CPU\(%\) +MEMORY\(bytes\) +MEMORY\(%\) +\n\S+ +\d+m +\d+% +\d+Mi +\d+% +\n/,
          );
        },
      ],
    },
  ),
  suite(
    'disruption budgets',
    { namespace: 'own' },
    {
      'the status counts': async (t) => {
        await t.create('deployments', deployment('web', { replicas: 3 }));
        await t.untilObject('deployments', 'web', { status: { readyReplicas: 3 } });
        await t.create('poddisruptionbudgets', budget('web', { minAvailable: undefined, maxUnavailable: '34%' }));
        const { status } = await t.untilObject('poddisruptionbudgets', 'web', {
          status: { expectedPods: 3, currentHealthy: 3, desiredHealthy: 1, disruptionsAllowed: 2, observedGeneration: 1 },
        });
        some(status.conditions, { type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods' });
      },
      'none to spare': async (t) => {
        await t.create('deployments', deployment('web'));
        await t.untilObject('deployments', 'web', { status: { readyReplicas: 1 } });
        await t.create('poddisruptionbudgets', budget('web'));
        const { status } = await t.untilObject('poddisruptionbudgets', 'web', { status: { currentHealthy: 1, disruptionsAllowed: 0 } });
        some(status.conditions, { type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' });
        none(status.conditions, { status: 'Unknown' });
      },
      'kubectl create pdb': [
        ['kubectl'],
        async (t) => {
          await t.kubectl('create pdb web --selector=app=web --min-available=1').ok('poddisruptionbudget.policy/web created');
          match(
            await t.kubectl('get pdb web').ok(),
            /^NAME +MIN AVAILABLE +MAX UNAVAILABLE +ALLOWED DISRUPTIONS +AGE\nweb +1 +N\/A +0 +\d+s\n$/,
          );
        },
      ],
    },
  ),
];
