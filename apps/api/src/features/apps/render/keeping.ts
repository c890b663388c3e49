import type { Manifest } from '@fairlead/kube';
import type { ImageSpec } from '@fairlead/shared';
import type { Frame } from './image-app.js';

/** Where there are two pods or more, one may be away for maintenance at a time, unless the app says otherwise. */
export function disruptionBudget({ meta, selector }: Frame, spec: ImageSpec): Manifest | null {
  const { disruption } = spec;
  if (spec.schedule || (disruption && 'none' in disruption)) return null;
  if (!disruption && leastPods(spec) < 2) return null;
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: meta,
    spec: { maxUnavailable: disruption?.maxUnavailable ?? 1, selector: { matchLabels: selector } },
  };
}

const leastPods = ({ replicas, autoscaling }: ImageSpec): number => (replicas === 0 ? 0 : (autoscaling?.minReplicas ?? replicas));

/** None while the app sleeps: it would wake it. */
export function autoscaler({ meta }: Frame, { autoscaling, replicas }: ImageSpec): Manifest | null {
  if (!autoscaling || replicas === 0) return null;
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent } = autoscaling;
  const metric = (name: string, averageUtilization: number | undefined) =>
    averageUtilization === undefined ? [] : [{ type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } }];
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta,
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: meta.name },
      minReplicas,
      maxReplicas,
      metrics: [...metric('cpu', cpuPercent), ...metric('memory', memoryPercent)],
    },
  };
}
