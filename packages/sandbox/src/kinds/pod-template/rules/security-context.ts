import { duplicate, type FieldError, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { asInternal } from '../../parts/internal-form.js';
import { descendingPath } from '../../parts/paths.js';
import { within } from '../../parts/rules.js';
import { type Fields, fields, flag, isFields, isSet, list, strings, text } from '../../parts/values.js';
import { windowsOptionRules } from './systems.js';

const maxId = 2 ** 31 - 1;
const id = (value: unknown, path: string): FieldError[] => within(value, 0, maxId, path);

export function containerSecurity(context: unknown, path: string): FieldError[] {
  if (!isFields(context)) return [];
  const errors = [...id(context.runAsUser, `${path}.runAsUser`), ...id(context.runAsGroup, `${path}.runAsGroup`)];
  if (isSet(context.procMount)) {
    if (!['Default', 'Unmasked'].includes(text(context.procMount)))
      errors.push(notSupported(`${path}.procMount`, context.procMount, ['Default', 'Unmasked']));
    if (context.procMount === 'Unmasked')
      errors.push(invalidValue(`${path}.procMount`, context.procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  errors.push(...seccomp(context.seccompProfile, `${path}.seccompProfile`));
  if (context.allowPrivilegeEscalation === false) {
    if (flag(context.privileged))
      errors.push(
        invalidValue(
          path,
          asInternal('SecurityContext', context),
          'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
        ),
      );
    if (strings(fields(context.capabilities).add).includes('CAP_SYS_ADMIN'))
      errors.push(
        invalidValue(
          path,
          asInternal('SecurityContext', context),
          'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
        ),
      );
  }
  return [
    ...errors,
    ...windowsOptionRules(context.windowsOptions, `${path}.windowsOptions`),
    ...appArmor(context.appArmorProfile, `${path}.appArmorProfile`),
  ];
}

export function podSecurity(context: unknown, spec: Fields, path: string): FieldError[] {
  if (!isFields(context)) return [];
  const errors = [
    ...id(context.fsGroup, `${path}.fsGroup`),
    ...id(context.runAsUser, `${path}.runAsUser`),
    ...id(context.runAsGroup, `${path}.runAsGroup`),
  ];
  const groups = Array.isArray(context.supplementalGroups) ? context.supplementalGroups : [];
  groups.forEach((group, index) => {
    errors.push(...id(group, `${path}.supplementalGroups[${index}]`));
  });
  if (flag(spec.shareProcessNamespace) && flag(spec.hostPID))
    errors.push(invalidValue(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'));
  errors.push(...sysctls(context, spec, `${path}.sysctls`));
  errors.push(...word(context.fsGroupChangePolicy, `${path}.fsGroupChangePolicy`, ['Always', 'OnRootMismatch']));
  errors.push(
    ...seccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...appArmor(context.appArmorProfile, `${path}.appArmorProfile`),
    ...windowsOptionRules(context.windowsOptions, `${path}.windowsOptions`),
  );
  errors.push(...word(context.supplementalGroupsPolicy, `${path}.supplementalGroupsPolicy`, ['Merge', 'Strict']));
  return [...errors, ...word(context.seLinuxChangePolicy, `${path}.seLinuxChangePolicy`, ['Recursive'])];
}

const word = (value: unknown, path: string, supported: readonly string[]): FieldError[] =>
  isSet(value) && !supported.includes(text(value)) ? [notSupported(path, value, supported)] : [];

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];

function seccomp(profile: unknown, path: string): FieldError[] {
  if (!isFields(profile)) return [];
  const [type, local] = [text(profile.type), profile.localhostProfile];
  const errors: FieldError[] = [];
  if (type === '') errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!profileTypes.includes(type)) errors.push(notSupported(`${path}.type`, type, profileTypes));
  if (type === 'Localhost') {
    if (!isSet(local)) errors.push(required(`${path}.localhostProfile`, 'must be set when seccomp type is Localhost'));
    else errors.push(...descendingPath(text(local), `${path}.localhostProfile`));
  } else if (isSet(local)) {
    errors.push(
      invalidValue(`${path}.localhostProfile`, asInternal('SeccompProfile', profile), 'can only be set when seccomp type is Localhost'),
    );
  }
  return errors;
}

function appArmor(profile: unknown, path: string): FieldError[] {
  if (!isFields(profile)) return [];
  const [type, local] = [text(profile.type), profile.localhostProfile];
  switch (type) {
    case 'Localhost':
      if (!isSet(local) || text(local) === '') return [required(`${path}.localhostProfile`, 'must be set when AppArmor type is Localhost')];
      return text(local).trim() === local ? [] : [invalidValue(`${path}.localhostProfile`, local, 'must not be padded with whitespace')];
    case 'RuntimeDefault':
    case 'Unconfined':
      return isSet(local) ? [invalidValue(`${path}.localhostProfile`, local, 'can only be set when AppArmor type is Localhost')] : [];
    case '':
      return [required(`${path}.type`, 'type is required when appArmorProfile is set')];
    default:
      return [notSupported(`${path}.type`, type, profileTypes)];
  }
}

const segment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const sysctlName = new RegExp(`^(${segment}[\\./])*${segment}$`);

function sysctls(context: Fields, spec: Fields, path: string): FieldError[] {
  const seen = new Set<string>();
  return list(context.sysctls).flatMap((each, index) => {
    const [name, at] = [text(each.name), `${path}[${index}].name`];
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(at));
    else if (name.length > 253 || !sysctlName.test(name))
      errors.push(invalidValue(at, name, `must have at most 253 characters and match regex ^(${segment}[\\./])*${segment}$`));
    else if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
    if (flag(spec.hostNetwork) && name.startsWith('net.'))
      errors.push(invalidValue(at, name, "may not be specified when 'hostNetwork' is true"));
    if (flag(spec.hostIPC) && /^(kernel\.(shm|msg|sem)|fs\.mqueue\.)/.test(name))
      errors.push(invalidValue(at, name, "may not be specified when 'hostIPC' is true"));
    return errors;
  });
}
