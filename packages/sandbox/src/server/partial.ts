import type { KubeObject } from '@fairlead/kube/protocol';

/** meta.k8s.io/v1 PartialObjectMetadata. */
export const partial = ({ metadata }: KubeObject): object => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata });
