import type { ImageSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { mergePatch } from './merge-patch';
import { specWords } from './spec-words';

const base: ImageSpec = {
  kind: 'image',
  image: 'nginx:1.14.2',
  imagePullPolicy: 'IfNotPresent',
  replicas: 3,
  env: [
    { name: 'A', value: '1' },
    { name: 'DB', value: 'secret' },
  ],
  resources: { cpu: '100m' },
  hardened: false,
};

describe('what differs, in words', () => {
  it('says nothing of equal specs', () => expect(specWords(base, structuredClone(base))).toEqual([]));
  it('says one field a sentence, and no value of a variable', () => {
    const after: ImageSpec = {
      ...base,
      image: 'nginx:1.27',
      replicas: 5,
      port: 80,
      env: [
        { name: 'A', value: '2' },
        { name: 'B', value: 'x' },
      ],
      resources: {},
    };
    expect(specWords(base, after)).toEqual([
      'image nginx:1.14.2 → nginx:1.27',
      '3 → 5 replicas',
      'port none → 80',
      'cpu 100m → none',
      'variables +B, −DB, A changed',
    ]);
  });
  it('compares pasted YAML as text', () => {
    expect(specWords({ kind: 'manifests', yaml: 'a: 1' }, { kind: 'manifests', yaml: 'a: 2', replicas: 2 })).toEqual([
      'unnamed → 2 replicas',
      'the YAML text',
    ]);
  });
});

describe('the merge patch between two specs', () => {
  it('holds what differs only', () => {
    expect(mergePatch(base, { ...base, replicas: 5 })).toEqual({ replicas: 5 });
  });
  it('takes away by null, inside of objects too', () => {
    const { image: _, ...rest } = base;
    expect(mergePatch({ ...base, port: 80 }, { ...rest, image: 'x', resources: { memory: '1Gi' } })).toEqual({
      port: null,
      image: 'x',
      resources: { cpu: null, memory: '1Gi' },
    });
  });
  it('replaces arrays whole', () => {
    expect(mergePatch({ env: [1, 2] }, { env: [2] })).toEqual({ env: [2] });
  });
});
