import type { ObjectMeta } from '@fairlead/kube/protocol';
import { type Fields, strings, text } from '../../parts/values.js';

export const oldClassAnnotation = 'volume.beta.kubernetes.io/storage-class';

const short: readonly [string, string][] = [
  ['ReadWriteOnce', 'RWO'],
  ['ReadOnlyMany', 'ROX'],
  ['ReadWriteMany', 'RWX'],
  ['ReadWriteOncePod', 'RWOP'],
];

/** `RWO,ROX`, each once, in this order. */
export const accessModesText = (modes: unknown): string =>
  short
    .filter(([mode]) => strings(modes).includes(mode))
    .map(([, name]) => name)
    .join(',');

export const volumeClass = ({ annotations }: ObjectMeta, spec: Fields): string =>
  annotations?.[oldClassAnnotation] ?? text(spec.storageClassName);
