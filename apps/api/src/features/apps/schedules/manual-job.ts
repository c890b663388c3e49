import { isRecord, type KubeObject, type Manifest } from '@fairlead/kube';
import { instantiate } from './job-run.js';

const maxName = 63;

/**
 * The Job that `kubectl create job --from=cronjob/…` makes: the template as it is, owned by the schedule without blocking its deletion, so that its
 * history limits and its deletion take the Job along. Pure; `suffix` tells it from others.
 */
export function manualJob(cronJob: KubeObject, suffix: string): Manifest {
  const spec = isRecord(cronJob.spec) && isRecord(cronJob.spec.jobTemplate) ? cronJob.spec.jobTemplate : {};
  const metadata = isRecord(spec.metadata) ? spec.metadata : {};
  const { name, namespace, uid } = cronJob.metadata;
  const tail = `-manual-${suffix}`;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name.slice(0, maxName - tail.length).replace(/[-.]+$/, '')}${tail}`,
      ...(namespace && { namespace }),
      labels: words(metadata.labels),
      annotations: { ...words(metadata.annotations), [instantiate]: 'manual' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid: uid ?? '', controller: true }],
    },
    spec: isRecord(spec.spec) ? spec.spec : {},
  };
}

const words = (value: unknown): Record<string, string> =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])))
    : {};
