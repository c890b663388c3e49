import { absent, match, some } from '../lib/expect.mjs';
import { budget, configMap, deployment, idlePod, pod, replicaSet, statefulSet } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const eviction = (name, more = {}) => ({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name }, ...more });

export default suite(
  'subresources',
  { namespace: 'own' },
  {
    'status: a change of the spec is passed over': async (t) => {
      const made = await t.create('pods', idlePod('p'));
      await t
        .PUT(t.path('pods', 'p', 'status'), {
          ...made,
          spec: { ...made.spec, activeDeadlineSeconds: 5 },
          status: { ...made.status, message: 'said' },
        })
        .is(200, { spec: { activeDeadlineSeconds: absent }, status: { message: 'said' } });
    },
    'status: a change of it through the object is passed over': async (t) => {
      const made = await t.create('pods', idlePod('p'));
      await t.PUT(t.path('pods', 'p'), { ...made, status: { ...made.status, message: 'said' } }).is(200, { status: { message: absent } });
    },
    'status: labels of the status request are passed over': async (t) => {
      await t.create('deployments', deployment('d', { replicas: 0 }));
      const { metadata } = await t.PATCH(t.path('deployments', 'd', 'status'), { metadata: { labels: { x: 'y' } } }, 'merge').is(200);
      match(metadata.labels, { x: absent, app: 'd' });
    },
    'status: get': async (t) => {
      await t.create('deployments', deployment('d', { replicas: 0 }));
      await t.GET(t.path('deployments', 'd', 'status')).is(200, { kind: 'Deployment', metadata: { name: 'd' } });
    },
    'status: the generation does not count it': async (t) => {
      await t.create('deployments', deployment('d', { replicas: 0 }));
      const status = {
        conditions: [
          {
            type: 'Custom',
            status: 'True',
            lastTransitionTime: '2020-01-01T00:00:00Z',
            lastUpdateTime: '2020-01-01T00:00:00Z',
            reason: 'R',
            message: 'm',
          },
        ],
      };
      await t.PATCH(t.path('deployments', 'd', 'status'), { status }, 'merge').is(200, { metadata: { generation: 1 } });
    },
    ...table(
      [
        ['deployments', deployment],
        ['replicasets', replicaSet],
        ['statefulsets', statefulSet],
      ],
      ([resource]) => `scale of ${resource}: get, put, patch`,
      async (t, [resource, build]) => {
        const made = await t.create(resource, build('x', { replicas: 0 }));
        const path = t.path(resource, 'x', 'scale');
        const scale = await t.GET(path).is(200, {
          kind: 'Scale',
          apiVersion: 'autoscaling/v1',
          metadata: {
            name: 'x',
            namespace: t.ns,
            uid: made.metadata.uid,
            creationTimestamp: made.metadata.creationTimestamp,
            labels: absent,
          },
          status: { replicas: 0, selector: 'app=x' },
        });
        match(scale.spec.replicas, (v) => v === undefined || v === 0, 'replicas of nothing');
        await t
          .PUT(path, { ...scale, metadata: { name: 'x', namespace: t.ns }, spec: { replicas: 2 } })
          .is(200, { kind: 'Scale', spec: { replicas: 2 } });
        match((await t.read(resource, 'x')).spec.replicas, 2);
        await t.PATCH(path, { spec: { replicas: 1 } }, 'merge').is(200, { spec: { replicas: 1 } });
        match((await t.read(resource, 'x')).spec.replicas, 1);
      },
    ),
    'scale: below zero': async (t) => {
      await t.create('deployments', deployment('x', { replicas: 0 }));
      await t.PATCH(t.path('deployments', 'x', 'scale'), { spec: { replicas: -1 } }, 'merge').is(422, {
        message: 'Scale.autoscaling "x" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      });
    },
    'scale: an old resourceVersion': async (t) => {
      await t.create('deployments', deployment('x', { replicas: 0 }));
      const scale = await t.GET(t.path('deployments', 'x', 'scale')).is(200);
      await t.PATCH(t.path('deployments', 'x'), { spec: { paused: true } }, 'merge').is(200);
      await t.PUT(t.path('deployments', 'x', 'scale'), { ...scale, spec: { replicas: 2 } }).is(409, {
        message:
          'Operation cannot be fulfilled on deployments.apps "x": the object has been modified; please apply your changes to the latest version and try again',
      });
    },
    'scale: of what is not there': async (t) => {
      await t.GET(t.path('deployments', 'none', 'scale')).is(404, { message: 'deployments.apps "none" not found' });
    },
    'scale: no kind of its own': async (t) => {
      await t.create('deployments', deployment('x', { replicas: 0 }));
      await t.PUT(t.path('deployments', 'x', 'scale'), deployment('x')).is(400, { reason: 'BadRequest' });
    },
    'eviction deletes the pod': async (t) => {
      await t.create('pods', idlePod('p'));
      await t.POST(t.path('pods', 'p', 'eviction'), eviction('p')).is(201, { kind: 'Status', status: 'Success' });
      await t.untilGone('pods', 'p');
    },
    'eviction: the old version of its kind is still taken': async (t) => {
      await t.create('pods', idlePod('p'));
      await t.POST(t.path('pods', 'p', 'eviction'), { ...eviction('p'), apiVersion: 'policy/v1beta1' }).is(201);
    },
    'eviction of what is not there': async (t) => {
      await t.POST(t.path('pods', 'none', 'eviction'), eviction('none')).is(404, { message: 'pods "none" not found' });
    },
    'eviction: the name must be that of the path': async (t) => {
      await t.create('pods', idlePod('p'));
      await t
        .POST(t.path('pods', 'p', 'eviction'), eviction('other'))
        .is(400, { reason: 'BadRequest', message: 'name in URL does not match name in Eviction object' });
    },
    'eviction that a budget forbids is 429': async (t) => {
      await t.create('deployments', deployment('web'));
      await t.untilObject('deployments', 'web', { status: { readyReplicas: 1 } });
      await t.create('poddisruptionbudgets', budget('web'));
      await t.untilObject('poddisruptionbudgets', 'web', {
        status: { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 },
      });
      const [one] = await t.list('pods');
      await t.POST(t.path('pods', one.metadata.name, 'eviction'), eviction(one.metadata.name)).is(429, {
        reason: 'TooManyRequests',
        code: 429,
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget web needs 1 healthy pods and has 1 currently' }],
        },
      });
    },
    'eviction that a budget allows': async (t) => {
      // Pods of no controller: a replacement that is ready first would free the budget again.
      for (const name of ['a', 'b']) {
        await t.create('pods', pod(name, { terminationGracePeriodSeconds: 20 }, { labels: { app: 'web' } }));
        await t.untilObject('pods', name, { status: { phase: 'Running' } });
      }
      await t.create('poddisruptionbudgets', budget('web'));
      await t.untilObject('poddisruptionbudgets', 'web', { status: { disruptionsAllowed: 1 } });
      await t.POST(t.path('pods', 'a', 'eviction'), eviction('a')).is(201);
      await t.POST(t.path('pods', 'b', 'eviction'), eviction('b')).is(429);
    },
    'an evicted pod says why it goes': async (t) => {
      await t.create('pods', pod('p', { terminationGracePeriodSeconds: 20 }, { finalizers: ['example.com/keep'] }));
      t.cleanup(() => t.PATCH(t.path('pods', 'p'), { metadata: { finalizers: null } }, 'merge'));
      await t.untilObject('pods', 'p', { status: { phase: 'Running' } });
      await t.POST(t.path('pods', 'p', 'eviction'), eviction('p')).is(201);
      const { status } = await t.read('pods', 'p');
      some(status.conditions, {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'EvictionByEvictionAPI',
        message: 'Eviction API: evicting',
      });
    },
    'binding puts a pod on a node, once': async (t) => {
      const [node] = await t.list('nodes');
      await t.create('pods', idlePod('p'));
      const body = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: 'p' },
        target: { apiVersion: 'v1', kind: 'Node', name: node.metadata.name },
      };
      await t.POST(t.path('pods', 'p', 'binding'), body).is(201, { kind: 'Status', status: 'Success' });
      const { spec, status } = await t.read('pods', 'p');
      match(spec.nodeName, node.metadata.name);
      some(status.conditions, { type: 'PodScheduled', status: 'True' });
      await t.POST(t.path('pods', 'p', 'binding'), body).is(409, {
        reason: 'Conflict',
        message: `Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node "${node.metadata.name}"`,
      });
    },
    'ephemeral containers are added there': async (t) => {
      await t.create('pods', idlePod('p'));
      const ephemeralContainers = [{ name: 'look', image: 'busybox:1.36' }];
      await t.PATCH(t.path('pods', 'p', 'ephemeralcontainers'), { spec: { ephemeralContainers } }, 'strategic').is(200, {
        spec: { ephemeralContainers: [{ name: 'look', terminationMessagePolicy: 'File' }] },
      });
      await t.PATCH(t.path('pods', 'p', 'ephemeralcontainers'), { spec: { ephemeralContainers: null } }, 'merge').is(422, {
        message: /spec\.ephemeralContainers: Forbidden: existing ephemeral containers "look" may not be removed/,
      });
    },
    'ephemeral containers not at creation': async (t) => {
      await t.POST(t.path('pods'), idlePod('p', { ephemeralContainers: [{ name: 'look', image: 'busybox:1.36' }] })).is(422, {
        message: 'Pod "p" is invalid: spec.ephemeralContainers: Forbidden: cannot be set on create',
      });
    },
    'resize: cpu of a pod in place': async (t) => {
      await t.create(
        'pods',
        idlePod('p', { containers: [{ name: 'main', image: 'x:1', resources: { requests: { cpu: '100m' }, limits: { cpu: '200m' } } }] }),
      );
      const containers = [{ name: 'main', resources: { requests: { cpu: '150m' } } }];
      await t
        .PATCH(t.path('pods', 'p', 'resize'), { spec: { containers } }, 'strategic')
        .is(200, { spec: { containers: [{ resources: { requests: { cpu: '150m' } } }] } });
    },
    'kubectl scale, with and without a condition': [
      ['kubectl'],
      async (t) => {
        await t.create('deployments', deployment('x', { replicas: 0 }));
        await t.kubectl('scale deploy x --replicas=2').ok('deployment.apps/x scaled');
        await t.kubectl('scale deploy x --current-replicas=5 --replicas=1').fails(/Expected replicas to be 5, was 2/);
        match((await t.read('deployments', 'x')).spec.replicas, 2);
      },
    ],
    'kubectl autoscale': [
      ['kubectl'],
      async (t) => {
        await t.create('deployments', deployment('x', { replicas: 0 }));
        await t.kubectl('autoscale deploy x --min=2 --max=5 --cpu-percent=60').ok('horizontalpodautoscaler.autoscaling/x autoscaled');
        match((await t.read('horizontalpodautoscalers', 'x')).spec, {
          minReplicas: 2,
          maxReplicas: 5,
          metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
        });
      },
    ],
    'a ConfigMap has no status to write': async (t) => {
      await t.create('configmaps', configMap('c'));
      await t.PATCH(t.path('configmaps', 'c', 'status'), {}, 'merge').is(404);
    },
  },
);
