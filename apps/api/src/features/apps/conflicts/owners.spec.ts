import type { KubeObject } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { managerName, ownerOf } from './owners.js';

describe('what people call a field manager', () => {
  it.each<[string, string | null, string]>([
    ['kubectl-edit', null, 'kubectl edit'],
    ['kubectl-client-side-apply', null, 'kubectl apply'],
    ['kubectl-set', null, 'kubectl set'],
    ['kubectl', 'scale', 'kubectl scale'],
    ['kubectl', null, 'kubectl'],
    ['helm', null, 'Helm'],
    ['argocd-controller', null, 'Argo CD'],
    ['kustomize-controller', null, 'Flux'],
    ['kube-controller-manager', 'scale', 'a horizontal pod autoscaler'],
    ['kube-controller-manager', null, "the cluster's controllers"],
    ['horizontal-pod-autoscaler', null, 'a horizontal pod autoscaler'],
    ['somebody', null, 'somebody'],
  ])('%s %s', (manager, subresource, name) => expect(managerName(manager, subresource)).toBe(name));
});

const live: KubeObject = {
  metadata: {
    name: 'web',
    managedFields: [
      { manager: 'kubectl-edit', operation: 'Update', time: '2026-01-01T00:00:00Z' },
      { manager: 'kubectl', operation: 'Update', subresource: 'scale', time: '2026-01-03T00:00:00Z' },
      { manager: 'argocd-controller', operation: 'Apply', time: '2026-01-02T00:00:00Z' },
    ],
  },
};

describe('whom a conflict names', () => {
  it.each<[string, object]>([
    [
      'conflict with "kubectl-edit" using apps/v1 at 2026-01-01T00:00:00Z',
      { manager: 'kubectl-edit', operation: 'Update', subresource: null, at: '2026-01-01T00:00:00Z' },
    ],
    ['conflict with "kubectl-edit" using apps/v1', { manager: 'kubectl-edit', operation: 'Update', at: '2026-01-01T00:00:00Z' }],
    [
      'conflict with "kubectl" with subresource "scale" using apps/v1 at 2026-01-03T00:00:00Z',
      { name: 'kubectl scale', subresource: 'scale', operation: 'Update', at: '2026-01-03T00:00:00Z' },
    ],
    ['conflict with "argocd-controller"', { name: 'Argo CD', operation: 'Apply', at: '2026-01-02T00:00:00Z' }],
    ['conflict with "a \\"b\\""', { manager: 'a "b"', operation: null, at: null }],
  ])('%s', (message, owner) => expect(ownerOf(message, live)).toMatchObject(owner));
});
