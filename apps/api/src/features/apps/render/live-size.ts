import { isRecord, type KubeObject, type Manifest } from '@fairlead/kube';
import { fieldManager } from './identity.js';

/**
 * What is sent of a workload whose size an autoscaler of the same app owns. Before it has taken over, the size that lives is repeated (left out,
 * it would fall to 1); after that the field is left to it.
 */
export function withLiveSize(object: Manifest, live: KubeObject | null, wanted: readonly Manifest[]): Manifest {
  if (!live || !isRecord(object.spec) || object.spec.replicas === undefined || !isAutoscaled(object, wanted)) return object;
  const { replicas, ...rest } = object.spec;
  if (othersOwnSize(live)) return { ...object, spec: rest };
  const now = isRecord(live.spec) ? live.spec.replicas : undefined;
  // One that sleeps is woken: an autoscaler does nothing at 0.
  return { ...object, spec: { ...rest, replicas: typeof now === 'number' && now > 0 ? now : replicas } };
}

export const isAutoscaled = (object: Manifest, wanted: readonly Manifest[]): boolean =>
  wanted.some(({ kind, spec }) => {
    const target = kind === 'HorizontalPodAutoscaler' && isRecord(spec) ? spec.scaleTargetRef : undefined;
    return isRecord(target) && target.kind === object.kind && target.name === object.metadata.name;
  });

function othersOwnSize({ metadata, spec }: KubeObject): boolean {
  if (isRecord(spec) && spec.replicas === 0) return false;
  const entries: unknown[] = Array.isArray(metadata.managedFields) ? metadata.managedFields : [];
  return entries.some((entry) => {
    if (!isRecord(entry) || entry.manager === fieldManager || !isRecord(entry.fieldsV1)) return false;
    const fields = entry.fieldsV1['f:spec'];
    return isRecord(fields) && fields['f:replicas'] !== undefined;
  });
}
