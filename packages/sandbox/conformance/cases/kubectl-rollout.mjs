import { absent, match } from '../lib/expect.mjs';
import { deployment, image } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const revision = 'deployment.kubernetes.io/revision';
const complete = (t, name, replicas = 1) =>
  t.untilObject(
    'deployments',
    name,
    { status: { readyReplicas: replicas, updatedReplicas: replicas, replicas, availableReplicas: replicas, unavailableReplicas: absent } },
    60_000,
  );
const setsOf = async (t, name) =>
  (await t.list('replicasets', { labelSelector: `app=${name}` })).sort(
    (a, b) => Number(a.metadata.annotations[revision]) - Number(b.metadata.annotations[revision]),
  );

export default suite(
  'kubectl rollout',
  { namespace: 'own', needs: ['kubectl'] },
  {
    status: async (t) => {
      await t.create('deployments', deployment('web', { replicas: 2 }));
      match(await t.kubectl('rollout status deploy web --timeout=50s').ok(), /deployment "web" successfully rolled out\n$/);
    },
    'status of one that waits': async (t) => {
      await t.create('deployments', deployment('web', {}, { nodeSelector: { none: 'such' } }));
      const { code, stdout, stderr } = await t.kubectl('rollout status deploy web --timeout=1s');
      match(code, 1);
      match(
        stdout,
        /Waiting for deployment "web" rollout to finish: 0 of 1 updated replicas are available\.\.\.|Waiting for deployment spec update to be observed/,
      );
      match(stderr, /timed out waiting for the condition/);
    },
    'status of one that failed': async (t) => {
      await t.create('deployments', deployment('web', { progressDeadlineSeconds: 1 }, { nodeSelector: { none: 'such' } }));
      await t.kubectl('rollout status deploy web --timeout=50s').fails(/error: deployment "web" exceeded its progress deadline/);
    },
    'history, with causes': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 0 }));
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '1' } } });
      await t.kubectl(['annotate', 'deploy', 'web', 'kubernetes.io/change-cause=the first']).ok();
      await t.until('the cause is copied', async () =>
        match((await setsOf(t, 'web'))[0].metadata.annotations['kubernetes.io/change-cause'], 'the first'),
      );
      await t.kubectl('set image deploy/web main=nginx:1.28').ok();
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '2' } } });
      match(
        await t.kubectl('rollout history deploy web').ok(),
        /^deployment\.apps\/web \nREVISION +CHANGE-CAUSE\n1 +the first\n2 +the first\n\n$/,
      );
      match(
        await t.kubectl('rollout history deploy web --revision=2').ok(),
        /^deployment\.apps\/web with revision #2\nPod Template:\n(.*\n)* +Image:\s+nginx:1\.28\n/,
      );
    },
    undo: async (t) => {
      await t.create('deployments', deployment('web', { replicas: 0 }));
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '1' } } });
      await t.kubectl('set image deploy/web main=nginx:1.28').ok();
      await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '2' } } });
      await t.kubectl('rollout undo deploy web').ok('deployment.apps/web rolled back');
      match(await t.untilObject('deployments', 'web', { metadata: { annotations: { [revision]: '3' } } }), {
        spec: { template: { spec: { containers: [{ image }] } } },
      });
      await t.kubectl('rollout undo deploy web --to-revision=2').ok('deployment.apps/web rolled back');
      await t.kubectl('rollout undo deploy web --to-revision=77').fails(/error: unable to find specified revision 77 in history/);
    },
    restart: async (t) => {
      await t.create('deployments', deployment('web'));
      await complete(t, 'web');
      await t.kubectl('rollout restart deploy web').ok('deployment.apps/web restarted');
      match((await t.read('deployments', 'web')).spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'], /T/);
      match(await t.kubectl('rollout status deploy web --timeout=50s').ok(), /successfully rolled out/);
    },
    'pause and resume': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 0 }));
      await t.kubectl('rollout pause deploy web').ok('deployment.apps/web paused');
      await t.kubectl('rollout pause deploy web').fails(/error: deployments\.apps "web" is already paused/);
      await t.kubectl('rollout restart deploy web').fails(/error: deployments\.apps "web" can't restart paused deployment/);
      await t.kubectl('rollout resume deploy web').ok('deployment.apps/web resumed');
    },
    'wait for a condition, for a field, for the end': async (t) => {
      await t.create('deployments', deployment('web'));
      await t.kubectl('wait deploy web --for=condition=Available --timeout=50s').ok('deployment.apps/web condition met');
      await t
        .kubectl(['wait', 'deploy', 'web', '--for=jsonpath={.status.readyReplicas}=1', '--timeout=50s'])
        .ok('deployment.apps/web condition met');
      await t
        .kubectl('wait deploy web --for=condition=Never --timeout=1s')
        .fails(/error: timed out waiting for the condition on deployments\/web/);
      await t.kubectl('delete deploy web --wait=false').ok();
      await t.kubectl('wait deploy web --for=delete --timeout=50s').ok();
    },
    'describe deployment': async (t) => {
      await t.create('deployments', deployment('web'));
      await complete(t, 'web');
      const text = await t.until('with its events', async () => {
        const out = await t.kubectl('describe deploy web').ok();
        return /ScalingReplicaSet/.test(out) && out;
      });
      for (const line of [
        /^Name: +web$/m,
        /^Annotations: +deployment\.kubernetes\.io\/revision: 1$/m,
        /^Selector: +app=web$/m,
        /^Replicas: +1 desired \| 1 updated \| 1 total \| 1 available \| 0 unavailable$/m,
        /^StrategyType: +RollingUpdate$/m,
        /^RollingUpdateStrategy: +25% max unavailable, 25% max surge$/m,
        /^ {2}Available +True +MinimumReplicasAvailable$/m,
        /^OldReplicaSets: +<none>$/m,
        /^NewReplicaSet: +web-\S+ \(1\/1 replicas created\)$/m,
        /^ {2}Normal +ScalingReplicaSet +\d+s +deployment-controller +Scaled up replica set web-\S+ from 0 to 1$/m,
      ])
        match(text, line);
    },
    'get of a rollout that is stuck': async (t) => {
      await t.create('deployments', deployment('web', {}, { nodeSelector: { none: 'such' } }));
      await t.until('Pending', async () =>
        /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0\/1 +1 +0 +\d+s\n$/.test(await t.kubectl('get deploy web').ok()),
      );
    },
  },
);
