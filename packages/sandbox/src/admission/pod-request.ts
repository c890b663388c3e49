import { type Fields, isFields, items } from '../kinds/parts/values.js';
import type { AdmissionRequest } from './admission.js';

/** A pod itself, not one of its subresources. */
export const isPod = ({ definition, subresource }: AdmissionRequest): boolean =>
  definition.group === '' && definition.resource === 'pods' && subresource === '';

export const isResource = ({ definition, subresource }: AdmissionRequest, group: string, resource: string): boolean =>
  definition.group === group && definition.resource === resource && subresource === '';

/** The spec of the object, to be changed. */
export function specOf({ object }: AdmissionRequest): Fields {
  if (!object) return {};
  if (!isFields(object.spec)) object.spec = {};
  return object.spec as Fields;
}

/** Containers and init containers, in the order in which PodSpec walks over them. */
export const allContainers = (spec: Fields): Fields[] => [...items(spec.initContainers), ...items(spec.containers)];
