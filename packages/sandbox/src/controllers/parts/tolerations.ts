import type { Taint } from '../model/cluster.js';
import type { Toleration } from '../model/pod.js';

export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (!toleration.key && toleration.operator !== 'Exists') return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

export const isTolerated = (tolerations: readonly Toleration[] | undefined, taint: Taint): boolean =>
  (tolerations ?? []).some((each) => tolerates(each, taint));

/** The first taint with one of these effects that nothing tolerates. */
export const untolerated = (
  tolerations: readonly Toleration[] | undefined,
  taints: readonly Taint[] | undefined,
  effects: readonly Taint['effect'][],
): Taint | undefined => (taints ?? []).find((taint) => effects.includes(taint.effect) && !isTolerated(tolerations, taint));
