import { expect, test } from 'vitest';
import { kindsApi } from '../../../test/kinds/kinds-api.js';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
const path = (version: string): string => `apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`;
const memory = '[{"type":"Resource","resource":{"name":"memory","targetAverageUtilization":40}}]';

test('v1 is stored as v2, and read as v1', () => {
  const kinds = kindsApi(path('v1'), false);
  const annotations = { 'autoscaling.alpha.kubernetes.io/metrics': memory };
  const spec = { maxReplicas: 3, targetCPUUtilizationPercentage: 50, scaleTargetRef: target };
  const made = kinds.create({ kind: 'HorizontalPodAutoscaler', metadata: { name: 'h', annotations }, spec });
  expect(kinds.api.get('horizontalpodautoscalers.autoscaling', 'default', 'h')).toMatchObject({
    metadata: { name: 'h' },
    spec: {
      minReplicas: 1,
      metrics: [
        { type: 'Resource', resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 40 } } },
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
    },
  });
  expect(made).toMatchObject({ object: { metadata: { annotations }, spec: { minReplicas: 1, ...spec } } });
});

test('v2 says what it means when it is said nothing', () => {
  const made = kindsApi(path('v2'), false).create({ kind: 'H', metadata: { name: 'h' }, spec: { maxReplicas: 3, scaleTargetRef: target } });
  expect(made).toMatchObject({
    object: { spec: { metrics: [{ resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }] } },
  });
});
