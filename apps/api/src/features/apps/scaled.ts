import type { AppSpec } from '@fairlead/shared';

/**
 * The spec at another size, which goes to whoever owns it: where it autoscales, the lower bound (and the upper one, if that is less). 0 is asleep,
 * whoever owns the size; a sleeping app wakes with its bounds as they were.
 */
export function scaled({ asleep, ...spec }: AppSpec, replicas: number): AppSpec {
  if (spec.kind !== 'image' || !spec.autoscaling || replicas === 0 || spec.replicas === 0 || asleep) return { ...spec, replicas };
  const { autoscaling } = spec;
  return {
    ...spec,
    replicas,
    autoscaling: { ...autoscaling, minReplicas: replicas, maxReplicas: Math.max(autoscaling.maxReplicas, replicas) },
  };
}
