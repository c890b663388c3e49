import { match, some } from '../lib/expect.mjs';
import { autoscaler, deployment, pod } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

export default suite(
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
);
