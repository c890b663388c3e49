import { match } from '../lib/expect.mjs';
import { configMap, deployment } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

export default suite(
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
);
