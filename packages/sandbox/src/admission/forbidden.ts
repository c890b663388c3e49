import { type ApiError, forbidden } from '../machinery/api-error.js';
import type { AdmissionRequest } from './admission.js';

/** admission.NewForbidden: `pods "web" is forbidden: …`. */
export function admissionForbidden(request: AdmissionRequest, why: string): ApiError {
  const { group, resource } = request.definition;
  return forbidden({ group, resource }, admissionName(request), why);
}

/** A name that is still to be generated is called by its beginning. */
export function admissionName({ name, object }: Pick<AdmissionRequest, 'name' | 'object'>): string {
  if (name !== '') return name;
  const generateName = object?.metadata?.generateName;
  return object?.metadata?.name || (typeof generateName === 'string' && generateName !== '' ? generateName : 'Unknown');
}
