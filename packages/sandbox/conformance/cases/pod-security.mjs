import { match } from '../lib/expect.mjs';
import { deployment, idlePod } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

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
];
