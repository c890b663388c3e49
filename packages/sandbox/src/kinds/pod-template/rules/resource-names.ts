import { type FieldError, invalidValue } from '../../../machinery/field-error.js';
import { isQualifiedName } from '../../parts/names.js';

const container = new Set(['cpu', 'memory', 'ephemeral-storage']);
const standard = new Set([
  ...container,
  'storage',
  'requests.storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'persistentvolumeclaims',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
]);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** `nvidia.com/gpu`: of somebody's own domain, and short enough for `requests.` before it. */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;

/** Only what can be shared may be promised to more than one. */
export const mayOvercommit = (name: string): boolean => isNative(name) && !isHugePages(name);

/** Countable things come in whole numbers. */
export const isInteger = (name: string): boolean =>
  isExtended(name) ||
  [
    'pods',
    'services',
    'replicationcontrollers',
    'resourcequotas',
    'secrets',
    'configmaps',
    'persistentvolumeclaims',
    'services.nodeports',
    'services.loadbalancers',
  ].includes(name) ||
  name.startsWith('count/');

export function resourceName(name: string, path: string): FieldError[] {
  const problems = isQualifiedName(name).map((each) => invalidValue(path, name, each));
  if (problems.length > 0) return problems;
  if (!name.includes('/') && !standard.has(name) && !isHugePages(name))
    return [invalidValue(path, name, 'must be a standard resource type or fully qualified')];
  return [];
}

export function containerResourceName(name: string, path: string): FieldError[] {
  const errors = resourceName(name, path);
  if (!name.includes('/')) {
    if (!container.has(name) && !isHugePages(name)) errors.push(invalidValue(path, name, 'must be a standard resource for containers'));
  } else if (!isNative(name) && !isExtended(name)) {
    errors.push(invalidValue(path, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}
