import { isRecord, type KubeClient, type KubeObject, type Manifest, resourcePath } from '@fairlead/kube';
import type { Obstacle } from '@fairlead/shared';
import { fieldManager, titleOf } from '../render/identity.js';
import { isWorkload } from '../render/kinds.js';
import { podSpecPath } from '../render/manifest-app.js';
import type { ResourcePaths } from '../resource-paths.js';
import type { Draft, Judged } from './draft.js';
import { isRbacRefusal, isVerdict, obstaclesOf } from './obstacles.js';
import { quotaObstacles, type Sized, withDefaultsOf } from './quotas.js';

export const hasPods = ({ kind }: Manifest): boolean => isWorkload(kind) && kind !== 'Pod';

/**
 * A dry run of a workload meets neither quota nor Pod Security; its pod does. Callers whose role may not make pods by themselves learn
 * nothing here, and no obstacle is made of it.
 */
export async function judgePod(
  client: KubeClient,
  paths: ResourcePaths,
  draft: Draft,
  workload: Manifest,
): Promise<{ obstacles: Obstacle[]; pod: KubeObject | null }> {
  const pod = podOf(workload);
  if (!pod) return { obstacles: [], pod: null };
  try {
    const made = await client.create(await paths.of(client, draft.clusterId, pod, 'collection'), pod, { dryRun: true, fieldManager });
    return { obstacles: [], pod: made };
  } catch (error) {
    if (!isVerdict(error) || isRbacRefusal(error)) return { obstacles: [], pod: null };
    // A refusal that the workload gets as well is named there.
    return { obstacles: error.reason === 'Forbidden' ? obstaclesOf(titleOf(workload), error) : [], pod: null };
  }
}

/** Quotas see pods one by one; here all that shall be are counted, with what defaults a limit range gives them. */
export async function quotaTrouble(
  client: KubeClient,
  namespace: string,
  pods: readonly { judged: Judged; obstacles: readonly Obstacle[]; pod: KubeObject | null }[],
): Promise<Obstacle[]> {
  const counted = pods.flatMap(({ judged, pod }) => (pod && judged.object.kind === 'Deployment' ? [sizedOf(judged, pod)] : []));
  if (counted.length === 0) return [];
  const path = resourcePath({ group: '', version: 'v1', resource: 'resourcequotas', namespace });
  const { items } = await client.list(path).catch((error: unknown) => {
    if (isVerdict(error)) return { items: [] };
    throw error;
  });
  return quotaObstacles(items, counted);
}

function sizedOf({ object, before, after }: Judged, pod: KubeObject): Sized {
  const next = after ? podOf({ ...after, apiVersion: object.apiVersion, kind: object.kind }) : null;
  const old = before && podOf({ ...before, apiVersion: object.apiVersion, kind: object.kind });
  const replicas = sizeOf(after ?? object);
  const live = before && old ? { replicas: sizeOf(before), pod: withDefaultsOf(old, pod, next) } : null;
  const rolls = live !== null && JSON.stringify(next?.spec) !== JSON.stringify(old?.spec);
  return { title: titleOf(object), wanted: { replicas, pod }, live, surge: rolls ? Math.ceil(replicas / 4) : 0 };
}

const sizeOf = ({ spec }: KubeObject): number => (isRecord(spec) && typeof spec.replicas === 'number' ? spec.replicas : 1);

function podOf(workload: Manifest): Manifest | null {
  let at: unknown = workload;
  for (const field of podSpecPath(workload.kind).slice(0, -1)) at = isRecord(at) ? at[field] : undefined;
  if (!isRecord(at) || !isRecord(at.spec)) return null;
  const restartPolicy = workload.kind === 'Job' || workload.kind === 'CronJob' ? {} : { restartPolicy: 'Always' };
  const labels = isRecord(at.metadata) && isRecord(at.metadata.labels) ? (at.metadata.labels as Record<string, string>) : {};
  const { namespace = '' } = workload.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${workload.metadata.name.slice(0, 40)}-plan`, namespace, labels },
    spec: { ...restartPolicy, ...at.spec },
  };
}
