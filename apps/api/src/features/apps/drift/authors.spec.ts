import type { KubeObject } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { authorOf } from './authors.js';

const object: KubeObject = {
  metadata: {
    name: 'web',
    managedFields: [
      { manager: 'fairlead', time: '2026-01-01T00:00:00Z', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
      { manager: 'kubectl-edit', time: '2026-01-02T00:00:00Z', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
      {
        manager: 'helm',
        time: '2026-01-01T00:00:00Z',
        fieldsV1: { 'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } } } },
      },
    ],
  },
};

describe('who set a field', () => {
  it.each([
    ['the newest other owner', 'spec.replicas', { by: 'kubectl-edit', at: '2026-01-02T00:00:00Z' }],
    ['by the key of a list', 'spec.template.spec.containers[web].image', { by: 'helm', at: '2026-01-01T00:00:00Z' }],
    ['of another item nobody', 'spec.template.spec.containers[other].image', null],
    ['of a field that nobody owns', 'spec.paused', null],
  ])('%s', (_, field, author) => {
    expect(authorOf(object, field, 'fairlead')).toEqual(author);
  });
});
