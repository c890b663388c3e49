import { type FieldError, forbiddenField, invalidValue, required } from '../../../machinery/field-error.js';
import { isLabel, isQualifiedName, isSubdomain } from '../../parts/names.js';
import { labelMap, named, oneOf, within } from '../../parts/rules.js';
import { type Fields, flag, isFields, isSet, list, number, text } from '../../parts/values.js';
import { affinityRules } from './affinity.js';
import { claimRules } from './claims.js';
import { containersRules, ephemeralContainersRules, initContainersRules } from './containers.js';
import { dnsConfigRules, dnsPolicyRules, hostAliasRules } from './dns.js';
import type { PodFacts } from './options.js';
import { podResourceRules } from './pod-resources.js';
import { resourceRules } from './resources.js';
import { gateRules, spreadRules, tolerationRules } from './scheduling.js';
import { podSecurity } from './security-context.js';
import { hostProcessRules, systemRules } from './systems.js';
import { volumeRules } from './volumes.js';

/** ValidatePodSpec, in its order. `podName` is '' for a template. */
export function podSpecRules(spec: Fields, path: string, { isPod, podName = '' }: { isPod: boolean; podName?: string }): FieldError[] {
  const volumes = volumeRules(spec.volumes, `${path}.volumes`, podName);
  const claims = list(spec.resourceClaims).map(({ name }) => text(name));
  const facts: PodFacts = { isPod, name: podName, spec, volumes: volumes.usable, claims };
  return [
    ...(isSet(spec.terminationGracePeriodSeconds) ? [] : [required(`${path}.terminationGracePeriodSeconds`)]),
    ...volumes.errors,
    ...claimRules(spec.resourceClaims, `${path}.resourceClaims`, podName),
    ...containersRules(facts, `${path}.containers`),
    ...initContainersRules(facts, `${path}.initContainers`),
    ...ephemeralContainersRules(facts, `${path}.ephemeralContainers`),
    ...podResourceRules(spec, path, claims),
    ...hostNetworkPorts(spec, `${path}.containers`, isPod),
    ...oneOf(spec.restartPolicy, `${path}.restartPolicy`, ['Always', 'OnFailure', 'Never']),
    ...dnsPolicyRules(spec, path),
    ...labelMap(spec.nodeSelector, `${path}.nodeSelector`),
    ...podSecurity(spec.securityContext, spec, `${path}.securityContext`),
    ...affinityRules(spec.affinity, `${path}.affinity`),
    ...dnsConfigRules(spec, `${path}.dnsConfig`),
    ...list(spec.readinessGates).flatMap(({ conditionType }, index) =>
      named(isQualifiedName, text(conditionType), `${path}.readinessGates[${index}].conditionType`),
    ),
    ...gateRules(spec.schedulingGates, `${path}.schedulingGates`),
    ...spreadRules(spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`),
    ...hostProcessRules(spec, path),
    ...hostUsers(spec, path),
    ...identity(spec, path),
    ...tolerationRules(spec.tolerations, `${path}.tolerations`),
    ...hostAliasRules(spec.hostAliases, `${path}.hostAliases`),
    ...(text(spec.priorityClassName) === '' ? [] : named(isSubdomain, text(spec.priorityClassName), `${path}.priorityClassName`)),
    ...(isSet(spec.runtimeClassName) ? named(isSubdomain, text(spec.runtimeClassName), `${path}.runtimeClassName`) : []),
    ...(isSet(spec.preemptionPolicy) ? oneOf(spec.preemptionPolicy, `${path}.preemptionPolicy`, ['PreemptLowerPriority', 'Never']) : []),
    ...(isFields(spec.overhead) ? resourceRules({ limits: spec.overhead }, `${path}.overhead`, []) : []),
    ...systemRules(spec, path),
  ];
}

function identity(spec: Fields, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const [account, node, deadline] = [text(spec.serviceAccountName), text(spec.nodeName), spec.activeDeadlineSeconds];
  if (account !== '') errors.push(...named(isSubdomain, account, `${path}.serviceAccountName`));
  if (node !== '') errors.push(...named(isSubdomain, node, `${path}.nodeName`));
  errors.push(...within(deadline, 1, 2 ** 31 - 1, `${path}.activeDeadlineSeconds`));
  if (text(spec.hostname) !== '') errors.push(...named(isLabel, text(spec.hostname), `${path}.hostname`));
  if (text(spec.subdomain) !== '') errors.push(...named(isLabel, text(spec.subdomain), `${path}.subdomain`));
  return errors;
}

/** On the host's network a port is that of the host. A template may leave it to the pods. */
function hostNetworkPorts(spec: Fields, path: string, isPod: boolean): FieldError[] {
  if (!flag(spec.hostNetwork)) return [];
  return list(spec.containers).flatMap(({ ports }, index) =>
    list(ports).flatMap(({ hostPort, containerPort }, position) =>
      (isPod || number(hostPort) !== 0) && number(hostPort) !== number(containerPort)
        ? [
            invalidValue(
              `${path}[${index}].ports[${position}].hostPort`,
              number(hostPort),
              'must match `containerPort` when `hostNetwork` is true',
            ),
          ]
        : [],
    ),
  );
}

function hostUsers(spec: Fields, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const told: Readonly<Record<string, string>> = { hostNetwork: 'hostNetwork', hostPID: 'HostPID', hostIPC: 'HostIPC' };
  return Object.entries(told).flatMap(([key, name]) =>
    flag(spec[key]) ? [forbiddenField(`${path}.${name}`, 'when `hostUsers` is false')] : [],
  );
}
