import { match, none, some } from '../lib/expect.mjs';
import { configMap, pod, secret, service } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const box = (script, more = {}) => ({ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', script], ...more });
const running = (t, name) =>
  t.untilObject('pods', name, {
    status: { phase: 'Running', conditions: (v) => v.some((c) => c.type === 'Ready' && c.status === 'True') },
  });
const eventsOf = (t, name) => t.list('events', { fieldSelector: `involvedObject.name=${name}` });
const untilEvent = (t, name, wanted, ms) => t.until(`event ${wanted.reason}`, async () => some(await eventsOf(t, name), wanted), ms);

export default suite(
  'containers',
  { namespace: 'own', needs: ['run'] },
  {
    'a running container has ids, times and its image': async (t) => {
      await t.create('pods', pod('p'));
      match((await running(t, 'p')).status, {
        hostIP: /\./,
        podIPs: [{ ip: /\./ }],
        qosClass: 'BestEffort',
        containerStatuses: [
          {
            name: 'main',
            ready: true,
            started: true,
            restartCount: 0,
            containerID: /^\w+:\/\/[0-9a-f]+/,
            imageID: /./,
            image: /nginx/,
            state: { running: { startedAt: /T/ } },
            lastState: {},
          },
        ],
      });
      for (const reason of ['Scheduled', 'Pulled', 'Created', 'Started']) await untilEvent(t, 'p', { reason, type: 'Normal' });
      await untilEvent(t, 'p', {
        reason: 'Created',
        message: 'Created container: main',
        source: { component: 'kubelet' },
        involvedObject: { fieldPath: 'spec.containers{main}' },
      });
      await untilEvent(t, 'p', { reason: 'Started', message: 'Started container main' });
    },
    'one that ends well, never again: Succeeded': async (t) => {
      await t.create('pods', pod('p', { restartPolicy: 'Never', containers: [box('true')] }));
      const { status } = await t.untilObject('pods', 'p', { status: { phase: 'Succeeded' } });
      match(status.containerStatuses, [
        {
          ready: false,
          started: false,
          state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: /T/, finishedAt: /T/, containerID: /./ } },
        },
      ]);
      some(status.conditions, { type: 'Ready', status: 'False', reason: 'PodCompleted' });
    },
    'one that ends badly, never again: Failed': async (t) => {
      await t.create('pods', pod('p', { restartPolicy: 'Never', containers: [box('exit 7')] }));
      const { status } = await t.untilObject('pods', 'p', { status: { phase: 'Failed' } });
      match(status.containerStatuses, [{ state: { terminated: { exitCode: 7, reason: 'Error' } } }]);
    },
    'one that crashes again and again: CrashLoopBackOff': async (t) => {
      await t.create('pods', pod('p', { containers: [box('echo last words; exit 3')] }));
      const { status } = await t.untilObject(
        'pods',
        'p',
        { status: { containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] } },
        60_000,
      );
      match(status, {
        phase: 'Running',
        containerStatuses: [
          {
            ready: false,
            restartCount: (n) => n >= 1,
            state: { waiting: { message: /^back-off 10s restarting failed container=main pod=p_\S+\(\S+\)$/ } },
            lastState: { terminated: { exitCode: 3, reason: 'Error' } },
          },
        ],
      });
      some(status.conditions, {
        type: 'Ready',
        status: 'False',
        reason: 'ContainersNotReady',
        message: 'containers with unready status: [main]',
      });
      await untilEvent(t, 'p', { type: 'Warning', reason: 'BackOff', message: /^Back-off restarting failed container main in pod p_/ });
      await t.until(
        'its last words',
        async () => (await t.GET(t.path('pods', 'p', 'log'), { query: { previous: 'true' } })).text === 'last words\n',
      );
    },
    'a command that is not there': async (t) => {
      await t.create('pods', pod('p', { containers: [{ name: 'main', image: 'busybox:1.36', command: ['/no/such'] }] }));
      await t.until(
        'StartError',
        async () => {
          const [one] = (await t.read('pods', 'p')).status.containerStatuses ?? [];
          const end = one?.state.terminated ?? one?.lastState.terminated;
          return end && match(end, { exitCode: 128, reason: 'StartError', message: /no such file or directory/ });
        },
        60_000,
      );
      await untilEvent(t, 'p', { type: 'Warning', reason: 'Failed', message: /^Error: .*no such file or directory/ });
    },
    terminationMessagePath: async (t) => {
      await t.create('pods', pod('p', { restartPolicy: 'Never', containers: [box('echo -n because > /dev/termination-log; exit 1')] }));
      await t.untilObject('pods', 'p', { status: { containerStatuses: [{ state: { terminated: { message: 'because' } } }] } });
    },
    'terminationMessagePolicy FallbackToLogsOnError': async (t) => {
      await t.create(
        'pods',
        pod('p', { restartPolicy: 'Never', containers: [box('echo said; exit 1', { terminationMessagePolicy: 'FallbackToLogsOnError' })] }),
      );
      await t.untilObject('pods', 'p', { status: { containerStatuses: [{ state: { terminated: { message: 'said\n' } } }] } });
    },
    'init containers, one after the other': async (t) => {
      const initContainers = [box('sleep 1; echo one', { name: 'one' }), box('echo two', { name: 'two' })];
      await t.create('pods', pod('p', { initContainers }));
      const { status } = await running(t, 'p');
      match(status.initContainerStatuses, [
        { name: 'one', ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
        { name: 'two', ready: true },
      ]);
      const [first, second] = status.initContainerStatuses.map((s) => s.state.terminated);
      match(second.startedAt >= first.finishedAt, true, 'the second begins when the first has ended');
    },
    'an init container that fails holds everything up': async (t) => {
      await t.create('pods', pod('p', { initContainers: [box('exit 1', { name: 'first' })] }));
      const { status } = await t.untilObject('pods', 'p', { status: { initContainerStatuses: [{ restartCount: (n) => n >= 1 }] } }, 60_000);
      match(status, { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'PodInitializing' } } }] });
      some(status.conditions, {
        type: 'Initialized',
        status: 'False',
        reason: 'ContainersNotInitialized',
        message: 'containers with incomplete status: [first]',
      });
    },
    'a sidecar starts first and stays': async (t) => {
      const initContainers = [box('echo side; sleep 3600', { name: 'side', restartPolicy: 'Always' })];
      await t.create('pods', pod('p', { initContainers, restartPolicy: 'Never', containers: [box('echo main')] }));
      const { status } = await t.untilObject('pods', 'p', { status: { phase: 'Succeeded' } }, 60_000);
      match(status.initContainerStatuses, [{ name: 'side', state: { terminated: { exitCode: (n) => typeof n === 'number' } } }]);
    },
    'a ConfigMap that is not there: CreateContainerConfigError': async (t) => {
      await t.create(
        'pods',
        pod('p', { containers: [{ name: 'main', image: 'nginx:1.27', envFrom: [{ configMapRef: { name: 'none' } }] }] }),
      );
      await t.untilObject('pods', 'p', {
        status: {
          phase: 'Pending',
          containerStatuses: [{ state: { waiting: { reason: 'CreateContainerConfigError', message: 'configmap "none" not found' } } }],
        },
      });
      await untilEvent(t, 'p', { type: 'Warning', reason: 'Failed', message: 'Error: configmap "none" not found' });
      await t.create('configmaps', configMap('none', { GREETING: 'hello' }));
      await running(t, 'p');
    },
    'a key that is not there: CreateContainerConfigError': async (t) => {
      await t.create('secrets', secret('s'));
      await t.create(
        'pods',
        pod('p', {
          containers: [
            { name: 'main', image: 'nginx:1.27', env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'none' } } }] },
          ],
        }),
      );
      await t.untilObject('pods', 'p', {
        status: {
          containerStatuses: [
            { state: { waiting: { reason: 'CreateContainerConfigError', message: `couldn't find key none in Secret ${t.ns}/s` } } },
          ],
        },
      });
    },
    'a volume that is not there keeps the pod from starting': async (t) => {
      await t.create(
        'pods',
        pod('p', {
          volumes: [{ name: 'v', secret: { secretName: 'none' } }],
          containers: [{ name: 'main', image: 'nginx:1.27', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
        }),
      );
      await untilEvent(t, 'p', {
        type: 'Warning',
        reason: 'FailedMount',
        message: 'MountVolume.SetUp failed for volume "v" : secret "none" not found',
      });
      match((await t.read('pods', 'p')).status.containerStatuses, [{ state: { waiting: { reason: 'ContainerCreating' } } }]);
    },
    'a readiness probe that fails: not ready, and no endpoint': async (t) => {
      await t.create('services', service('p', { selector: { app: 'p' } }));
      const readinessProbe = { httpGet: { path: '/nothing-there-404', port: 81 }, periodSeconds: 1 };
      await t.create('pods', pod('p', { containers: [{ name: 'main', image: 'nginx:1.27', readinessProbe }] }, { labels: { app: 'p' } }));
      await untilEvent(t, 'p', { type: 'Warning', reason: 'Unhealthy', message: /^Readiness probe failed: / });
      await t.untilObject('pods', 'p', {
        status: { phase: 'Running', containerStatuses: [{ ready: false, started: true, restartCount: 0 }] },
      });
      await t.until('no ready address', async () => (await t.read('endpoints', 'p')).subsets?.[0]?.notReadyAddresses?.length === 1);
    },
    'a readiness probe that succeeds': async (t) => {
      await t.create(
        'pods',
        pod('p', {
          containers: [{ name: 'main', image: 'nginx:1.27', readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 } }],
        }),
      );
      await running(t, 'p');
    },
    'a liveness probe that fails: the container is started again': async (t) => {
      const livenessProbe = { httpGet: { path: '/', port: 81 }, periodSeconds: 1, failureThreshold: 1 };
      await t.create('pods', pod('p', { containers: [{ name: 'main', image: 'nginx:1.27', livenessProbe }] }));
      await t.untilObject('pods', 'p', { status: { containerStatuses: [{ restartCount: (n) => n >= 1 }] } }, 60_000);
      await untilEvent(t, 'p', { type: 'Warning', reason: 'Unhealthy', message: /^Liveness probe failed: / });
      await untilEvent(t, 'p', { type: 'Normal', reason: 'Killing', message: 'Container main failed liveness probe, will be restarted' });
    },
    'a startup probe holds the others back': async (t) => {
      const startupProbe = { httpGet: { path: '/', port: 81 }, periodSeconds: 1, failureThreshold: 60 };
      await t.create('pods', pod('p', { containers: [{ name: 'main', image: 'nginx:1.27', startupProbe }] }));
      await untilEvent(t, 'p', { type: 'Warning', reason: 'Unhealthy', message: /^Startup probe failed: / });
      match((await t.read('pods', 'p')).status.containerStatuses, [{ started: false, ready: false, restartCount: 0 }]);
    },
    'a readiness gate': async (t) => {
      await t.create('pods', pod('p', { readinessGates: [{ conditionType: 'example.com/open' }] }));
      const { status } = await t.untilObject('pods', 'p', {
        status: { conditions: (v) => v?.some((c) => c.type === 'ContainersReady' && c.status === 'True') },
      });
      some(status.conditions, {
        type: 'Ready',
        status: 'False',
        reason: 'ReadinessGatesNotReady',
        message: 'corresponding condition of pod readiness gate "example.com/open" does not exist.',
      });
      await t
        .PATCH(t.path('pods', 'p', 'status'), { status: { conditions: [{ type: 'example.com/open', status: 'True' }] } }, 'strategic')
        .is(200);
      await running(t, 'p');
    },
    'more memory than allowed: OOMKilled': async (t) => {
      const eat = 'x=a; while true; do x=$x$x$x$x; done';
      await t.create('pods', pod('p', { restartPolicy: 'Never', containers: [box(eat, { resources: { limits: { memory: '24Mi' } } })] }));
      const { status } = await t.untilObject('pods', 'p', { status: { phase: 'Failed' } }, 60_000);
      match(status.containerStatuses, [{ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }]);
    },
    'activeDeadlineSeconds ends a pod': async (t) => {
      await t.create('pods', pod('p', { activeDeadlineSeconds: 2, containers: [box('sleep 3600')] }));
      await t.untilObject(
        'pods',
        'p',
        {
          status: { phase: 'Failed', reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' },
        },
        60_000,
      );
    },
    'env from ConfigMap, Secret, field and resource': async (t) => {
      await t.create('configmaps', configMap('c', { GREETING: 'hello' }));
      await t.create('secrets', secret('s', { password: 'pass' }));
      const env = [
        { name: 'FROM_SECRET', valueFrom: { secretKeyRef: { name: 's', key: 'password' } } },
        { name: 'WHO', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'BOTH', value: '$(WHO)-$(FROM_SECRET)' },
        { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
      ];
      await t.create(
        'pods',
        pod('p', {
          restartPolicy: 'Never',
          containers: [box('env', { env, envFrom: [{ configMapRef: { name: 'c' } }], resources: { limits: { cpu: '2' } } })],
        }),
      );
      await t.untilObject('pods', 'p', { status: { phase: 'Succeeded' } });
      const { text } = await t.GET(t.path('pods', 'p', 'log'));
      for (const line of ['GREETING=hello', 'FROM_SECRET=pass', 'WHO=p', 'BOTH=p-pass', 'CPU=2'])
        match(text.split('\n').includes(line), true, line);
    },
    'deleting a running pod: Killing, then gone': async (t) => {
      await t.create('pods', pod('p'));
      await running(t, 'p');
      await t.DELETE(t.path('pods', 'p')).is(200);
      await t.untilGone('pods', 'p');
      await untilEvent(t, 'p', { reason: 'Killing', message: 'Stopping container main' });
    },
    'a restart of the container keeps the pod': async (t) => {
      const { metadata } = await t.create('pods', pod('p', { containers: [box('sleep 1')] }));
      const { status, metadata: after } = await t.untilObject(
        'pods',
        'p',
        { status: { containerStatuses: [{ restartCount: (n) => n >= 1 }] } },
        60_000,
      );
      match(after.uid, metadata.uid);
      match(status.containerStatuses, [{ lastState: { terminated: { exitCode: 0, reason: 'Completed' } } }]);
      none(await t.list('pods'), { status: { phase: 'Failed' } });
    },
    'kubectl get shows what is wrong': [
      ['kubectl'],
      async (t) => {
        await t.create('pods', pod('crash', { containers: [box('exit 1')] }));
        await t.create('pods', pod('pull', { containers: [{ name: 'main', image: 'registry.invalid/none:1' }] }));
        await t.create('pods', pod('init', { initContainers: [box('sleep 3600', { name: 'i' })] }));
        await t.create('pods', pod('done', { restartPolicy: 'Never', containers: [box('true')] }));
        await t.until(
          'each with its word',
          async () => {
            const text = await t.kubectl('get pods').ok();
            return [
              /^crash +0\/1 +(CrashLoopBackOff|Error) +\d+/m,
              /^pull +0\/1 +(ErrImagePull|ImagePullBackOff) +0/m,
              /^init +0\/1 +Init:0\/1 +0/m,
              /^done +0\/1 +Completed +0/m,
            ].every((line) => line.test(text));
          },
          60_000,
        );
      },
    ],
    'kubectl describe pod': [
      ['kubectl'],
      async (t) => {
        await t.create('pods', pod('p', {}, { labels: { app: 'p' } }));
        await running(t, 'p');
        await untilEvent(t, 'p', { reason: 'Started' });
        const text = await t.kubectl('describe pod p').ok();
        for (const line of [
          /^Status: +Running$/m,
          /^Labels: +app=p$/m,
          /^ {4}Image: +nginx:1\.27$/m,
          /^ {4}State: +Running$/m,
          /^ {4}Ready: +True$/m,
          /^QoS Class: +BestEffort$/m,
          /^ {2}PodScheduled +True *$/m,
          /^ {2}Normal +Started +\d+s +kubelet +(spec\.containers\{main\}: )?(Started container main|Container started)/m,
        ])
          match(text, line);
      },
    ],
  },
);
