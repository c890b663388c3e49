import { describe, expect, it } from 'vitest';
import { CreateApp } from './app.js';
import { AppSpec } from './app-spec.js';

const app = (spec: unknown) => CreateApp.safeParse({ name: 'web', cluster: 'alpha', namespace: 'shop', spec });

describe('the spec of an app', () => {
  it('takes an image alone and fills in the rest', () => {
    expect(AppSpec.parse({ image: 'nginx:1.14.2' })).toEqual({
      kind: 'image',
      image: 'nginx:1.14.2',
      imagePullPolicy: 'IfNotPresent',
      replicas: 1,
      env: [],
      resources: {},
      hardened: false,
    });
  });

  it('reads the same after it was read', () => {
    const once = AppSpec.parse({ image: 'a', port: 80, host: 'a.example', env: [{ name: 'A', value: '' }] });
    expect(AppSpec.parse(once)).toEqual(once);
  });

  it.each([
    [{ image: 'nginx', replicas: -1 }, 'spec.replicas'],
    [{ image: 'nginx', port: 70_000 }, 'spec.port'],
    [{ image: 'two words' }, 'spec.image'],
    [{ image: 'nginx', host: 'a.example' }, 'spec.port'],
    [{ image: 'nginx', port: 80, host: 'UPPER' }, 'spec.host'],
    [{ image: 'nginx', env: [{ name: '1A', value: '' }] }, 'spec.env.0.name'],
    [
      {
        image: 'nginx',
        env: [
          { name: 'A', value: '' },
          { name: 'A', value: '' },
        ],
      },
      'spec.env',
    ],
    [{ image: 'nginx', resources: { cpu: 'much' } }, 'spec.resources.cpu'],
    [{ image: 'nginx', privileged: true }, 'spec'],
    [{ kind: 'manifests', yaml: '' }, 'spec.yaml'],
    [{ kind: 'helm' }, 'spec.kind'],
    [[], 'spec'],
    [null, 'spec'],
  ])('refuses %j by its field', (spec, field) => {
    expect(app(spec).error?.issues.map((issue) => issue.path.join('.'))).toContain(field);
  });
});
