import type { Manifest } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { drift } from './drift.js';

const wanted: Manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            command: ['a', 'b'],
            resources: { requests: { cpu: '0.5' } },
            env: [{ name: 'A', value: '1' }],
            securityContext: {},
          },
        ],
      },
    },
  },
};
const live = (change: (spec: typeof container, object: typeof found) => unknown) => {
  const found = structuredClone(original);
  const [container] = found.spec.template.spec.containers;
  if (container) change(container, found);
  return found;
};
const original = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', uid: 'u', labels: { app: 'web', team: 'x' } as Record<string, string> },
  spec: {
    replicas: 3,
    revisionHistoryLimit: 10,
    template: {
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            command: ['a', 'b'],
            resources: { requests: { cpu: '500m' } },
            env: [{ name: 'A', value: '1' }],
            terminationMessagePath: '/dev/termination-log',
          },
        ],
      },
    },
  },
};
const found = original;
const [container = original.spec.template.spec.containers[0]!] = original.spec.template.spec.containers;

describe('drift', () => {
  it('is nothing where the server only added what we did not name, or spells a quantity otherwise', () => {
    expect(
      drift(
        wanted,
        live(() => {}),
      ),
    ).toEqual([]);
  });

  it.each<[string, Parameters<typeof live>[0], string, unknown, unknown]>([
    ['a number', (_, object) => Object.assign(object.spec, { replicas: 7 }), 'spec.replicas', 3, 7],
    [
      'an image',
      (web) => Object.assign(web, { image: 'nginx:1.28' }),
      'spec.template.spec.containers[web].image',
      'nginx:1.27',
      'nginx:1.28',
    ],
    [
      'a variable that is gone',
      (web) => Object.assign(web, { env: [] }),
      'spec.template.spec.containers[web].env[A]',
      { name: 'A', value: '1' },
      null,
    ],
    ['a list', (web) => web.command.push('c'), 'spec.template.spec.containers[web].command', ['a', 'b'], ['a', 'b', 'c']],
    [
      'a quantity',
      (web) => Object.assign(web.resources.requests, { cpu: '1' }),
      'spec.template.spec.containers[web].resources.requests.cpu',
      '0.5',
      '1',
    ],
    ['a label that is gone', (_, object) => delete object.metadata.labels.app, 'metadata.labels.app', 'web', null],
  ])('is %s', (_, change, field, value, now) => {
    expect(drift(wanted, live(change))).toEqual([{ object: 'Deployment/web', field, wanted: value, found: now }]);
  });

  it('leaves what belongs to another owner', () => {
    const changed = live((_, object) => Object.assign(object.spec, { replicas: 7 }));
    expect(drift(wanted, changed, (field) => field === 'spec.replicas')).toEqual([]);
  });
});
