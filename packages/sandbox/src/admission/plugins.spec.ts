import type { KubeObject } from '@fairlead/kube/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VirtualClock } from '../machinery/virtual-clock.js';
import { createSandbox, type Sandbox } from '../sandbox.js';

const clock = new VirtualClock();
let sandbox: Sandbox;
const warnings: string[] = [];
const create = (resource: string, object: KubeObject, dryRun = true): KubeObject =>
  sandbox.api.create(resource, object, { dryRun, onWarning: (text) => warnings.push(text) });
const pod = (name: string, namespace: string, spec: object = {}, resources: object = {}): KubeObject => ({
  metadata: { name, namespace },
  spec: { containers: [{ name: 'c', image: 'nginx:1.27', resources }], ...spec },
});
const policies = 'validatingadmissionpolicies.admissionregistration.k8s.io';

beforeAll(() => {
  sandbox = createSandbox({ clock, nodes: 1 });
  for (const name of ['plain', 'limited', 'counted', 'ruled']) create('namespaces', { metadata: { name } }, false);
  clock.advance(1000);
  const limit = {
    type: 'Container',
    default: { cpu: '500m' },
    defaultRequest: { cpu: '100m' },
    max: { cpu: '1' },
    maxLimitRequestRatio: { cpu: '4' },
  };
  create('limitranges', { metadata: { name: 'l', namespace: 'limited' }, spec: { limits: [limit] } }, false);
  create('resourcequotas', { metadata: { name: 'q', namespace: 'counted' }, spec: { hard: { pods: '2', 'requests.cpu': '1' } } }, false);
  clock.advance(1000);
});
afterAll(() => sandbox.close());

describe('what a pod is given', () => {
  it('is an account with its token, a priority and tolerations', () => {
    const { spec } = create('pods', pod('p', 'plain')) as KubeObject & { spec: Record<string, unknown> };
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
      volumes: [{ name: expect.stringMatching(/^kube-api-access-[a-z0-9]{5}$/) }],
      containers: [{ volumeMounts: [{ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }] }],
    });
  });

  it('are the defaults of a limit range', () => {
    const made = create('pods', pod('p', 'limited', {}, { requests: { cpu: '200m' } })) as KubeObject & { spec: { containers: object[] } };
    expect(made.spec.containers[0]).toMatchObject({ resources: { requests: { cpu: '200m' }, limits: { cpu: '500m' } } });
    expect(made.metadata.annotations).toEqual({ 'kubernetes.io/limit-ranger': 'LimitRanger plugin set: cpu limit for container c' });
  });
});

describe('what is refused', () => {
  it.each<[string, () => unknown, string]>([
    ['a namespace that is not there', () => create('pods', pod('p', 'nowhere')), 'namespaces "nowhere" not found'],
    [
      'an account that is not there',
      () => create('pods', pod('p', 'plain', { serviceAccountName: 'nobody' })),
      'pods "p" is forbidden: error looking up service account plain/nobody: serviceaccount "nobody" not found',
    ],
    [
      'a priority of one’s own',
      () => create('pods', pod('p', 'plain', { priority: 5 })),
      'pods "p" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    [
      'more than a limit range allows, all of it at once',
      () => create('pods', pod('p', 'limited', {}, { requests: { cpu: '400m' }, limits: { cpu: '2' } })),
      'pods "p" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, cpu max limit to request ratio per Container is 4, but provided ratio is 5.000000]',
    ],
    [
      'to say nothing where a quota wants to know',
      () => create('pods', pod('p', 'counted')),
      'pods "p" is forbidden: failed quota: q: must specify requests.cpu for: c',
    ],
    [
      'the system’s namespaces to go',
      () => sandbox.api.delete('namespaces', '', 'default'),
      'namespaces "default" is forbidden: this namespace may not be deleted',
    ],
  ])('%s', (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });

  it('more than a quota has left, which is counted at once', () => {
    create('pods', pod('one', 'counted', {}, { requests: { cpu: '600m' } }), false);
    expect(() => create('pods', pod('two', 'counted', {}, { requests: { cpu: '600m' } }))).toThrow(
      'pods "two" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1',
    );
    create('pods', pod('two', 'counted', {}, { requests: { cpu: '100m' } }), false);
    expect(() => create('pods', pod('three', 'counted', {}, { requests: { cpu: '100m' } }))).toThrow(
      'exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
    );
  });
});

describe('a ValidatingAdmissionPolicy', () => {
  const rule = (...validations: object[]): object => ({
    matchConstraints: {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ruled' } },
      resourceRules: [{ apiGroups: [''], apiVersions: ['*'], resources: ['configmaps'], operations: ['CREATE'] }],
    },
    matchConditions: [{ name: 'not-free', expression: "object.metadata.name != 'free'" }],
    variables: [{ name: 'long', expression: 'object.metadata.name.size() > 5' }],
    validations,
  });
  const bind = (name: string, validationActions: string[]): unknown =>
    create(
      'validatingadmissionpolicybindings.admissionregistration.k8s.io',
      { metadata: { name }, spec: { policyName: name, validationActions } },
      false,
    );
  const map = (name: string, namespace = 'ruled'): unknown => create('configmaps', { metadata: { name, namespace } });

  beforeAll(() => {
    const deny = rule(
      { expression: '!variables.long', messageExpression: "object.metadata.name + ' is long for ' + request.userInfo.username" },
      { expression: "object.metadata.name != 'ask' || object.data.there == 'yes'" },
      { expression: "object.metadata.name != 'no'", message: 'not no', reason: 'Forbidden' },
    );
    create(policies, { metadata: { name: 'deny' }, spec: deny }, false);
    bind('deny', ['Deny']);
    create(policies, { metadata: { name: 'warn' }, spec: rule({ expression: "object.metadata.name != 'soft'" }) }, false);
    bind('warn', ['Warn']);
  });

  const by = (name: string): string =>
    `configmaps "${name}" is forbidden: ValidatingAdmissionPolicy 'deny' with binding 'deny' denied request: `;
  it.each([
    ['longer', `${by('longer')}longer is long for system:apiserver`],
    ['ask', `${by('ask')}expression 'object.metadata.name != 'ask' || object.data.there == 'yes'' resulted in error: no such key: data`],
    ['no', `${by('no')}not no`],
  ])('denies %s', (name, message) => {
    expect(() => map(name)).toThrow(message);
  });

  it('lets pass what it is not about', () => {
    expect(() => map('free')).not.toThrow();
    expect(() => map('longer', 'plain')).not.toThrow();
  });

  it('warns', () => {
    warnings.length = 0;
    map('soft');
    expect(warnings).toEqual([
      "Validation failed for ValidatingAdmissionPolicy 'warn' with binding 'warn': failed expression: object.metadata.name != 'soft'",
    ]);
  });

  it('is compiled when it is made', () => {
    expect(() => create(policies, { metadata: { name: 'bad' }, spec: rule({ expression: 'request.foo' }) })).toThrow(
      `spec.validations[0].expression: Invalid value: "request.foo": compilation failed: ERROR: <input>:1:8: undefined field 'foo'`,
    );
  });
});
