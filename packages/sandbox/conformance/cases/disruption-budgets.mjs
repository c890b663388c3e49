import { match, none, some } from '../lib/expect.mjs';
import { budget, deployment } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

export default suite(
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
);
