import { ImageSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { renderManifests } from '../render/manifests.js';
import { summaryOf, wordsOf } from './words.js';

const spec = (more: object = {}) => ImageSpec.parse({ image: 'nginx:1.14.2', replicas: 3, port: 80, ...more });
const rendered = (more: object, kind: string) => {
  const found = renderManifests({ id: 'x', name: 'web', namespace: 'shop', project: { id: 'p' } }, spec(more)).find(
    (object) => object.kind === kind,
  );
  if (!found) throw new Error(`no ${kind}`);
  return found;
};

describe('wordsOf', () => {
  it.each([
    ['the same', {}, {}, 'Deployment', []],
    ['another size', {}, { replicas: 5 }, 'Deployment', ['3 → 5 replicas']],
    ['one', {}, { replicas: 1 }, 'Deployment', ['3 → 1 replica']],
    ['another image', {}, { image: 'nginx:1.27' }, 'Deployment', ['image nginx:1.14.2 → nginx:1.27']],
    ['a new variable', {}, { env: [{ name: 'A', value: 's3cret' }] }, 'Deployment', ['env +A']],
    ['another value', { env: [{ name: 'A', value: 's3cret' }] }, { env: [{ name: 'A', value: 'other' }] }, 'Deployment', ['env A changed']],
    [
      'a variable less',
      {
        env: [
          { name: 'A', value: 'x' },
          { name: 'B', value: 'y' },
        ],
      },
      { env: [{ name: 'A', value: 'x' }] },
      'Deployment',
      ['env −B'],
    ],
    ['another host', { host: 'a.example' }, { host: 'b.example' }, 'Ingress', ['host a.example → b.example']],
  ])('%s', (_, before, after, kind, words) => {
    expect(wordsOf(rendered(before, kind), rendered(after, kind))).toEqual(words);
  });
});

describe('summaryOf', () => {
  it.each([
    [null, spec(), 'nginx:1.14.2, 3 replicas'],
    [spec(), spec({ replicas: 5 }), '3 → 5 replicas'],
    [spec(), spec({ image: 'nginx:1.27', port: 8080 }), 'image nginx:1.14.2 → nginx:1.27, port 80 → 8080'],
    [spec(), spec({ host: 'a.example' }), 'host: a.example'],
    [spec(), spec(), 'nothing changed'],
    [spec(), { kind: 'manifests' as const, yaml: 'a: 1' }, 'from an image to manifests'],
    [
      { kind: 'manifests' as const, yaml: 'a: 1' },
      { kind: 'manifests' as const, yaml: 'a: 2', replicas: 2 },
      'manifests edited, 1 → 2 replicas',
    ],
  ])('%#', (before, after, summary) => {
    expect(summaryOf(before, after)).toBe(summary);
  });
});
