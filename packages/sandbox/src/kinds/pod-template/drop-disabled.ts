import { type Fields, fields, isFields, items, list } from '../parts/values.js';

/** Takes away what belongs to features that a cluster of this version has switched off. */
export function dropDisabled(spec: Fields): void {
  delete spec.hostnameOverride;
  const images = new Set(list(spec.volumes).flatMap((volume) => (isFields(volume.image) ? [volume.name] : [])));
  if (images.size > 0) spec.volumes = list(spec.volumes).filter(({ name }) => !images.has(name));
  for (const each of items(spec.containers)) delete each.restartPolicy;
  for (const each of items(spec.initContainers)) if (each.restartPolicy !== 'Always') delete each.restartPolicy;
  for (const each of [...items(spec.containers), ...items(spec.initContainers), ...items(spec.ephemeralContainers)]) {
    delete each.restartPolicyRules;
    if (isFields(each.lifecycle)) delete each.lifecycle.stopSignal;
    if (images.size > 0) each.volumeMounts = list(each.volumeMounts).filter(({ name }) => !images.has(name));
    for (const { valueFrom } of items(each.env)) if (isFields(valueFrom)) delete valueFrom.fileKeyRef;
  }
}

export const dropDisabledOfTemplate = (template: unknown): void => dropDisabled(fields(fields(template).spec));
