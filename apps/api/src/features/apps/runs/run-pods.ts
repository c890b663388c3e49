import { type KubeClient, KubeError, resourcePath } from '@fairlead/kube';
import { isNotFound } from '../cluster-error.js';
import type { Pod } from '../observed/shapes.js';
import type { Job } from '../schedules/job-run.js';
import { LastBytes } from './last-bytes.js';
import { runLabel } from './run-job.js';

const logWithinMs = 20_000;

export const jobPath = (namespace: string, name?: string): string =>
  resourcePath({ group: 'batch', version: 'v1', resource: 'jobs', namespace, ...(name && { name }) });

/** The Job of a run and its pods; null when the Job is gone. */
export async function lookAtRun(
  client: KubeClient,
  namespace: string,
  run: { id: string; job: string },
): Promise<{ job: Job; pods: Pod[] } | null> {
  try {
    const job = await client.get<Job>(jobPath(namespace, run.job));
    if (job.metadata.labels?.[runLabel] !== run.id) return null;
    const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace });
    const { items } = await client.list<Pod>(path, { labelSelector: `${runLabel}=${run.id}` });
    return { job, pods: items };
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** The end of the log of a run's pod; null when there is none to read: the pod is gone, or never started. */
export async function readRunLog(
  client: KubeClient,
  namespace: string,
  { pod, container }: { pod: string | null; container: string },
): Promise<{ text: string; truncated: boolean } | null> {
  if (pod === null) return null;
  const path = resourcePath({ group: '', version: 'v1', resource: 'pods', namespace, name: pod, subresource: 'log' });
  const last = new LastBytes();
  try {
    for await (const piece of client.stream(path, { query: { container }, signal: AbortSignal.timeout(logWithinMs) })) last.push(piece);
  } catch (error) {
    if (error instanceof KubeError && (error.code === 400 || error.code === 404)) return null;
    throw error;
  }
  return last.read();
}

/** Its pod goes with it. */
export async function removeRun(client: KubeClient, namespace: string, job: string): Promise<void> {
  try {
    await client.remove(jobPath(namespace, job), { propagationPolicy: 'Background' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
