import { timestamp } from '../../machinery/clock.js';
import type { Pod } from '../model/pod.js';
import type { ReplicaSet } from '../model/workloads.js';
import { findCondition, withCondition, withoutCondition } from '../parts/conditions.js';
import { omitEmpty } from '../parts/json-zero.js';
import { isAvailable, isReady } from '../parts/pod-state.js';

type Status = NonNullable<ReplicaSet['status']>;

/** What the status says of these active pods. `failure`: why the last creation or deletion was refused. */
export function replicaSetStatus(set: ReplicaSet, active: readonly Pod[], failure: string | undefined, now: number): Status {
  const { minReadySeconds = 0, template, replicas: wanted = 1 } = set.spec;
  const labels = Object.entries(template.metadata?.labels ?? {});
  return omitEmpty<Status>(
    {
      replicas: active.length,
      fullyLabeledReplicas: active.filter((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value)).length,
      readyReplicas: active.filter(isReady).length,
      availableReplicas: active.filter((pod) => isAvailable(pod, minReadySeconds, now)).length,
      observedGeneration: set.metadata.generation ?? 0,
      conditions: failureConditions(set.status?.conditions, active.length - wanted, failure, now),
    },
    ['replicas'],
  );
}

function failureConditions(current: Status['conditions'], surplus: number, failure: string | undefined, now: number): Status['conditions'] {
  if (failure === undefined) return withoutCondition(current, 'ReplicaFailure');
  if (findCondition(current, 'ReplicaFailure')) return current;
  const reason = surplus < 0 ? 'FailedCreate' : 'FailedDelete';
  return withCondition(current, { type: 'ReplicaFailure', status: 'True', lastTransitionTime: timestamp(now), reason, message: failure });
}
