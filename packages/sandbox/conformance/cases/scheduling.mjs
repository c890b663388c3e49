import { absent, match, some } from '../lib/expect.mjs';
import { deployment, pod } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const unscheduled = (t, name) =>
  t.untilObject('pods', name, { status: { conditions: (v) => v?.some((c) => c.type === 'PodScheduled' && c.status === 'False') } });
const requiring = (key, operator, values) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key, operator, ...(values ? { values } : {}) }] }],
    },
  },
});

/** [title, spec of the pod, what follows "0/N nodes are available: "]. */
const reasons = [
  ['a node selector that fits none', { nodeSelector: { none: 'such' } }, /(\d+) node\(s\) didn't match Pod's node affinity\/selector/],
  [
    'an affinity that fits none',
    { affinity: requiring('none', 'In', ['such']) },
    /(\d+) node\(s\) didn't match Pod's node affinity\/selector/,
  ],
  [
    'more cpu than there is',
    { containers: [{ name: 'main', image: 'nginx:1.27', resources: { requests: { cpu: '5000' } } }] },
    /(\d+) Insufficient cpu/,
  ],
  [
    'more memory than there is',
    { containers: [{ name: 'main', image: 'nginx:1.27', resources: { requests: { memory: '9000Gi' } } }] },
    /(\d+) Insufficient memory/,
  ],
  [
    'a resource that nobody has',
    { containers: [{ name: 'main', image: 'nginx:1.27', resources: { limits: { 'example.com/gpu': '1' } } }] },
    /(\d+) Insufficient example\.com\/gpu/,
  ],
  [
    'an affinity to pods that are not there',
    {
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { none: 'such' } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
    },
    /(\d+) node\(s\) didn't match pod affinity rules/,
  ],
];

export default [
  suite(
    'scheduling',
    { namespace: 'own' },
    {
      ...table(
        reasons,
        ([title]) => title,
        async (t, [, spec, reason]) => {
          await t.create('pods', pod('p', spec));
          const { status } = await unscheduled(t, 'p');
          const condition = some(status.conditions, {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: /^0\/\d+ nodes are available: /,
          });
          match(condition.message, reason);
          match(condition.message, /(preemption: 0\/\d+ nodes are available: .*|no new claims to deallocate, preemption: .*)$/);
          match(status.phase, 'Pending');
          const events = await t.until('an event', async () => {
            const list = await t.list('events', { fieldSelector: 'reason=FailedScheduling' });
            return list.length > 0 && list;
          });
          some(events, {
            type: 'Warning',
            message: /^0\/\d+ nodes are available: /,
            reportingComponent: 'default-scheduler',
            eventTime: /T/,
          });
        },
      ),
      'a gate holds a pod back until it is taken away': async (t) => {
        await t.create('pods', pod('p', { schedulingGates: [{ name: 'example.com/wait' }] }));
        const { status } = await t.untilObject('pods', 'p', {
          status: { conditions: (v) => v?.some((c) => c.reason === 'SchedulingGated') },
        });
        some(status.conditions, {
          type: 'PodScheduled',
          status: 'False',
          reason: 'SchedulingGated',
          message: 'Scheduling is blocked due to non-empty scheduling gates',
        });
        await t.PATCH(t.path('pods', 'p'), { spec: { schedulingGates: [] } }, 'merge').is(200);
        await t.untilObject('pods', 'p', { spec: { nodeName: (v) => Boolean(v) } });
      },
      'what becomes possible is done': async (t) => {
        await t.create('priorityclasses', { metadata: { name: t.id }, value: 100 });
        await t.create(
          'pods',
          pod('p', {
            affinity: {
              podAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { labelSelector: { matchLabels: { friend: t.id } }, topologyKey: 'kubernetes.io/hostname' },
                ],
              },
            },
          }),
        );
        await unscheduled(t, 'p');
        await t.create('pods', pod('friend', {}, { labels: { friend: t.id } }));
        await t.untilObject('pods', 'p', { spec: { nodeName: (v) => Boolean(v) } }, 60_000);
        match((await t.read('pods', 'p')).spec.nodeName, (await t.read('pods', 'friend')).spec.nodeName);
      },
      'an affinity to a node is obeyed': async (t) => {
        const node = (await t.list('nodes')).find((n) => !n.spec.unschedulable && !n.spec.taints);
        await t.create(
          'pods',
          pod('p', { affinity: requiring('kubernetes.io/hostname', 'In', [node.metadata.labels['kubernetes.io/hostname']]) }),
        );
        await t.untilObject('pods', 'p', { spec: { nodeName: node.metadata.name } });
      },
      'pods that shun each other: one to a node': async (t) => {
        const affinity = {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        };
        const nodes = (await t.list('nodes')).filter((n) => !n.spec.unschedulable && !n.spec.taints);
        await t.create('deployments', deployment('web', { replicas: nodes.length + 1 }, { affinity }));
        await t.until('one waits', async () => {
          const pods = await t.list('pods');
          const used = pods.map((p) => p.spec.nodeName).filter(Boolean);
          return pods.length === nodes.length + 1 && used.length === nodes.length && new Set(used).size === used.length;
        });
        const waiting = (await t.list('pods', { fieldSelector: 'spec.nodeName=' }))[0];
        const { status } = await unscheduled(t, waiting.metadata.name);
        some(status.conditions, { message: /\d+ node\(s\) didn't match pod anti-affinity rules/ });
      },
      'conditions of a pod that is scheduled': async (t) => {
        await t.create('pods', pod('p'));
        const { status } = await t.untilObject('pods', 'p', {
          status: { phase: 'Running', conditions: (v) => v.some((c) => c.type === 'Ready' && c.status === 'True') },
        });
        for (const type of ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready']) some(status.conditions, { type, status: 'True' });
        match(status, {
          podIP: /\./,
          startTime: /T/,
          containerStatuses: [{ name: 'main', ready: true, restartCount: 0, state: { running: { startedAt: /T/ } } }],
        });
      },
      'nodeName: past the scheduler': async (t) => {
        const [node] = await t.list('nodes');
        const made = await t.create('pods', pod('p', { nodeName: node.metadata.name, schedulerName: 'nobody' }));
        match(made.spec.nodeName, node.metadata.name);
        await t.untilObject('pods', 'p', { status: { phase: 'Running' } });
      },
      'topology spread: what cannot be kept even is not placed': async (t) => {
        const topologySpreadConstraints = [
          { maxSkew: 1, topologyKey: 'none.example/zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { a: 'b' } } },
        ];
        await t.create('pods', pod('p', { topologySpreadConstraints }, { labels: { a: 'b' } }));
        const { status } = await unscheduled(t, 'p');
        some(status.conditions, { message: /\d+ node\(s\) didn't match pod topology spread constraints \(missing required label\)/ });
      },
    },
  ),
  suite(
    'nodes',
    { namespace: 'own', serial: true },
    {
      'a cordoned node takes no pods': async (t) => {
        const nodes = await t.list('nodes');
        for (const { metadata } of nodes) {
          t.cleanup(() => t.PATCH(t.path('nodes', metadata.name), { spec: { unschedulable: null } }, 'merge'));
          await t.PATCH(t.path('nodes', metadata.name), { spec: { unschedulable: true } }, 'merge').is(200);
        }
        await t.untilObject('nodes', nodes[0].metadata.name, {
          spec: { taints: (v) => v?.some((x) => x.key === 'node.kubernetes.io/unschedulable' && x.effect === 'NoSchedule') },
        });
        await t.create('pods', pod('p'));
        const { status } = await unscheduled(t, 'p');
        some(status.conditions, {
          message: new RegExp(`^0/${nodes.length} nodes are available: ${nodes.length} node\\(s\\) were unschedulable\\.`),
        });
        await t.PATCH(t.path('nodes', nodes[0].metadata.name), { spec: { unschedulable: null } }, 'merge').is(200);
        await t.untilObject('pods', 'p', { spec: { nodeName: nodes[0].metadata.name } }, 60_000);
        await t.untilObject('nodes', nodes[0].metadata.name, {
          spec: { taints: (v) => !v?.some((x) => x.key === 'node.kubernetes.io/unschedulable') },
        });
      },
      'a taint keeps pods away, and toleration lets them in': async (t) => {
        const nodes = await t.list('nodes');
        for (const { metadata } of nodes) {
          t.cleanup(() => t.PATCH(t.path('nodes', metadata.name), { spec: { taints: null } }, 'merge'));
          await t
            .PATCH(
              t.path('nodes', metadata.name),
              { spec: { taints: [{ key: 'example.com/only', value: 'mine', effect: 'NoSchedule' }] } },
              'merge',
            )
            .is(200);
        }
        await t.create('pods', pod('p'));
        const { status } = await unscheduled(t, 'p');
        some(status.conditions, {
          message: new RegExp(`^0/${nodes.length} nodes are available: ${nodes.length} node\\(s\\) had untolerated taint\\(s\\)\\. `),
        });
        await t.create(
          'pods',
          pod('q', { tolerations: [{ key: 'example.com/only', operator: 'Equal', value: 'mine', effect: 'NoSchedule' }] }),
        );
        await t.untilObject('pods', 'q', { spec: { nodeName: (v) => Boolean(v) } });
      },
      'NoExecute drives out what does not tolerate it': async (t) => {
        const [node] = await t.list('nodes');
        await t.create('pods', pod('goes', { nodeName: node.metadata.name }));
        await t.create('pods', pod('stays', { nodeName: node.metadata.name, tolerations: [{ operator: 'Exists' }] }));
        for (const name of ['goes', 'stays']) await t.untilObject('pods', name, { status: { phase: 'Running' } });
        t.cleanup(() => t.PATCH(t.path('nodes', node.metadata.name), { spec: { taints: null } }, 'merge'));
        await t
          .PATCH(t.path('nodes', node.metadata.name), { spec: { taints: [{ key: `example.com/${t.id}`, effect: 'NoExecute' }] } }, 'merge')
          .is(200);
        await t.untilGone('pods', 'goes', 60_000);
        match((await t.read('pods', 'stays')).metadata.deletionTimestamp, absent);
      },
      'a more important pod takes the place of another': async (t) => {
        const [node] = await t.list('nodes');
        await t
          .PATCH(
            t.path('nodes', node.metadata.name, 'status'),
            { status: { capacity: { 'example.com/seat': '1' }, allocatable: { 'example.com/seat': '1' } } },
            'merge',
          )
          .is(200);
        t.cleanup(() =>
          t.PATCH(
            t.path('nodes', node.metadata.name, 'status'),
            { status: { capacity: { 'example.com/seat': null }, allocatable: { 'example.com/seat': null } } },
            'merge',
          ),
        );
        await t.create('priorityclasses', { metadata: { name: t.id }, value: 1000 });
        const seat = { containers: [{ name: 'main', image: 'nginx:1.27', resources: { limits: { 'example.com/seat': '1' } } }] };
        await t.until(
          'seats are known',
          async () => (await t.read('nodes', node.metadata.name)).status.allocatable['example.com/seat'] === '1',
        );
        await t.create('pods', pod('low', seat));
        await t.untilObject('pods', 'low', { spec: { nodeName: node.metadata.name } });
        await t.until(
          'the important one',
          async () => (await t.POST(t.path('pods'), pod('high', { ...seat, priorityClassName: t.id }))).status === 201,
        );
        await t.untilGone('pods', 'low', 60_000);
        await t.untilObject('pods', 'high', { spec: { nodeName: node.metadata.name } }, 60_000);
        await t.until('an event', async () =>
          some(await t.list('events', { fieldSelector: 'reason=Preempted' }), {
            involvedObject: { name: 'low' },
            message: /^Preempted by pod \S+ on node \S+$/,
          }),
        );
      },
      'kubectl cordon, uncordon and drain': [
        ['kubectl'],
        async (t) => {
          await t.create('deployments', deployment(t.id));
          await t.untilObject('deployments', t.id, { status: { readyReplicas: 1 } });
          const [one] = await t.list('pods');
          const node = one.spec.nodeName;
          t.cleanup(() => t.PATCH(t.path('nodes', node), { spec: { unschedulable: null } }, 'merge'));
          await t.kubectl(`cordon ${node}`).ok(`node/${node} cordoned`);
          await t.kubectl(`cordon ${node}`).ok(`node/${node} already cordoned`);
          match(await t.kubectl(`get node ${node}`).ok(), new RegExp(`\n${node} +Ready,SchedulingDisabled +`));
          await t.kubectl(`uncordon ${node}`).ok(`node/${node} uncordoned`);
          const { code, stdout, stderr } = await t.kubectl(
            `drain ${node} --pod-selector=app=${t.id} --timeout=60s --ignore-daemonsets --delete-emptydir-data`,
          );
          match(code, 0, stderr);
          match(
            stdout,
            new RegExp(
              `^node/${node} cordoned\nevicting pod ${t.ns}/${one.metadata.name}\npod/${one.metadata.name} evicted\nnode/${node} drained\n$`,
            ),
          );
          match(await t.kubectl(`describe node ${node}`).ok(), /^Unschedulable: +true$/m);
        },
      ],
      'kubectl drain asks before it takes what nobody would make again': [
        ['kubectl'],
        async (t) => {
          await t.create('pods', pod('p', {}, { labels: { app: t.id } }));
          const { spec } = await t.untilObject('pods', 'p', { status: { phase: 'Running' } });
          t.cleanup(() => t.PATCH(t.path('nodes', spec.nodeName), { spec: { unschedulable: null } }, 'merge'));
          const { code, stderr } = await t.kubectl(`drain ${spec.nodeName} --pod-selector=app=${t.id} --timeout=20s`);
          match(code, 1);
          match(stderr, new RegExp(`cannot delete cannot delete Pods that declare no controller \\(use --force to override\\): ${t.ns}/p`));
        },
      ],
      'kubectl taint, and label of a node': [
        ['kubectl'],
        async (t) => {
          const [node] = await t.list('nodes');
          const { name } = node.metadata;
          t.cleanup(() => t.PATCH(t.path('nodes', name), { spec: { taints: null } }, 'merge'));
          await t.kubectl(`taint nodes ${name} example.com/a=b:NoSchedule`).ok(`node/${name} tainted`);
          await t
            .kubectl(`taint nodes ${name} example.com/a=b:NoSchedule`)
            .fails(/already has example\.com\/a taint\(s\) with same effect\(s\) and --overwrite is false/);
          await t.kubectl(`taint nodes ${name} example.com/a:NoSchedule-`).ok(`node/${name} untainted`);
        },
      ],
      'a taint without effect is refused': async (t) => {
        const [node] = await t.list('nodes');
        await t
          .PATCH(t.path('nodes', node.metadata.name), { spec: { taints: [{ key: 'a' }] } }, 'merge')
          .is(422, { message: /metadata\.taints\[0\]\.effect: Required value/ });
      },
      'describe node': [
        ['kubectl'],
        async (t) => {
          const [node] = await t.list('nodes');
          const text = await t.kubectl(`describe node ${node.metadata.name}`).ok();
          for (const line of [
            new RegExp(`^Name: +${node.metadata.name}$`, 'm'),
            /^Unschedulable: +false$/m,
            /^Conditions:$/m,
            /^ {2}Ready +True +/m,
            /^Capacity:$/m,
            /^Allocatable:$/m,
            /^ {2}Kubelet Version: +\S+$/m,
            /^Non-terminated Pods: +\(\d+ in total\)$/m,
            /^Allocated resources:$/m,
            /^ {2}cpu +\d/m,
          ])
            match(text, line);
        },
      ],
    },
  ),
];
