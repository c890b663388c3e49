import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalidValue,
  notFoundValue,
  notSupported,
  required,
} from '../../../machinery/field-error.js';
import { isLabel, isPortName } from '../../parts/names.js';
import { named, needed, oneOf, within } from '../../parts/rules.js';
import { type Fields, isSet, list, number, text } from '../../parts/values.js';
import { envFromRules, envRules } from './env.js';
import { lifecycleRules, probeRules } from './handlers.js';
import { mountRules } from './mounts.js';
import type { PodFacts } from './options.js';
import { resourceRules } from './resources.js';
import { containerSecurity } from './security-context.js';

const graceOf = ({ spec }: PodFacts): number | undefined =>
  typeof spec.terminationGracePeriodSeconds === 'number' ? spec.terminationGracePeriodSeconds : undefined;

export function containersRules(facts: PodFacts, path: string): FieldError[] {
  const containers = list(facts.spec.containers);
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  const errors = containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const found = common(container, at, facts);
    if (names.has(text(container.name))) found.push(duplicate(`${at}.name`, text(container.name)));
    names.add(text(container.name));
    found.push(...lifecycleRules(container.lifecycle, `${at}.lifecycle`, graceOf(facts)), ...probeRules(container, at, graceOf(facts)));
    if (isSet(container.restartPolicy)) found.push(forbiddenField(`${at}.restartPolicy`, 'may not be set for non-init containers'));
    return found;
  });
  return [...errors, ...hostPorts(containers, path)];
}

/** One that is always restarted is a sidecar, and may do what a container may. */
export function initContainersRules(facts: PodFacts, path: string): FieldError[] {
  const names = new Set(list(facts.spec.containers).map(({ name }) => text(name)));
  return list(facts.spec.initContainers).flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const [errors, name] = [common(container, at, facts), text(container.name)];
    const isSidecar = container.restartPolicy === 'Always';
    if (isSet(container.restartPolicy) && !isSidecar) errors.push(notSupported(`${at}.restartPolicy`, container.restartPolicy, ['Always']));
    if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
    else if (name !== '') names.add(name);
    errors.push(...hostPorts([container], path));
    if (isSidecar)
      errors.push(...lifecycleRules(container.lifecycle, `${at}.lifecycle`, graceOf(facts)), ...probeRules(container, at, graceOf(facts)));
    else
      for (const key of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'])
        if (isSet(container[key]))
          errors.push(forbiddenField(`${at}.${key}`, 'may not be set for init containers without restartPolicy=Always'));
    return errors;
  });
}

const notForEphemeral = [
  'ports',
  'resources',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resizePolicy',
  'restartPolicy',
];

export function ephemeralContainersRules(facts: PodFacts, path: string): FieldError[] {
  const others = new Set([...list(facts.spec.containers), ...list(facts.spec.initContainers)].map(({ name }) => text(name)));
  const names = new Set(others);
  return list(facts.spec.ephemeralContainers).flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const errors = [...common(container, at, facts), ...imageSpaces(container, at)];
    if (names.has(text(container.name))) errors.push(duplicate(`${at}.name`, text(container.name)));
    names.add(text(container.name));
    const target = text(container.targetContainerName);
    if (target !== '' && !others.has(target)) errors.push(notFoundValue(`${at}.targetContainerName`, target));
    for (const key of notForEphemeral) {
      const value = container[key];
      const isEmpty = Array.isArray(value) ? value.length === 0 : key === 'resources' && Object.keys(value ?? {}).length === 0;
      if (isSet(value) && !isEmpty) errors.push(forbiddenField(`${at}.${key}`, 'cannot be set for an Ephemeral Container'));
    }
    list(container.volumeMounts).forEach((mount, position) => {
      for (const key of ['subPath', 'subPathExpr'])
        if (text(mount[key]) !== '')
          errors.push(forbiddenField(`${at}.volumeMounts[${position}].${key}`, 'cannot be set for an Ephemeral Container'));
    });
    return errors;
  });
}

export const imageSpaces = ({ image }: Fields, path: string): FieldError[] =>
  text(image) === text(image).trim() ? [] : [invalidValue(`${path}.image`, text(image), 'must not have leading or trailing whitespace')];

function common(container: Fields, path: string, facts: PodFacts): FieldError[] {
  const policy = text(container.terminationMessagePolicy);
  return [
    ...needed(text(container.name), `${path}.name`, isLabel),
    ...(text(container.image) === '' ? [required(`${path}.image`)] : []),
    ...oneOf(policy, `${path}.terminationMessagePolicy`, ['File', 'FallbackToLogsOnError']),
    ...portRules(container.ports, `${path}.ports`),
    ...envRules(container.env, `${path}.env`),
    ...envFromRules(container.envFrom, `${path}.envFrom`),
    ...mountRules(container, path, facts.volumes),
    ...oneOf(container.imagePullPolicy, `${path}.imagePullPolicy`, ['Always', 'IfNotPresent', 'Never']),
    ...resourceRules(container.resources, `${path}.resources`, facts.claims),
    ...resizeRules(container.resizePolicy, `${path}.resizePolicy`, facts.spec.restartPolicy),
    ...containerSecurity(container.securityContext, `${path}.securityContext`),
  ];
}

function portRules(ports: unknown, path: string): FieldError[] {
  const names = new Set<string>();
  return list(ports).flatMap((port, index) => {
    const at = `${path}[${index}]`;
    const [errors, name] = [[] as FieldError[], text(port.name)];
    if (name !== '') {
      const problems = named(isPortName, name, `${at}.name`);
      if (problems.length > 0) errors.push(...problems);
      else if (names.has(name)) errors.push(duplicate(`${at}.name`, name));
      else names.add(name);
    }
    if (number(port.containerPort) === 0) errors.push(required(`${at}.containerPort`));
    else errors.push(...within(port.containerPort, 1, 65_535, `${at}.containerPort`));
    if (number(port.hostPort) !== 0) errors.push(...within(port.hostPort, 1, 65_535, `${at}.hostPort`));
    return [...errors, ...oneOf(port.protocol, `${at}.protocol`, ['SCTP', 'TCP', 'UDP'])];
  });
}

function hostPorts(containers: readonly Fields[], path: string): FieldError[] {
  const taken = new Set<string>();
  return containers.flatMap((container, index) =>
    list(container.ports).flatMap((port, position) => {
      if (number(port.hostPort) === 0) return [];
      const place = `${text(port.protocol)}/${text(port.hostIP)}/${number(port.hostPort)}`;
      if (taken.has(place)) return [duplicate(`${path}[${index}].ports[${position}].hostPort`, place)];
      taken.add(place);
      return [];
    }),
  );
}

function resizeRules(policies: unknown, path: string, restartPolicy: unknown): FieldError[] {
  const seen = new Set<string>();
  return list(policies).flatMap((each, index) => {
    const [resource, restart] = [text(each.resourceName), text(each.restartPolicy)];
    const errors = seen.has(resource) ? [duplicate(`${path}[${index}]`, resource)] : [];
    seen.add(resource);
    errors.push(...oneOf(resource, path, ['cpu', 'memory']), ...oneOf(restart, path, ['NotRequired', 'RestartContainer']));
    if (restartPolicy === 'Never' && restart !== 'NotRequired')
      errors.push(invalidValue(path, restart, "must be 'NotRequired' when `restartPolicy` is 'Never'"));
    return errors;
  });
}
