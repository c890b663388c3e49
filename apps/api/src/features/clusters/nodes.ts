import { type KubeObject, toBytes, toCores } from '@fairlead/kube';
import type { ClusterNode } from '@fairlead/shared';

interface NodeParts {
  spec?: { unschedulable?: boolean };
  status?: {
    conditions?: { type?: string; status?: string; reason?: string; message?: string }[];
    nodeInfo?: { kubeletVersion?: string };
    allocatable?: Record<string, string>;
  };
}

const rolePrefix = 'node-role.kubernetes.io/';

/** A Node as the cluster's page shows it. */
export function nodeOf(object: KubeObject): ClusterNode {
  const { spec, status } = object as KubeObject & NodeParts;
  const conditions = status?.conditions ?? [];
  const ready = conditions.find((condition) => condition.type === 'Ready');
  const pressures = conditions
    .filter((condition) => condition.type !== 'Ready' && condition.status === 'True')
    .map((condition) => condition.type ?? '');
  const isReady = ready?.status === 'True';
  return {
    name: object.metadata.name,
    ready: isReady,
    cordoned: spec?.unschedulable === true,
    reason: isReady ? pressures.join(', ') || null : (ready?.message ?? ready?.reason ?? 'its kubelet has not reported yet').slice(0, 300),
    version: status?.nodeInfo?.kubeletVersion ?? '',
    roles: Object.keys(object.metadata.labels ?? {}).flatMap((key) => (key.startsWith(rolePrefix) ? [key.slice(rolePrefix.length)] : [])),
    cpuCores: quantity(status?.allocatable?.cpu, toCores),
    memoryBytes: quantity(status?.allocatable?.memory, toBytes),
    createdAt: object.metadata.creationTimestamp ?? '',
  };
}

function quantity(text: string | undefined, read: (text: string) => number): number | null {
  try {
    return text === undefined ? null : read(text);
  } catch {
    return null;
  }
}
