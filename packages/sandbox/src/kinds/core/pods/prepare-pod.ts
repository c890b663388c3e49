import type { KubeObject } from '@fairlead/kube/protocol';
import { timestamp } from '../../../machinery/clock.js';
import { type Fields, fields, isFields, items, list, stringMap, strings, text, within } from '../../parts/values.js';
import { dropDisabled } from '../../pod-template/drop-disabled.js';
import { qosClass } from './qos-class.js';

/** What the server makes of a new pod: its first status, and the selectors that its own labels complete. */
export function prepareNewPod(pod: KubeObject, now: number): void {
  const spec = within(pod, 'spec');
  dropDisabled(spec);
  pod.metadata.generation = 1;
  const gated = list(spec.schedulingGates).length > 0;
  pod.status = {
    phase: 'Pending',
    ...(gated ? { conditions: [{ ...schedulingGated, lastTransitionTime: timestamp(now) }] } : {}),
    qosClass: qosClass(spec),
  };
  const labels = pod.metadata.labels ?? {};
  const { affinity } = spec;
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const found = fields(fields(affinity)[kind]);
    for (const term of items(found.requiredDuringSchedulingIgnoredDuringExecution)) completeSelector(term, labels);
    for (const { podAffinityTerm } of items(found.preferredDuringSchedulingIgnoredDuringExecution))
      if (isFields(podAffinityTerm)) completeSelector(podAffinityTerm, labels);
  }
  for (const constraint of items(spec.topologySpreadConstraints)) completeSelector(constraint, labels);
}

const schedulingGated = {
  type: 'PodScheduled',
  status: 'False',
  lastProbeTime: null,
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
};

/** matchLabelKeys: whatever value the pod itself has. */
function completeSelector(term: Fields, labels: Readonly<Record<string, string>>): void {
  if (!isFields(term.labelSelector)) return;
  const selector = term.labelSelector;
  const add = (key: string, operator: 'In' | 'NotIn'): void => {
    const value = stringMap(labels)[text(key)];
    if (value === undefined) return;
    selector.matchExpressions = [...list(selector.matchExpressions), { key, operator, values: [value] }];
  };
  for (const key of strings(term.matchLabelKeys)) add(key, 'In');
  for (const key of strings(term.mismatchLabelKeys)) add(key, 'NotIn');
}
