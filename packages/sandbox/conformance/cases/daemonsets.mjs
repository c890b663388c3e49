import { match, some } from '../lib/expect.mjs';
import { daemonSet } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

export default suite(
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
);
