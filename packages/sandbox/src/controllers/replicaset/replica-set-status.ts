import { timestamp } from '../../machinery/clock.js';
import type { ReplicaSet } from '../model/workloads.js';
import { findCondition, withCondition, withoutCondition } from '../parts/conditions.js';
import { omitEmpty } from '../parts/json-zero.js';
import type { Counts } from './replica-counts.js';

type Status = NonNullable<ReplicaSet['status']>;

/** What the status says of so many active pods. `failure`: why the last creation or deletion was refused. */
export function replicaSetStatus(set: ReplicaSet, counts: Counts, available: number, failure: string | undefined, now: number): Status {
  const { replicas: wanted = 1 } = set.spec;
  return omitEmpty<Status>(
    {
      replicas: counts.replicas,
      fullyLabeledReplicas: counts.fullyLabeled,
      readyReplicas: counts.ready,
      availableReplicas: available,
      observedGeneration: set.metadata.generation ?? 0,
      conditions: failureConditions(set.status?.conditions, counts.replicas - wanted, failure, now),
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
