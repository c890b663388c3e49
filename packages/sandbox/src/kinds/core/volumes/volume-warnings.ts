import type { KubeObject } from '@fairlead/kube/protocol';
import { fields, list } from '../../parts/values.js';
import { nodeTermWarnings } from '../../pod-template/node-labels.js';
import { volumeSourceWarnings } from '../../pod-template/warnings.js';
import { oldClassAnnotation } from './access-modes.js';

const oldMountOptions = 'volume.beta.kubernetes.io/mount-options';

export function volumeWarnings({ metadata, spec: given }: KubeObject): string[] {
  const spec = fields(given);
  const isOld = (key: string, words: string): string[] =>
    metadata.annotations?.[key] === undefined ? [] : [`metadata.annotations[${key}]: ${words}`];
  return [
    ...isOld(oldClassAnnotation, 'deprecated since v1.8; use "storageClassName" attribute instead'),
    ...isOld(oldMountOptions, 'deprecated since v1.31; use "mountOptions" attribute instead'),
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle'
      ? [
          'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
        ]
      : []),
    ...list(fields(fields(spec.nodeAffinity).required).nodeSelectorTerms).flatMap((term, index) =>
      nodeTermWarnings(term, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`),
    ),
    ...volumeSourceWarnings(spec, 'spec'),
  ];
}
