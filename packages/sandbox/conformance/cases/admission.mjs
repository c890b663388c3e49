import { absent, match } from '../lib/expect.mjs';
import { budget, claim, configMap, idlePod, secret } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

export default suite(
  'admission',
  { namespace: 'own' },
  {
    'a pod gets its ServiceAccount, its token and two tolerations': async (t) => {
      const { spec } = await t.create('pods', idlePod('p'));
      match(spec.serviceAccountName, 'default');
      match(spec.serviceAccount, 'default');
      match(spec.volumes, [
        {
          name: /^kube-api-access-[a-z0-9]{5}$/,
          projected: {
            defaultMode: 420,
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt' } },
              { downwardAPI: {} },
            ],
          },
        },
      ]);
      match(spec.containers[0].volumeMounts, [
        { name: spec.volumes[0].name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
      ]);
      match(spec.tolerations, [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ]);
    },
    'automountServiceAccountToken: false': async (t) => {
      match((await t.create('pods', idlePod('p', { automountServiceAccountToken: false }))).spec.volumes, absent);
      await t.create('serviceaccounts', { metadata: { name: 'robot' }, automountServiceAccountToken: false });
      await t.until(
        'the account is known',
        async () => (await t.POST(t.path('pods'), idlePod('q', { serviceAccountName: 'robot' }))).is(201).spec.volumes === undefined,
      );
    },
    'imagePullSecrets of the ServiceAccount': async (t) => {
      await t.create('serviceaccounts', { metadata: { name: 'robot' }, imagePullSecrets: [{ name: 'registry' }] });
      const pod = await t.until('the account is known', async () => {
        const answer = await t.POST(t.path('pods'), idlePod('p', { serviceAccountName: 'robot' }));
        return answer.status === 201 && answer.body;
      });
      match(pod.spec.imagePullSecrets, [{ name: 'registry' }]);
    },
    'a ServiceAccount that is not there': async (t) => {
      await t.POST(t.path('pods'), idlePod('p', { serviceAccountName: 'none' })).is(403, {
        reason: 'Forbidden',
        message: 'pods "p" is forbidden: error looking up service account '.concat(t.ns, '/none: serviceaccount "none" not found'),
      });
    },
    'a priority class gives the number': async (t) => {
      await t.create('priorityclasses', { metadata: { name: t.id }, value: 1000, preemptionPolicy: 'Never' });
      await t.until('the class is known', async () => {
        const answer = await t.POST(t.path('pods'), idlePod('p', { priorityClassName: t.id }));
        return answer.status === 201 && match(answer.body.spec, { priority: 1000, preemptionPolicy: 'Never' });
      });
    },
    'a priority class that is not there': async (t) => {
      await t
        .POST(t.path('pods'), idlePod('p', { priorityClassName: 'none' }))
        .is(403, { message: 'pods "p" is forbidden: no PriorityClass with name none was found' });
    },
    'a priority without class must be the default': async (t) => {
      match((await t.create('pods', idlePod('p'))).spec, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
      await t.POST(t.path('pods'), idlePod('q', { priority: 5 })).is(403, {
        message:
          'pods "q" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
      });
    },
    'a system priority is for kube-system only': async (t) => {
      await t.GET('/apis/scheduling.k8s.io/v1/priorityclasses/system-node-critical').is(200, { value: 2000001000 });
      await t.POST('/apis/scheduling.k8s.io/v1/priorityclasses', { metadata: { name: t.id }, value: 2000000000 }).is(422, {
        message: `PriorityClass.scheduling.k8s.io "${t.id}" is invalid: value: Forbidden: maximum allowed value of a user defined priority is 1000000000`,
      });
    },
    'the value of a priority class cannot change': async (t) => {
      await t.create('priorityclasses', { metadata: { name: t.id }, value: 1000 });
      await t
        .PATCH(t.path('priorityclasses', t.id), { value: 2000 }, 'merge')
        .is(422, { message: /value: Forbidden: may not be changed in an update\./ });
    },
    'a Secret that cannot change': async (t) => {
      await t.create('secrets', secret('s', { a: '1' }, { immutable: true }));
      await t
        .PATCH(t.path('secrets', 's'), { stringData: { a: '2' } }, 'merge')
        .is(422, { message: 'Secret "s" is invalid: data: Forbidden: field is immutable when `immutable` is set' });
      await t
        .PATCH(t.path('secrets', 's'), { immutable: null }, 'merge')
        .is(422, { message: 'Secret "s" is invalid: immutable: Forbidden: field is immutable when `immutable` is set' });
    },
    'a ConfigMap that cannot change': async (t) => {
      await t.create('configmaps', { ...configMap('c'), immutable: true });
      await t
        .PATCH(t.path('configmaps', 'c'), { data: { a: '2' } }, 'merge')
        .is(422, { message: 'ConfigMap "c" is invalid: data: Forbidden: field is immutable when `immutable` is set' });
      await t.DELETE(t.path('configmaps', 'c')).is(200);
    },
    'the type of a Secret cannot change': async (t) => {
      await t.create('secrets', secret('s'));
      await t
        .PATCH(t.path('secrets', 's'), { type: 'example.com/other' }, 'merge')
        .is(422, { message: 'Secret "s" is invalid: type: Invalid value: "example.com/other": field is immutable' });
    },
    'a ConfigMap of more than 1 MiB': async (t) => {
      await t
        .POST(t.path('configmaps'), configMap('c', { a: 'x'.repeat(1024 * 1024 + 1) }))
        .is(422, { message: 'ConfigMap "c" is invalid: []: Too long: may not be more than 1048576 bytes' });
    },
    'a key both in data and binaryData': async (t) => {
      await t
        .POST(t.path('configmaps'), { ...configMap('c'), binaryData: { a: 'AA==' } })
        .is(422, { message: 'ConfigMap "c" is invalid: data[a]: Invalid value: "a": duplicate of key present in binaryData' });
    },
    'a storage class that is the default fills claims': async (t) => {
      const { items } = await t.GET('/apis/storage.k8s.io/v1/storageclasses').is(200);
      const standard = items.find((s) => s.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true');
      match((await t.create('persistentvolumeclaims', claim('c'))).spec.storageClassName, standard ? standard.metadata.name : absent);
    },
    'a budget needs a selector': async (t) => {
      await t.create('poddisruptionbudgets', { ...budget('b'), spec: { maxUnavailable: '50%', selector: {} } });
      await t.POST(t.path('poddisruptionbudgets'), { ...budget('c'), spec: { maxUnavailable: 'half', selector: {} } }).is(422, {
        message: /spec\.maxUnavailable: Invalid value: "half": a valid percent string must be a numeric string followed by an ending '%'/,
      });
    },
  },
);
