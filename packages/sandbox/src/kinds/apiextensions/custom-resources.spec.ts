import type { KubeObject } from '@fairlead/kube/protocol';
import { describe, expect, it } from 'vitest';
import { repeatable } from '../../../test/support/test-api.js';
import { createApi } from '../../api/create-api.js';
import { VirtualClock } from '../../machinery/virtual-clock.js';
import { FieldManager } from '../../patch/field-manager.js';
import { Versions } from '../../patch/versions.js';
import { Schemas } from '../../schema/schemas.js';
import { isTrue, statusOf } from './crd-spec.js';
import { customResourceDefinitions } from './custom-resource-definitions.js';
import { startCustomResources } from './custom-resources.controller.js';

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';
const widgets = 'widgets.e.dev';

const definition = (properties: object = { size: { type: 'integer', default: 7 } }, names: object = {}, more: object = {}): KubeObject => {
  const all = { plural: 'widgets', kind: 'Widget', ...names };
  return {
    metadata: { name: `${all.plural}.e.dev` },
    spec: {
      group: 'e.dev',
      scope: 'Namespaced',
      names: all,
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } } },
          ...more,
        },
      ],
    },
  };
};
const widget = (spec: object): KubeObject => ({ metadata: { name: 'w', namespace: 'default' }, spec });

function cluster() {
  const clock = new VirtualClock();
  const schemas = Schemas.builtIn();
  const fields = new FieldManager(new Versions(schemas, (of, version) => api.registry.sibling(of, version)));
  const api = createApi({ clock, random: repeatable(1), definitions: [customResourceDefinitions], fields });
  startCustomResources({ api, schemas, clock });
  const define = (object: KubeObject): void => {
    api.create(definitions, object);
    clock.advance(0);
  };
  return { api, clock, schemas, define, find: (name = widgets) => api.get(definitions, '', name) as KubeObject };
}

describe('custom resources', () => {
  it('are served once their definition is established', () => {
    const { api, define, find } = cluster();
    define(definition());
    expect(isTrue(find(), 'Established')).toBe(true);
    expect(statusOf(find())).toMatchObject({
      acceptedNames: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      storedVersions: ['v1'],
    });
    expect(api.create(widgets, widget({ other: 1 }))).toMatchObject({ apiVersion: 'e.dev/v1', kind: 'Widget', spec: { size: 7 } });
    expect(api.get(widgets, 'default', 'w')?.spec).toEqual({ size: 7 });
  });

  it('are not served where their kind is taken', () => {
    const { api, define, find } = cluster();
    define(definition());
    define(definition({}, { plural: 'gadgets', singular: 'gadget', listKind: 'GadgetList' }));
    expect(statusOf(find('gadgets.e.dev')).conditions).toMatchObject([
      { type: 'NamesAccepted', status: 'False', reason: 'KindConflict', message: '"Widget" is already in use' },
      { type: 'Established', status: 'False', reason: 'NotAccepted' },
    ]);
    expect(api.registry.find('e.dev', 'v1', 'gadgets')).toBeUndefined();
  });

  it('take the names that become free', () => {
    const { api, clock, define, find } = cluster();
    define(definition());
    define(definition({}, { plural: 'gadgets', singular: 'gadget', listKind: 'GadgetList' }));
    api.delete(definitions, '', widgets);
    clock.advance(0);
    expect(isTrue(find('gadgets.e.dev'), 'Established')).toBe(true);
  });

  it('are judged by their schema and its rules, also about changes', () => {
    const { api, define } = cluster();
    const rule = { rule: 'self == oldSelf', message: 'is for ever' };
    define(definition({ size: { type: 'integer', maximum: 5 }, kind: { type: 'string', 'x-kubernetes-validations': [rule] } }));
    expect(() => api.create(widgets, widget({ size: 9 }))).toThrow('spec.size in body should be less than or equal to 5');
    api.create(widgets, widget({ kind: 'a' }));
    const change = (kind: string) => api.change(widgets, 'default', 'w', (object) => void Object.assign(object.spec as object, { kind }));
    expect(() => change('b')).toThrow('Widget.e.dev "w" is invalid: spec.kind: Invalid value: "string": is for ever');
    expect(change('a')).toMatchObject({ metadata: { generation: 1 } });
  });

  it('go before their definition does', () => {
    const { api, clock, define, find } = cluster();
    define(definition());
    api.create(widgets, { ...widget({}), metadata: { name: 'w', namespace: 'default', finalizers: ['e.dev/hold'] } });
    api.delete(definitions, '', widgets);
    clock.advance(0);
    expect(api.get(widgets, 'default', 'w')?.metadata.deletionTimestamp).toBeDefined();
    expect(find()).toBeDefined();
    api.change(widgets, 'default', 'w', ({ metadata }) => void delete metadata.finalizers);
    clock.advance(0);
    expect(api.get(definitions, '', widgets)).toBeUndefined();
    expect(api.registry.find('e.dev', 'v1', 'widgets')).toBeUndefined();
  });

  it('are owned field by field as their schema says', () => {
    const { api, define } = cluster();
    const parts = { type: 'array', items: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } };
    define(definition({ parts: { ...parts, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'] } }));
    const made = api.create(widgets, widget({ parts: [{ id: 'a' }] }), { fieldManager: 'one' });
    expect(made.metadata.managedFields).toMatchObject([
      { manager: 'one', fieldsV1: { 'f:spec': { '.': {}, 'f:parts': { '.': {}, 'k:{"id":"a"}': { '.': {}, 'f:id': {} } } } } },
    ]);
  });
});
