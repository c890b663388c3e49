import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { isSubdomain } from '../../parts/names.js';
import { named } from '../../parts/rules.js';
import { type Fields, fields, flag, isFields, isSet, list, text } from '../../parts/values.js';

const containersOf = (spec: Fields, path: string): [security: Fields, path: string][] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((kind) =>
    list(spec[kind]).map(({ securityContext }, index): [Fields, string] => [
      fields(securityContext),
      `${path}.${kind}[${index}].securityContext`,
    ]),
  );

/** What only a pod of the other system can be told. */
export function systemRules(spec: Fields, path: string): FieldError[] {
  if (!isFields(spec.os)) return [];
  switch (spec.os.name) {
    case 'linux':
      return linuxRules(spec, path);
    case 'windows':
      return windowsRules(spec, path);
    default:
      return text(spec.os.name) === '' ? [required(`${path}.os.name`)] : [notSupported(`${path}.os`, spec.os.name, ['linux', 'windows'])];
  }
}

const linuxRules = (spec: Fields, path: string): FieldError[] =>
  ([[fields(spec.securityContext), `${path}.securityContext`], ...containersOf(spec, path)] as const).flatMap(([security, at]) =>
    isSet(security.windowsOptions) ? [forbiddenField(`${at}.windowsOptions`, 'windows options cannot be set for a linux pod')] : [],
  );

function windowsRules(spec: Fields, path: string): FieldError[] {
  const never = (holder: Fields, at: string, keys: readonly string[]): FieldError[] =>
    keys.flatMap((key) => (isSaid(holder[key]) ? [forbiddenField(`${at}.${key}`, 'cannot be set for a windows pod')] : []));
  const [security, at] = [fields(spec.securityContext), `${path}.securityContext`];
  return [
    ...never(security, at, ['appArmorProfile', 'seLinuxOptions']),
    ...never(spec, path, ['hostUsers', ...['hostPID', 'hostIPC'].filter((key) => flag(spec[key]))]),
    ...never(security, at, ['seccompProfile', 'fsGroup', 'fsGroupChangePolicy', 'sysctls']),
    ...never(spec, path, ['shareProcessNamespace']),
    ...never(security, at, ['runAsUser', 'runAsGroup', 'supplementalGroups', 'supplementalGroupsPolicy']),
    ...containersOf(spec, path).flatMap(([own, place]) => never(own, place, ofLinuxContainers)),
  ];
}

const ofLinuxContainers = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
];

const isSaid = (value: unknown): boolean => isSet(value) && !(Array.isArray(value) && value.length === 0);

export const windowsOptionRules = (options: unknown, path: string): FieldError[] =>
  isSet(fields(options).gmsaCredentialSpecName)
    ? named(isSubdomain, text(fields(options).gmsaCredentialSpecName), `${path}.gmsaCredentialSpecName`)
    : [];

/** validateWindowsHostProcessPod: all containers are the host's, or none. */
export function hostProcessRules(spec: Fields, path: string): FieldError[] {
  const ofPod = fields(fields(spec.securityContext).windowsOptions).hostProcess;
  const containers = containersOf(spec, path);
  const errors: FieldError[] = [];
  let count = 0;
  for (const [security, at] of containers) {
    const own = fields(security.windowsOptions).hostProcess;
    if (isSet(ofPod) && isSet(own) && own !== ofPod) {
      const words = `pod hostProcess value must be identical if both are specified, was ${String(ofPod)}`;
      errors.push(invalidValue(`${at}.windowsOptions.hostProcess`, own, words));
    }
    if (flag(own ?? ofPod)) count += 1;
  }
  if (count === 0) return errors;
  if (count !== containers.length)
    errors.push(invalidValue(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'));
  if (!flag(spec.hostNetwork))
    errors.push(invalidValue(`${path}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers'));
  return errors;
}
