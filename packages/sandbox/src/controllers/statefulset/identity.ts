import { draft } from '../../machinery/object.js';
import type { Pod, PodTemplate } from '../model/pod.js';
import type { PersistentVolumeClaim } from '../model/storage.js';
import type { StatefulSet } from '../model/workloads.js';
import { controllerReference } from '../parts/owner.js';
import { podFromTemplate } from '../parts/pod-control.js';

export const kind = { apiVersion: 'apps/v1', kind: 'StatefulSet' };
export const revisionLabel = 'controller-revision-hash';

export const startOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;

/** `web-3` is 3; -1 for a name that is none of ours. */
export function ordinalOf(pod: Pod): number {
  const match = /-(\d+)$/.exec(pod.metadata.name);
  return match ? Number(match[1]) : -1;
}

export const claimName = (template: string, set: StatefulSet, ordinal: number): string => `${template}-${set.metadata.name}-${ordinal}`;

/** The pod with this number: its name, its place in the service, its own claims. */
export function podOf(set: StatefulSet, template: PodTemplate, ordinal: number, revision: string): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  return podFromTemplate(template, kind, set, {
    name,
    adjust(pod) {
      pod.metadata.generateName = `${set.metadata.name}-`;
      pod.metadata.labels = {
        ...pod.metadata.labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [revisionLabel]: revision,
        'statefulset.kubernetes.io/pod-name': name,
      };
      pod.spec.hostname = name;
      if (set.spec.serviceName) pod.spec.subdomain = set.spec.serviceName;
      const templates = set.spec.volumeClaimTemplates ?? [];
      const own = templates.map(({ metadata }) => ({
        name: metadata.name,
        persistentVolumeClaim: { claimName: claimName(metadata.name, set, ordinal) },
      }));
      const others = (pod.spec.volumes ?? []).filter((volume) => !own.some((each) => each.name === volume.name));
      if (own.length > 0) pod.spec.volumes = [...own, ...others];
    },
  });
}

/** The claims that a pod needs. They stay when it goes, unless the set's policy says otherwise. */
export function claimsOf(set: StatefulSet, ordinal: number): PersistentVolumeClaim[] {
  const owned = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    metadata: {
      name: claimName(metadata.name, set, ordinal),
      namespace: set.metadata.namespace ?? '',
      labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
      ...(metadata.annotations ? { annotations: { ...metadata.annotations } } : {}),
      ...(owned ? { ownerReferences: [{ ...controllerReference(kind, set), controller: true }] } : {}),
    },
    spec: draft(spec),
  }));
}
