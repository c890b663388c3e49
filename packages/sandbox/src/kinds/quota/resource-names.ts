import { type FieldError, invalidValue } from '../../machinery/field-error.js';
import { keyProblem } from '../../machinery/name-problem.js';

const compute = ['cpu', 'memory', 'ephemeral-storage'];
const quotaOnly = [
  ...compute.flatMap((each) => [`requests.${each}`, `limits.${each}`]),
  'requests.storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
const inQuotas: ReadonlySet<string> = new Set([...compute, ...quotaOnly]);
const whole: ReadonlySet<string> = new Set(quotaOnly.filter((each) => !/^(?:requests|limits)\./.test(each)));
const isHugePage = (name: string): boolean => /^(?:requests\.)?hugepages-/.test(name);

export const isQuotaName = (name: string): boolean => inQuotas.has(name) || isHugePage(name);
/** Things that are counted come in whole numbers, and so do extended resources. */
export const isCountedInWholes = (name: string): boolean => whole.has(name) || (name.includes('/') && !/kubernetes\.io\//.test(name));

function resourceNameErrors(name: string, at: string): FieldError[] {
  const problem = keyProblem(name);
  if (problem) return [invalidValue(at, name, problem)];
  if (name.includes('/') || isQuotaName(name) || name === 'storage') return [];
  return [invalidValue(at, name, 'must be a standard resource type or fully qualified')];
}

export function quotaNameErrors(name: string, at: string): FieldError[] {
  const errors = resourceNameErrors(name, at);
  if (!name.includes('/') && !isQuotaName(name)) errors.push(invalidValue(at, name, 'must be a standard resource for quota'));
  return errors;
}

export function limitNameErrors(type: string, name: string, at: string): FieldError[] {
  const errors = resourceNameErrors(name, at);
  const ofContainers = type === 'Pod' || type === 'Container';
  if (ofContainers && !name.includes('/') && !compute.includes(name) && !name.startsWith('hugepages-'))
    errors.push(invalidValue(at, name, 'must be a standard resource for containers'));
  return errors;
}

const ofPods = ['pods', 'cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const scopes: Readonly<Record<string, readonly string[]>> = {
  Terminating: ofPods,
  NotTerminating: ofPods,
  NotBestEffort: ofPods,
  PriorityClass: ofPods,
  CrossNamespacePodAffinity: ofPods,
  BestEffort: ['pods'],
  VolumeAttributesClass: ['persistentvolumeclaims', 'requests.storage'],
};

export const isScope = (scope: string): boolean => Object.hasOwn(scopes, scope);
export const scopeFits = (scope: string, name: string): boolean => !isScope(scope) || (scopes[scope] ?? []).includes(name);
