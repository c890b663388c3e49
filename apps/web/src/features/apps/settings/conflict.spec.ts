import type { ManifestSpec } from '@fairlead/shared';
import { expect, it } from 'vitest';
import { conflictLines } from './conflict';

const spec = (part: Partial<ManifestSpec>): ManifestSpec => ({ kind: 'manifests', yaml: 'a: 1', replicas: 3, image: 'app:1', ...part });

it('lays two changes over each other', () => {
  expect(conflictLines(spec({}), spec({ replicas: 5, image: 'app:2' }), spec({ replicas: 2, yaml: 'a: 2' }))).toEqual([
    { field: 'image', mine: 'image app:1 → app:2', theirs: null, clash: false },
    { field: 'replicas', mine: '3 → 5 replicas', theirs: '3 → 2 replicas', clash: true },
    { field: 'yaml', mine: null, theirs: 'the YAML text', clash: false },
  ]);
});

it('is no clash when both did the same', () => {
  expect(conflictLines(spec({}), spec({ replicas: 5 }), spec({ replicas: 5 }))).toEqual([
    { field: 'replicas', mine: '3 → 5 replicas', theirs: '3 → 5 replicas', clash: false },
  ]);
});
