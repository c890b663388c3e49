import type { KubeObject, Manifest } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { withLiveSize } from './live-size.js';

const workload: Manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 2, paused: false } };
const autoscaler: Manifest = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
};
const live = (replicas: number, managers: string[]): KubeObject => ({
  ...workload,
  metadata: {
    name: 'web',
    managedFields: managers.map((manager) => ({ manager, fieldsV1: { 'f:spec': { 'f:replicas': {} } } })),
  },
  spec: { replicas },
});

describe('the size that is sent of a workload', () => {
  it.each<[string, KubeObject | null, Manifest[], number | undefined]>([
    ['is the one wanted where nothing scales it', live(5, ['fairlead', 'kubectl']), [workload], 2],
    ['is the first one where it does not live yet', null, [workload, autoscaler], 2],
    ['is the one that lives until the autoscaler has taken over', live(5, ['fairlead']), [workload, autoscaler], 5],
    ['is left out after that', live(5, ['fairlead', 'kube-controller-manager']), [workload, autoscaler], undefined],
    ['wakes one that sleeps', live(0, ['fairlead', 'kube-controller-manager']), [workload, autoscaler], 2],
  ])('%s', (_, found, wanted, replicas) => {
    expect(withLiveSize(workload, found, wanted).spec).toEqual({ paused: false, ...(replicas !== undefined && { replicas }) });
  });
});
