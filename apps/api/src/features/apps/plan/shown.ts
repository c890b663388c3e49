import type { KubeObject } from '@fairlead/kube';
import { stringify } from 'yaml';
import { annotations } from '../render/identity.js';

const clusterMade = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];
const bookkeeping = [
  annotations.appId,
  annotations.revision,
  'fairlead.dev/adopted',
  'deployment.kubernetes.io/revision',
  'kubectl.kubernetes.io/last-applied-configuration',
];

/** An object as a person reads it: without status, managed fields and the cluster's and our own bookkeeping. */
export function shown(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(([key]) => !clusterMade.includes(key)),
  ) as KubeObject['metadata'];
  if (metadata.annotations) {
    const kept = Object.entries(metadata.annotations).filter(([key]) => !bookkeeping.includes(key));
    metadata.annotations = Object.fromEntries(kept);
    if (kept.length === 0) delete metadata.annotations;
  }
  return { ...rest, metadata };
}

/** YAML with keys in the order that people expect: apiVersion, kind, metadata, spec. */
export function toYaml(object: KubeObject): string {
  const { apiVersion, kind, metadata, ...rest } = object;
  return stringify({ apiVersion, kind, metadata, ...rest }, { lineWidth: 0, aliasDuplicateObjects: false });
}

export const toYamlDocuments = (objects: readonly KubeObject[]): string => objects.map(toYaml).join('---\n');
