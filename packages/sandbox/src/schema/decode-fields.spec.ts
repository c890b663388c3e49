import { describe, expect, it } from 'vitest';
import { decodeFields } from './decode-fields.js';
import { Schemas } from './schemas.js';
import { completed } from './zero.js';

const schemas = Schemas.builtIn();
const type = (group: string, kind: string) => schemas.of({ group, version: 'v1', kind });
const deployment = (spec: unknown) => ['apps', 'Deployment', { spec }] as const;
const container = (more: object) => deployment({ template: { spec: { containers: [{ name: 'a', ...more }] } } });
const configMap = (more: object) => ['', 'ConfigMap', more] as const;
const pod = (spec: object) => ['', 'Pod', { spec }] as const;
const field = (what: string, where: string, of: string) => `json: cannot unmarshal ${what} into Go struct field ${where} of type ${of}`;

/** [group, kind, object], what a real API server answered after `… cannot be handled as a …: `. */
const problems: [readonly [string, string, unknown], string][] = [
  [deployment({ replicas: 'x' }), field('string', 'DeploymentSpec.spec.replicas', 'int32')],
  [deployment({ replicas: 1.5 }), field('number 1.5', 'DeploymentSpec.spec.replicas', 'int32')],
  [deployment({ replicas: 3000000000 }), field('number 3000000000', 'DeploymentSpec.spec.replicas', 'int32')],
  [deployment([]), field('array', 'Deployment.spec', 'v1.DeploymentSpec')],
  [deployment({ paused: 'x' }), field('string', 'DeploymentSpec.spec.paused', 'bool')],
  [deployment({ selector: 'x' }), field('string', 'DeploymentSpec.spec.selector', 'v1.LabelSelector')],
  [deployment({ strategy: { type: 5 } }), field('number', 'DeploymentStrategy.spec.strategy.type', 'v1.DeploymentStrategyType')],
  [
    deployment({ strategy: { rollingUpdate: { maxSurge: true } } }),
    field('bool', 'RollingUpdateDeployment.spec.strategy.rollingUpdate.maxSurge', 'int32'),
  ],
  [deployment({ template: { spec: { containers: 'x' } } }), field('string', 'PodSpec.spec.template.spec.containers', '[]v1.Container')],
  [deployment({ template: { spec: { containers: ['x'] } } }), field('string', 'PodSpec.spec.template.spec.containers', 'v1.Container')],
  [
    container({ ports: [{ containerPort: 'x' }] }),
    field('string', 'ContainerPort.spec.template.spec.containers.ports.containerPort', 'int32'),
  ],
  [container({ args: 'x' }), field('string', 'Container.spec.template.spec.containers.args', '[]string')],
  [container({ args: [1] }), field('number', 'Container.spec.template.spec.containers.args', 'string')],
  [container({ env: [{ name: 'A', value: 1 }] }), field('number', 'EnvVar.spec.template.spec.containers.env.value', 'string')],
  [
    container({ resources: { limits: { cpu: 'x' } } }),
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  ],
  [
    container({ resources: { limits: 'x' } }),
    field('string', 'ResourceRequirements.spec.template.spec.containers.resources.limits', 'v1.ResourceList'),
  ],
  [
    deployment({ template: { metadata: { creationTimestamp: 'x' } } }),
    'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
  ],
  [
    deployment({ template: { metadata: { creationTimestamp: 5 } } }),
    field('number', 'ObjectMeta.spec.template.metadata.creationTimestamp', 'string'),
  ],
  [deployment({ template: { metadata: { labels: { a: 1 } } } }), field('number', 'ObjectMeta.spec.template.metadata.labels', 'string')],
  [deployment({ template: { metadata: { labels: [] } } }), field('array', 'ObjectMeta.spec.template.metadata.labels', 'map[string]string')],
  [configMap({ data: { a: 1 } }), field('number', 'ConfigMap.data', 'string')],
  [configMap({ data: 'x' }), field('string', 'ConfigMap.data', 'map[string]string')],
  [configMap({ binaryData: { a: '!!' } }), 'illegal base64 data at input byte 0'],
  [configMap({ binaryData: { a: 5 } }), field('number', 'ConfigMap.binaryData', '[]uint8')],
  [configMap({ metadata: { name: 5 } }), field('number', 'ObjectMeta.metadata.name', 'string')],
  [configMap({ metadata: 'x' }), field('string', 'ConfigMap.metadata', 'v1.ObjectMeta')],
  [pod({ activeDeadlineSeconds: 'x', dnsPolicy: 5 }), field('string', 'PodSpec.spec.activeDeadlineSeconds', 'int64')],
  [pod({ dnsPolicy: 5 }), field('number', 'PodSpec.spec.dnsPolicy', 'v1.DNSPolicy')],
  [pod({ volumes: [{ hostPath: { type: 5 } }] }), field('number', 'HostPathVolumeSource.spec.volumes.hostPath.type', 'v1.HostPathType')],
  [pod({ schedulingGates: {} }), field('object', 'PodSpec.spec.schedulingGates', '[]v1.PodSchedulingGate')],
];

describe('decodeFields', () => {
  it.each(problems)('%j', ([group, kind, object], expected) => {
    expect(decodeFields(type(group, kind), object).problem).toBe(expected);
  });

  it('names every field that is not known, in the order of the document', () => {
    const object = { spec: { foo: 1, template: { spec: { containers: [{ name: 'a', bar: 1, env: [{ nam: 1 }] }] } } }, bar: 1 };
    expect(decodeFields(type('apps', 'Deployment'), object)).toEqual({
      unknown: ['spec.foo', 'spec.template.spec.containers[0].bar', 'spec.template.spec.containers[0].env[0].nam', 'bar'],
    });
  });

  it('takes null for everything, and any base64, time and quantity that is one', () => {
    const object = { metadata: null, data: { a: null }, binaryData: { a: '', b: 'YQ==', c: 'YWI=', d: 'YWJj' } };
    expect(decodeFields(type('', 'ConfigMap'), object)).toEqual({ unknown: [] });
    const resources = { limits: { cpu: 1, memory: '1.5Gi', x: '1e3', y: '.5' } };
    expect(
      decodeFields(type('', 'Pod'), { metadata: { creationTimestamp: '2026-01-01T00:00:00Z' }, spec: { containers: [{ resources }] } }),
    ).toEqual({
      unknown: [],
    });
  });
});

describe('completed', () => {
  it('prints an object as Go does', () => {
    const object = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a', labels: {}, foo: 1 },
      spec: {
        hostNetwork: false,
        nodeName: '',
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'a', env: [], tty: true }],
        volumes: null,
      },
    };
    expect(completed(type('', 'Pod'), object)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: { containers: [{ name: 'a', resources: {}, tty: true }], terminationGracePeriodSeconds: 0 },
      status: {},
    });
  });

  it.each([
    ['1000m', '1'],
    ['1024Mi', '1Gi'],
    [0.5, '500m'],
    ['0.5Gi', '512Mi'],
    ['1e3', '1e3'],
    ['100m', '100m'],
    ['0Mi', '0'],
    [2, '2'],
  ])('prints the quantity %s as %s', (given, expected) => {
    const printed = completed(type('', 'ResourceQuota'), { spec: { hard: { cpu: given } } });
    expect(printed).toMatchObject({ spec: { hard: { cpu: expected } } });
  });

  it('answers the same object where it is as Go would print it', () => {
    const once = completed(type('', 'Pod'), { metadata: { name: 'a' }, spec: { containers: [{ name: 'a' }] } });
    expect(completed(type('', 'Pod'), once)).toBe(once);
  });
});
