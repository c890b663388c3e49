import { absent, match, some } from '../lib/expect.mjs';
import { budget, claim, configMap, deployment, idlePod, quota, secret, service } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const withResources = (name, resources) => idlePod(name, { containers: [{ name: 'main', image: 'x:1', resources }] });
const limitRange = (limits) => ({ metadata: { name: 'limits' }, spec: { limits } });

/** Makes a quota and waits until it counts. */
async function setQuota(t, hard, more = {}) {
  await t.create('resourcequotas', { ...quota('q', hard), spec: { hard, ...more } });
  await t.untilObject('resourcequotas', 'q', {
    status: {
      hard: (v) => Object.keys(v ?? {}).length === Object.keys(hard).length,
      used: (v) => Object.keys(v ?? {}).length === Object.keys(hard).length,
    },
  });
}

const refusedByQuota = (resource, name, asked) => ({
  reason: 'Forbidden',
  code: 403,
  message: `${resource} "${name}" is forbidden: exceeded quota: q, ${asked}`,
});

const levels = [
  [
    'privileged container',
    'baseline',
    { containers: [{ name: 'main', image: 'x:1', securityContext: { privileged: true } }] },
    'privileged (container "main" must not set securityContext.privileged=true)',
  ],
  ['host network', 'baseline', { hostNetwork: true, containers: [{ name: 'main', image: 'x:1' }] }, 'host namespaces (hostNetwork=true)'],
  [
    'host path',
    'baseline',
    { volumes: [{ name: 'host', hostPath: { path: '/' } }], containers: [{ name: 'main', image: 'x:1' }] },
    'hostPath volumes (volume "host")',
  ],
  [
    'added capability',
    'baseline',
    { containers: [{ name: 'main', image: 'x:1', securityContext: { capabilities: { add: ['NET_ADMIN'] } } }] },
    'non-default capabilities (container "main" must not include "NET_ADMIN" in securityContext.capabilities.add)',
  ],
  [
    'host port',
    'baseline',
    { containers: [{ name: 'main', image: 'x:1', ports: [{ containerPort: 80, hostPort: 80 }] }] },
    'hostPort (container "main" uses hostPort 80)',
  ],
  [
    'plain pod',
    'restricted',
    { containers: [{ name: 'main', image: 'x:1' }] },
    'allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "main" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "main" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "main" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    'pod as root',
    'restricted',
    {
      securityContext: { runAsNonRoot: true, runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ name: 'main', image: 'x:1', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
    },
    'runAsUser=0 (pod must not set runAsUser=0)',
  ],
];

export default [
  suite(
    'quota',
    { namespace: 'own' },
    {
      'the status counts what is used': async (t) => {
        await setQuota(t, { pods: '3', configmaps: '9', secrets: '9', services: '2', 'requests.cpu': '2', 'count/deployments.apps': '5' });
        await t.create('pods', withResources('p', { requests: { cpu: '500m' } }));
        await t.create('deployments', deployment('d', { replicas: 0 }));
        await t.create('services', service('s'));
        await t.untilObject('resourcequotas', 'q', {
          status: {
            used: { pods: '1', configmaps: '1', secrets: '0', services: '1', 'requests.cpu': '500m', 'count/deployments.apps': '1' },
          },
        });
      },
      'one pod too many': async (t) => {
        await setQuota(t, { pods: '1' });
        await t.create('pods', idlePod('a'));
        await t.POST(t.path('pods'), idlePod('b')).is(403, {
          ...refusedByQuota('pods', 'b', 'requested: pods=1, used: pods=1, limited: pods=1'),
          details: { name: 'b', kind: 'pods' },
        });
      },
      'what is deleted is free again': async (t) => {
        await setQuota(t, { pods: '1' });
        await t.create('pods', idlePod('a'));
        await t.DELETE(t.path('pods', 'a')).is(200);
        await t.until('room for another', async () => (await t.POST(t.path('pods'), idlePod('b'))).status === 201);
      },
      'cpu and memory': async (t) => {
        await setQuota(t, { 'requests.cpu': '1', 'limits.memory': '128Mi' });
        await t
          .POST(t.path('pods'), withResources('a', { requests: { cpu: '2' }, limits: { memory: '64Mi', cpu: '2' } }))
          .is(403, refusedByQuota('pods', 'a', 'requested: requests.cpu=2, used: requests.cpu=0, limited: requests.cpu=1'));
        await t
          .POST(t.path('pods'), withResources('a', { requests: { cpu: '100m' }, limits: { memory: '256Mi' } }))
          .is(403, refusedByQuota('pods', 'a', 'requested: limits.memory=256Mi, used: limits.memory=0, limited: limits.memory=128Mi'));
      },
      'a pod must say what the quota counts': async (t) => {
        await setQuota(t, { 'requests.cpu': '1', 'limits.memory': '1Gi' });
        await t
          .POST(t.path('pods'), idlePod('a'))
          .is(403, { message: 'pods "a" is forbidden: failed quota: q: must specify limits.memory for: main; requests.cpu for: main' });
      },
      'objects are counted: count/…': async (t) => {
        await setQuota(t, { 'count/configmaps': '1' });
        await t
          .POST(t.path('configmaps'), configMap('x'))
          .is(
            403,
            refusedByQuota('configmaps', 'x', 'requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1'),
          );
      },
      'an object of a group': async (t) => {
        await setQuota(t, { 'count/deployments.apps': '0' });
        await t
          .POST(t.path('deployments'), deployment('x'))
          .is(
            403,
            refusedByQuota(
              'deployments.apps',
              'x',
              'requested: count/deployments.apps=1, used: count/deployments.apps=0, limited: count/deployments.apps=0',
            ),
          );
      },
      'node ports': async (t) => {
        await setQuota(t, { 'services.nodeports': '0' });
        await t
          .POST(t.path('services'), service('s', { type: 'NodePort' }))
          .is(
            403,
            refusedByQuota('services', 's', 'requested: services.nodeports=1, used: services.nodeports=0, limited: services.nodeports=0'),
          );
      },
      storage: async (t) => {
        await setQuota(t, { 'requests.storage': '1Gi' });
        await t
          .POST(t.path('persistentvolumeclaims'), claim('c', { resources: { requests: { storage: '5Gi' } } }))
          .is(
            403,
            refusedByQuota(
              'persistentvolumeclaims',
              'c',
              'requested: requests.storage=5Gi, used: requests.storage=0, limited: requests.storage=1Gi',
            ),
          );
      },
      'scopes: only best effort': async (t) => {
        await setQuota(t, { pods: '0' }, { scopes: ['BestEffort'] });
        await t.POST(t.path('pods'), idlePod('a')).is(403);
        await t.POST(t.path('pods'), withResources('b', { requests: { cpu: '1m' } })).is(201);
      },
      'a Deployment tells that its pods were refused': async (t) => {
        await setQuota(t, { pods: '0' });
        await t.create('deployments', deployment('d'));
        const { status } = await t.untilObject('deployments', 'd', {
          status: { conditions: (list) => list?.some((c) => c.type === 'ReplicaFailure') },
        });
        some(status.conditions, {
          type: 'ReplicaFailure',
          status: 'True',
          reason: 'FailedCreate',
          message: /^pods "d-.*" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0$/,
        });
        const events = await t.until('an event', async () => {
          const list = await t.list('events', { fieldSelector: 'reason=FailedCreate,involvedObject.kind=ReplicaSet' });
          return list.length > 0 && list;
        });
        some(events, { type: 'Warning', message: /^Error creating: pods "d-.*" is forbidden: exceeded quota: q/ });
      },
      'kubectl describe and create quota': [
        ['kubectl'],
        async (t) => {
          await t.kubectl('create quota q --hard=pods=3,configmaps=5').ok('resourcequota/q created');
          await t.until('counted', async () => /configmaps +1 +5\npods +0 +3/.test(await t.kubectl('describe quota q').ok()));
        },
      ],
    },
  ),
  suite(
    'limit ranges',
    { namespace: 'own' },
    {
      'defaults are filled in': async (t) => {
        await t.create(
          'limitranges',
          limitRange([{ type: 'Container', default: { cpu: '500m', memory: '128Mi' }, defaultRequest: { cpu: '100m' } }]),
        );
        const made = await t.until('counted', async () => {
          const pod = await t.POST(t.path('pods'), idlePod('p')).is(201);
          if (pod.spec.containers[0].resources.limits) return pod;
          await t.DELETE(t.path('pods', 'p')).is(200);
        });
        match(made.spec.containers[0].resources, { limits: { cpu: '500m', memory: '128Mi' }, requests: { cpu: '100m', memory: '128Mi' } });
        match(
          made.metadata.annotations['kubernetes.io/limit-ranger'],
          'LimitRanger plugin set: cpu, memory request for container main; cpu, memory limit for container main',
        );
      },
      'the range itself gets defaults': async (t) => {
        const made = await t.create('limitranges', limitRange([{ type: 'Container', max: { cpu: '2' } }]));
        match(made.spec.limits, [{ max: { cpu: '2' }, default: { cpu: '2' }, defaultRequest: { cpu: '2' } }]);
      },
      ...table(
        [
          ['above the maximum', { max: { cpu: '1' } }, { limits: { cpu: '2' } }, 'maximum cpu usage per Container is 1, but limit is 2'],
          [
            'below the minimum',
            { min: { memory: '64Mi' } },
            { requests: { memory: '1Mi' } },
            'minimum memory usage per Container is 64Mi, but request is 1Mi',
          ],
          [
            'a ratio',
            { maxLimitRequestRatio: { cpu: '2' } },
            { requests: { cpu: '100m' }, limits: { cpu: '500m' } },
            'cpu max limit to request ratio per Container is 2, but provided ratio is 5.000000',
          ],
        ],
        ([title]) => title,
        async (t, [, range, resources, message]) => {
          await t.create('limitranges', limitRange([{ type: 'Container', ...range }]));
          await t.until('refused', async () => {
            const answer = await t.POST(t.path('pods'), withResources('p', resources), { query: { dryRun: 'All' } });
            return answer.is(403, { reason: 'Forbidden', message: `pods "p" is forbidden: ${message}` });
          });
        },
      ),
      'a claim that asks too much': async (t) => {
        await t.create('limitranges', limitRange([{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }]));
        await t.until('refused', async () => {
          const answer = await t.POST(t.path('persistentvolumeclaims'), claim('c', { resources: { requests: { storage: '2Gi' } } }), {
            query: { dryRun: 'All' },
          });
          return answer.is(403, {
            message: 'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi',
          });
        });
      },
      'a minimum above the maximum is refused': async (t) => {
        await t.POST(t.path('limitranges'), limitRange([{ type: 'Container', min: { cpu: '2' }, max: { cpu: '1' } }])).is(422, {
          message:
            /^LimitRange "limits" is invalid: \[spec\.limits\[0\]\.min\[cpu\]: Invalid value: "2": min value 2 is greater than max value 1, /,
        });
      },
      'kubectl describe limits': [
        ['kubectl'],
        async (t) => {
          await t.create('limitranges', limitRange([{ type: 'Container', max: { cpu: '2' } }]));
          match(
            await t.kubectl('describe limits limits').ok(),
            /Type +Resource +Min +Max +Default Request +Default Limit +Max Limit\/Request Ratio\n-+ .*\nContainer +cpu +- +2 +2 +2 +-/,
          );
        },
      ],
    },
  ),
  ...['baseline', 'restricted'].map((level) =>
    suite(
      `pod security ${level}`,
      { namespace: 'shared', labels: { 'pod-security.kubernetes.io/enforce': level } },
      table(
        levels.filter(([, of]) => of === level),
        ([title]) => title,
        async (t, [, , spec, why]) => {
          await t
            .POST(t.path('pods'), idlePod('p', spec))
            .is(403, { reason: 'Forbidden', message: `pods "p" is forbidden: violates PodSecurity "${level}:latest": ${why}` });
        },
      ),
    ),
  ),
  suite(
    'pod security',
    { namespace: 'own' },
    {
      'warn warns of pods and of what will make them': async (t) => {
        await t
          .PATCH(`/api/v1/namespaces/${t.ns}`, { metadata: { labels: { 'pod-security.kubernetes.io/warn': 'baseline' } } }, 'merge')
          .is(200);
        const text = 'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)';
        await t.until('a warning', async () => {
          const answer = await t.POST(t.path('pods'), idlePod('p', { hostNetwork: true }), { query: { dryRun: 'All' } });
          answer.is(201);
          return answer.warnings.includes(text);
        });
        const made = await t.POST(t.path('deployments'), deployment('d', { replicas: 0 }, { hostNetwork: true }));
        made.is(201);
        match(made.warnings, [text]);
      },
      'a label that is none is refused': async (t) => {
        await t
          .PATCH(`/api/v1/namespaces/${t.ns}`, { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'harsh' } } }, 'merge')
          .is(422, {
            message: `Namespace "${t.ns}" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "harsh": must be one of privileged, baseline, restricted`,
          });
      },
      'enforcing where pods are already warns of them': async (t) => {
        await t.create('pods', idlePod('p', { hostNetwork: true }));
        const labels = { 'pod-security.kubernetes.io/enforce': 'baseline' };
        await t.until('warnings', async () => {
          const answer = await t.PATCH(`/api/v1/namespaces/${t.ns}`, { metadata: { labels } }, 'merge', { query: { dryRun: 'All' } });
          answer.is(200);
          return match(answer.warnings, [
            `existing pods in namespace "${t.ns}" violate the new PodSecurity enforce level "baseline:latest"`,
            'p: host namespaces',
          ]);
        });
      },
    },
  ),
  suite(
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
  ),
  suite(
    'admission policies',
    { namespace: 'own' },
    {
      'a ValidatingAdmissionPolicy refuses in its words': async (t) => {
        await t.create('validatingadmissionpolicies', {
          metadata: { name: t.id },
          spec: {
            failurePolicy: 'Fail',
            matchConstraints: {
              resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] }],
            },
            validations: [
              { expression: "!has(object.data) || !('forbidden' in object.data)", message: 'no forbidden data' },
              { expression: "object.metadata.name != 'zap'", messageExpression: "'no ' + object.metadata.name" },
            ],
          },
        });
        await t.create('validatingadmissionpolicybindings', {
          metadata: { name: t.id },
          spec: {
            policyName: t.id,
            validationActions: ['Deny'],
            matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': t.ns } } },
          },
        });
        await t.until('refused', async () => {
          const answer = await t.POST(t.path('configmaps'), configMap('c', { forbidden: '1' }), { query: { dryRun: 'All' } });
          return answer.is(422, {
            reason: 'Invalid',
            message: `configmaps "c" is forbidden: ValidatingAdmissionPolicy '${t.id}' with binding '${t.id}' denied request: no forbidden data`,
          });
        });
        await t
          .POST(t.path('configmaps'), configMap('zap', {}), { query: { dryRun: 'All' } })
          .is(422, { message: /denied request: no zap$/ });
        await t.create('configmaps', configMap('c'));
      },
      'a policy that only warns': async (t) => {
        await t.create('validatingadmissionpolicies', {
          metadata: { name: t.id },
          spec: {
            matchConstraints: {
              resourceRules: [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
            },
            validations: [{ expression: 'object.spec.replicas <= 3' }],
          },
        });
        await t.create('validatingadmissionpolicybindings', {
          metadata: { name: t.id },
          spec: {
            policyName: t.id,
            validationActions: ['Warn'],
            matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': t.ns } } },
          },
        });
        await t.until('a warning', async () => {
          const answer = await t.POST(t.path('deployments'), deployment('d', { replicas: 5 }), { query: { dryRun: 'All' } });
          answer.is(201);
          return match(answer.warnings, [
            `Validation failed for ValidatingAdmissionPolicy '${t.id}' with binding '${t.id}': failed expression: object.spec.replicas <= 3`,
          ]);
        });
      },
      'an expression that does not compile is refused': async (t) => {
        await t
          .POST(t.path('validatingadmissionpolicies'), {
            metadata: { name: t.id },
            spec: {
              matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] },
              validations: [{ expression: 'object.' }],
            },
          })
          .is(422, {
            message: /spec\.validations\[0\]\.expression: Invalid value: .*compilation failed: ERROR: <input>:1:8: Syntax error/s,
          });
      },
    },
  ),
];
