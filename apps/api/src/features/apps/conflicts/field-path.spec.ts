import type { Manifest } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { hasField, locate, without } from './field-path.js';

const web: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { 'app.kubernetes.io/name': 'web', app: 'x' } },
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            args: ['a', 'b'],
            env: [{ name: 'A', value: '1' }],
            ports: [{ name: 'http', containerPort: 80 }],
            resources: { limits: { memory: '1Gi' } },
          },
        ],
        nodeNames: ['n1', 'n2'],
      },
    },
  },
};
const container = 'spec.template.spec.containers[web]';

describe('the field that a conflict names', () => {
  it.each<[string, string, unknown]>([
    ['.spec.replicas', 'spec.replicas', 3],
    ['.metadata.labels.app', 'metadata.labels.app', 'x'],
    ['.metadata.labels.app.kubernetes.io/name', 'metadata.labels.app.kubernetes.io/name', 'web'],
    ['.spec.template.spec.containers[name="web"].image', `${container}.image`, 'nginx:1.27'],
    ['.spec.template.spec.containers[name="web"].env[name="A"].value', `${container}.env[A].value`, '1'],
    ['.spec.template.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"].name', `${container}.ports[http].name`, 'http'],
    ['.spec.template.spec.nodeNames[="n2"]', 'spec.template.spec.nodeNames[1]', 'n2'],
    ['.spec.template.spec.containers[name="web"].args[0]', `${container}.args[0]`, 'a'],
  ])('%s', (path, field, value) => {
    expect(locate(web, path)).toEqual({ field, value });
    expect(hasField(web, field)).toBe(true);
  });

  it.each([['.spec.paused'], ['.spec.template.spec.containers[name="other"].image'], ['spec'], ['.spec.replicas.more']])(
    '%s is none',
    (path) => {
      expect(locate(web, path)).toBeNull();
    },
  );
});

describe('an object without fields', () => {
  it.each<[string, string[], (spec: Record<string, unknown>) => unknown, unknown]>([
    ['a number', ['spec.replicas'], (spec) => 'replicas' in spec, false],
    ['one of a list', [`${container}.image`], (spec) => 'image' in containerOf(spec), false],
    ['what is empty then', [`${container}.resources.limits.memory`], (spec) => 'resources' in containerOf(spec), false],
    ['not what merges a list', [`${container}.env[A].value`], (spec) => containerOf(spec).env, [{ name: 'A' }]],
  ])('lacks %s', (_, fields, look, expected) => {
    expect(look(without(web, new Set(fields)).spec as Record<string, unknown>)).toEqual(expected);
  });

  it('is itself where nothing is left out, and keeps its name', () => {
    expect(without(web, new Set())).toBe(web);
    expect(without(web, new Set(['metadata', 'kind']))).toMatchObject({ kind: 'Deployment', metadata: { name: 'web' } });
    expect(hasField(web, 'spec.paused')).toBe(false);
  });
});

function containerOf(spec: Record<string, unknown>): Record<string, unknown> {
  const { template } = spec as { template: { spec: { containers: Record<string, unknown>[] } } };
  return template.spec.containers[0] ?? {};
}
