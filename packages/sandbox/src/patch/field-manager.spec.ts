import type { KubeObject } from '@fairlead/kube/protocol';
import { describe, expect, it } from 'vitest';
import { draft, type Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { Schemas } from '../schema/schemas.js';
import { FieldManager } from './field-manager.js';
import type { ManagedFieldsEntry } from './managers.js';
import { Versions } from './versions.js';

const fields = new FieldManager(new Versions(Schemas.builtIn(), () => undefined));
const kind = (group: string, name: string, resource: string): ResourceDefinition =>
  ({ group, version: 'v1', kind: name, resource, subresources: { status: {} } }) as unknown as ResourceDefinition;
const deployments = kind('apps', 'Deployment', 'deployments');
const configMaps = kind('', 'ConfigMap', 'configmaps');
const now = Date.UTC(2026, 0, 1);
const how = (definition: ResourceDefinition, manager: string, more: { subresource?: string; now?: number } = {}) => ({
  definition,
  manager,
  now,
  apiVersion: definition.group ? `${definition.group}/${definition.version}` : definition.version,
  ...more,
});

const deployment = (spec: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: { a: 'b' } }, ...spec },
});
const pod = (container: object): object => ({
  template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'main', image: 'x:1', ...container }] } },
});
const configMap = (data: object, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', ...more },
  data,
});

const created = (definition: ResourceDefinition, object: KubeObject, manager: string): Stored => {
  const next = draft(object);
  fields.noteUpdate(undefined, next, how(definition, manager));
  return { ...next, metadata: { ...next.metadata, uid: 'u' } } as Stored;
};
const entries = (object: KubeObject): ManagedFieldsEntry[] => (object.metadata.managedFields ?? []) as ManagedFieldsEntry[];
const of = (object: KubeObject, manager: string): unknown => entries(object).find((entry) => entry.manager === manager)?.fieldsV1;
const refusal = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return (error as { status: unknown }).status;
  }
};

describe('what an update owns', () => {
  it('is what it set, but for structs that were there before', () => {
    const object = created(
      deployments,
      deployment({ replicas: 1, ...pod({ ports: [{ containerPort: 80, protocol: 'TCP' }] }) }),
      'kubectl-create',
    );
    expect(entries(object)).toEqual([
      {
        manager: 'kubectl-create',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        // As a real API server answered, before its defaults.
        fieldsV1: {
          'f:spec': {
            'f:replicas': {},
            'f:selector': {},
            'f:template': {
              'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
              'f:spec': {
                'f:containers': {
                  'k:{"name":"main"}': {
                    '.': {},
                    'f:image': {},
                    'f:name': {},
                    'f:ports': { '.': {}, 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} } },
                    'f:resources': {},
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });

  it('is taken from whoever had it', () => {
    const old = created(configMaps, configMap({ a: '1', b: '1' }), 'one');
    const next = draft({ ...old, data: { a: '2', b: '1' } });
    fields.noteUpdate(old, next, how(configMaps, 'two'));
    expect(of(next, 'one')).toEqual({ 'f:data': { '.': {}, 'f:b': {} } });
    expect(of(next, 'two')).toEqual({ 'f:data': { 'f:a': {} } });
  });

  it('stays as it is, times too, where nothing changed', () => {
    const old = created(configMaps, configMap({ a: '1' }), 'one');
    const next = draft(old);
    fields.noteUpdate(old, next, how(configMaps, 'two', { now: now + 5000 }));
    expect(next.metadata.managedFields).toEqual(old.metadata.managedFields);
  });

  it('of the status is not what the spec says', () => {
    const old = created(deployments, deployment(pod({})), 'one');
    const next = draft({ ...old, spec: {}, status: { replicas: 1 } }) as KubeObject;
    fields.noteUpdate(old, next, how(deployments, 'controller', { subresource: 'status' }));
    expect(entries(next).find(({ manager }) => manager === 'controller')).toMatchObject({
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:replicas': {} } },
    });
    expect(of(next, 'one')).toEqual(of(old, 'one'));
  });

  it('is forgotten when the client says so', () => {
    const old = created(configMaps, configMap({ a: '1' }), 'one');
    const next = draft({ ...old, metadata: { ...old.metadata, managedFields: [{}] } });
    fields.noteUpdate(old, next, how(configMaps, 'two'));
    expect(next.metadata.managedFields).toBeUndefined();
  });

  it('becomes that of ancient-changes beyond ten managers', () => {
    let object = created(configMaps, configMap({ k0: '1' }), 'm0');
    for (let index = 1; index < 12; index += 1) {
      const next = draft({ ...object, data: { ...(object.data as object), [`k${index}`]: '1' } });
      fields.noteUpdate(object, next, how(configMaps, `m${index}`, { now: now + index * 1000 }));
      object = next;
    }
    expect(entries(object)).toHaveLength(10);
    expect(of(object, 'ancient-changes')).toEqual({ 'f:data': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {} } });
  });
});

const apply = (live: Stored | undefined, config: KubeObject, manager: string, force = false): Stored =>
  ({ ...fields.apply(live, draft(config), { ...how(config.kind === 'ConfigMap' ? configMaps : deployments, manager), force }) }) as Stored;

describe('server-side apply', () => {
  it('owns exactly what it says', () => {
    expect(of(apply(undefined, configMap({ x: '1' }, { labels: { l: '1' } }), 'one'), 'one')).toEqual({
      'f:data': { 'f:x': {} },
      'f:metadata': { 'f:labels': { 'f:l': {} } },
    });
  });

  it('removes what it does not say any more, unless somebody else does', () => {
    const first = apply(undefined, configMap({ x: '1', y: '1' }), 'one');
    const both = apply(first, configMap({ y: '1' }), 'two');
    expect(apply(both, configMap({}), 'one').data).toEqual({ y: '1' });
    expect(apply(first, configMap({ x: '1' }), 'one').data).toEqual({ x: '1' });
  });

  it('without a change of the object gives a new manager no time', () => {
    const first = apply(undefined, configMap({ x: '1' }), 'one');
    expect(entries(apply(first, configMap({ x: '1' }), 'two')).map(({ manager, time }) => [manager, time])).toEqual([
      ['two', undefined],
      ['one', '2026-01-01T00:00:00Z'],
    ]);
  });

  it('owns an empty map', () => {
    const first = apply(undefined, configMap({}), 'one');
    expect(refusal(() => apply(first, configMap({}), 'two'))).toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "one": .data',
    });
  });

  const one = apply(undefined, configMap({ x: '1', y: '1' }), 'one');
  const updated = created(deployments, deployment({ replicas: 1, ...pod({ args: ['1'] }) }), 'somebody');
  /** [title, live, config, message, causes' fields]. */
  const conflicts: [string, Stored, KubeObject, string, string[]][] = [
    ['one', one, configMap({ x: '2' }), 'Apply failed with 1 conflict: conflict with "one": .data.x', ['.data.x']],
    [
      'several',
      one,
      configMap({ x: '2', y: '2' }),
      'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y',
      ['.data.x', '.data.y'],
    ],
    [
      'with an update',
      updated,
      deployment({ replicas: 2 }),
      'Apply failed with 1 conflict: conflict with "somebody" using apps/v1: .spec.replicas',
      ['.spec.replicas'],
    ],
    [
      'in a list',
      updated,
      deployment(pod({ args: ['2'] })),
      'Apply failed with 1 conflict: conflict with "somebody" using apps/v1: .spec.template.spec.containers[name="main"].args',
      ['.spec.template.spec.containers[name="main"].args'],
    ],
  ];
  it.each(conflicts)('conflicts: %s', (_, live, config, message, causes) => {
    expect(refusal(() => apply(live, config, 'two'))).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message,
      details: { causes: causes.map((field) => ({ reason: 'FieldManagerConflict', field })) },
    });
    expect(of(apply(live, config, 'two', true), 'two')).toBeDefined();
  });

  const typed = 'failed to create typed patch object (/web; apps/v1, Kind=Deployment): ';
  /** [config, code, message] as a real API server answered. */
  const refused: [KubeObject, number, string][] = [
    [deployment({ foo: 1 }), 500, `${typed}.spec.foo: field not declared in schema`],
    [deployment({ replicas: 'x' }), 500, `${typed}.spec.replicas: expected numeric (int or float), got string`],
    [
      deployment({ template: { spec: { containers: [{ name: 'a' }, { name: 'a' }] } } }),
      500,
      `${typed}.spec.template.spec.containers: duplicate entries for key [name="a"]`,
    ],
    [{ ...deployment({}), spec: [] }, 500, `${typed}.spec: expected map, got &{[]}`],
    [
      deployment({ selector: 'a', minReadySeconds: '1', paused: 'x', template: { spec: { dnsPolicy: 4 } } }),
      500,
      `${typed}errors:\n  .spec.selector: expected map, got &{a}\n  .spec.minReadySeconds: expected numeric (int or float), got string\n  .spec.paused: expected boolean, got &{x}\n  .spec.template.spec.dnsPolicy: expected string, got &value.valueUnstructured{Value:4}`,
    ],
    [{ ...deployment({}), apiVersion: 'apps/v1beta1' }, 400, 'invalid object type: apps/v1beta1, Kind=Deployment'],
    [{ ...deployment({}), metadata: { name: 'web', managedFields: [] } }, 400, 'metadata.managedFields must be nil'],
  ];
  it.each(refused)('refuses %j', (config, code, message) => {
    expect(refusal(() => fields.apply(undefined, config, { ...how(deployments, 'one'), force: false }))).toMatchObject({ code, message });
  });

  it('lets kubectl go over from client-side apply', () => {
    const text = JSON.stringify(configMap({ x: '1' }));
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': text };
    const live = created(configMaps, configMap({ x: '1' }, { annotations }), 'kubectl-client-side-apply');
    expect(apply(live, configMap({ x: '2' }), 'kubectl').data).toEqual({ x: '2' });
    expect(refusal(() => apply(live, configMap({ x: '2' }), 'other'))).toMatchObject({ code: 409 });
  });
});

describe('several versions of a kind', () => {
  const at = (version: string, convert?: ResourceDefinition['convert']): ResourceDefinition =>
    ({ ...kind('autoscaling', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'), version, convert }) as ResourceDefinition;
  const stored = at('v2');
  // As far as one metric goes.
  const old = at('v1', {
    toStored: ({ spec, ...rest }) => {
      const { targetCPUUtilizationPercentage: averageUtilization, ...others } = spec as Record<string, unknown>;
      const target = { type: 'Utilization', averageUtilization };
      return { ...rest, spec: { ...others, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] } };
    },
    fromStored: ({ spec, ...rest }) => {
      const { metrics, ...others } = spec as { metrics: [{ resource: { target: { averageUtilization: number } } }] };
      return { ...rest, spec: { ...others, targetCPUUtilizationPercentage: metrics[0].resource.target.averageUtilization } };
    },
  });
  const both = new FieldManager(new Versions(Schemas.builtIn(), (_, apiVersion) => (apiVersion === 'autoscaling/v1' ? old : undefined)));
  const autoscaler = (more: object): KubeObject => ({
    apiVersion: 'autoscaling/v1',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'a' },
    spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'a' }, ...more },
  });
  const asOld = { definition: stored, manager: 'one', now, apiVersion: 'autoscaling/v1', force: false };
  const made = both.apply(undefined, autoscaler({ targetCPUUtilizationPercentage: 50 }), asOld) as Stored;

  it('are stored as one, and owned in the words of the one that was spoken', () => {
    expect(made).toMatchObject({ spec: { metrics: [{ resource: { target: { averageUtilization: 50 } } }] } });
    expect(of(made, 'one')).toMatchObject({ 'f:spec': { 'f:targetCPUUtilizationPercentage': {} } });
  });

  it('conflict in the words of the owner', () => {
    const config = { ...autoscaler({}), apiVersion: 'autoscaling/v2', spec: { maxReplicas: 5 } };
    expect(refusal(() => both.apply(made, config, { ...asOld, manager: 'two', apiVersion: 'autoscaling/v2' }))).toMatchObject({
      message: 'Apply failed with 1 conflict: conflict with "one": .spec.maxReplicas',
    });
  });

  it('lose what an update in the other one takes', () => {
    const next = draft({ ...made, metadata: { ...made.metadata, uid: 'u' } }) as KubeObject;
    const before = draft(next) as Stored;
    (next.spec as { metrics: { resource: { target: { averageUtilization: number } } }[] }).metrics.forEach((each) => {
      each.resource.target.averageUtilization = 80;
    });
    both.noteUpdate(before, next, { definition: stored, manager: 'two', now, apiVersion: 'autoscaling/v2' });
    expect(of(next, 'one')).not.toHaveProperty(['f:spec', 'f:targetCPUUtilizationPercentage']);
    expect(of(next, 'two')).toEqual({ 'f:spec': { 'f:metrics': {} } });
  });
});
