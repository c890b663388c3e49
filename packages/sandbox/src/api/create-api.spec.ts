import type { KubeObject } from '@fairlead/kube/protocol';
import { describe, expect, it } from 'vitest';
import { testApi } from '../../test/support/test-api.js';
import type { ApiError } from '../machinery/api-error.js';
import { allVerbs, type ResourceDefinition } from '../registry/definition.js';

const kind = (resource: string, name: string, more: Partial<ResourceDefinition> = {}): ResourceDefinition => ({
  group: '',
  version: 'v1',
  resource,
  singular: name.toLowerCase(),
  kind: name,
  namespaced: true,
  verbs: allVerbs,
  storage: resource,
  subresources: {
    status: {
      type: 'part',
      verbs: ['get', 'patch', 'update'],
      prepareForUpdate: (object, old) => {
        const { status } = object;
        for (const key of Object.keys(object)) if (key !== 'metadata') delete object[key];
        Object.assign(object, old, { metadata: object.metadata, status });
      },
    },
  },
  ...more,
});
const definitions = [
  kind('pods', 'Pod'),
  kind('configmaps', 'ConfigMap', { subresources: {} }),
  kind('namespaces', 'Namespace', { namespaced: false }),
  kind('events', 'Event', { subresources: {} }),
];
const pod = (name: string, more: object = {}): KubeObject => ({ metadata: { name, namespace: 'default' }, spec: {}, ...more });
const refusal = (call: () => unknown): { code: number; message: string } => {
  try {
    call();
  } catch (error) {
    const { status } = error as ApiError;
    return { code: status.code, message: status.message };
  }
  throw new Error('was not refused');
};

describe('the API from the inside', () => {
  it('fills in what the server decides', () => {
    const { api } = testApi(definitions);
    const made = api.create(
      'pods',
      pod('', { metadata: { name: '', generateName: 'web-', namespace: 'default' }, status: { phase: 'X' } }),
    );
    expect(made.metadata).toMatchObject({
      namespace: 'default',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      resourceVersion: '2',
    });
    expect(made.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
    expect(made.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.status).toBeUndefined();
  });

  it('writes nothing where nothing changed, and a generation only for what is wanted', () => {
    const { api } = testApi(definitions);
    const first = api.create('pods', pod('a'));
    expect(api.change('pods', 'default', 'a', () => {})).toBe(first);
    const labelled = api.change('pods', 'default', 'a', ({ metadata }) => {
      metadata.labels = { app: 'a' };
    });
    expect(labelled?.metadata).toMatchObject({ generation: 1, resourceVersion: '3' });
    const spec = api.change('pods', 'default', 'a', (object) => {
      object.spec = { x: 1 };
    });
    expect(spec?.metadata.generation).toBe(2);
  });

  it('keeps status and the rest apart', () => {
    const { api } = testApi(definitions);
    api.create('pods', pod('a'));
    const both = (object: KubeObject) => {
      object.spec = { x: 1 };
      object.status = { phase: 'Running' };
    };
    expect(api.change('pods', 'default', 'a', both, { subresource: 'status' })).toMatchObject({ spec: {}, status: { phase: 'Running' } });
    expect(
      api.change('pods', 'default', 'a', (object) => {
        object.status = {};
      })?.status,
    ).toEqual({ phase: 'Running' });
  });

  it.each([
    [
      'a name that is none',
      { name: 'A_b', namespace: 'default' },
      422,
      'Pod "A_b" is invalid: metadata.name: Invalid value: "A_b": a lowercase',
    ],
    [
      'no name',
      { name: '', namespace: 'default' },
      422,
      'Pod "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    ['a version', { name: 'b', namespace: 'default', resourceVersion: '1' }, 500, 'resourceVersion should not be set'],
    ['a name that is there', { name: 'a', namespace: 'default' }, 409, 'pods "a" already exists'],
  ])('refuses to create with %s', (_, metadata, code, message) => {
    const { api } = testApi(definitions);
    api.create('pods', pod('a'));
    expect(refusal(() => api.create('pods', { metadata, spec: {} }))).toEqual({ code, message: expect.stringContaining(message) });
  });

  it('refuses an update of what was modified since', () => {
    const { api } = testApi(definitions);
    const { metadata } = api.create('pods', pod('a'));
    api.change('pods', 'default', 'a', (object) => {
      object.spec = { x: 1 };
    });
    expect(refusal(() => api.update('pods', { ...pod('a'), metadata: { ...metadata } }))).toEqual({
      code: 409,
      message:
        'Operation cannot be fulfilled on pods "a": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  it('gives a pod on a node its time, and takes one without a node at once', () => {
    const { api } = testApi(definitions);
    api.create('pods', pod('bound', { spec: { nodeName: 'n', terminationGracePeriodSeconds: 5 } }));
    api.create('pods', pod('unbound'));
    expect(api.delete('pods', 'default', 'bound').metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:05Z',
      deletionGracePeriodSeconds: 5,
    });
    api.delete('pods', 'default', 'unbound');
    expect(api.list('pods').map(({ metadata }) => metadata.name)).toEqual(['bound']);
    api.delete('pods', 'default', 'bound', { gracePeriodSeconds: 0 });
    expect(api.list('pods')).toEqual([]);
  });

  it('holds an object until its last finalizer is gone', () => {
    const { api } = testApi(definitions);
    api.create('configmaps', { metadata: { name: 'a', namespace: 'default', finalizers: ['example.com/x'] } });
    const held = api.delete('configmaps', 'default', 'a', { propagationPolicy: 'Foreground' });
    expect(held.metadata.finalizers).toEqual(['example.com/x', 'foregroundDeletion']);
    api.change('configmaps', 'default', 'a', ({ metadata }) => {
      delete metadata.finalizers;
    });
    expect(api.get('configmaps', 'default', 'a')).toBeUndefined();
  });

  it('keeps a namespace until its own finalizers are gone', () => {
    const { api } = testApi(definitions);
    api.create('namespaces', { metadata: { name: 'a' }, spec: { finalizers: ['kubernetes'] } });
    expect(api.delete('namespaces', '', 'a').status).toEqual({ phase: 'Terminating' });
    api.change('namespaces', '', 'a', (object) => {
      object.spec = {};
    });
    expect(api.get('namespaces', '', 'a')).toBeUndefined();
  });

  it('tells changes in their order, also those that a listener makes', () => {
    const { api } = testApi(definitions);
    const seen: string[] = [];
    api.onChange('pods', ({ type, object }) => {
      if (type === 'ADDED' && object.metadata.name === 'a') api.create('pods', pod('b'));
    });
    api.onAnyChange((resource, { type, object }) => seen.push(`${type} ${resource}/${object.metadata.name}`));
    api.create('pods', pod('a'));
    api.delete('pods', 'default', 'a');
    expect(seen).toEqual(['ADDED pods/a', 'ADDED pods/b', 'DELETED pods/a']);
  });

  it('knows what belongs to whom', () => {
    const { api } = testApi(definitions);
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'u' };
    api.create('configmaps', { metadata: { name: 'c', namespace: 'default', ownerReferences: [owner] } });
    expect(api.ownedBy('u').map(({ metadata }) => metadata.name)).toEqual(['c']);
    api.delete('configmaps', 'default', 'c');
    expect(api.ownedBy('u')).toEqual([]);
  });

  it('changes nothing in a dry run', () => {
    const { api } = testApi(definitions);
    api.create('pods', pod('a'), { dryRun: true });
    expect(api.list('pods')).toEqual([]);
  });

  it('counts an event that comes again', () => {
    const { api, clock } = testApi(definitions);
    const about = api.create('pods', pod('a'));
    const event = { about, type: 'Warning', reason: 'Failed', message: 'no', component: 'kubelet', host: 'n' } as const;
    api.recordEvent(event);
    clock.advance(1000);
    api.recordEvent(event);
    expect(api.list('events', 'default')).toMatchObject([
      {
        count: 2,
        firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:01Z',
        involvedObject: { kind: 'Pod', name: 'a' },
      },
    ]);
  });

  it('reads the past of a list', () => {
    const { api } = testApi(definitions);
    api.create('pods', pod('a'));
    const then = api.store.revision;
    api.create('pods', pod('b'));
    api.change('pods', 'default', 'a', (object) => {
      object.spec = { x: 1 };
    });
    api.delete('pods', 'default', 'b');
    expect(api.store.listAt('pods', undefined, then)).toMatchObject([{ metadata: { name: 'a', resourceVersion: String(then) }, spec: {} }]);
    api.store.compact();
    expect(refusal(() => api.store.listAt('pods', undefined, then)).code).toBe(410);
  });
});
