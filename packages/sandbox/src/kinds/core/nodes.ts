import type { KubeObject } from '@fairlead/kube/protocol';
import { duplicate, type FieldError, forbiddenField, invalidValue, required } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { cidr } from '../parts/ip.js';
import { firstProblem, isLabelValue, isSubdomain } from '../parts/names.js';
import { labelKey, oneOf } from '../parts/rules.js';
import { fields, flag, isFields, isSet, list, strings, text } from '../parts/values.js';
import { roundResources } from '../pod-template/defaults.js';
import { quantityRule } from '../pod-template/rules/resources.js';
import { taintEffects } from '../pod-template/rules/scheduling.js';

export const nodes: ResourceDefinition = define({
  resource: 'nodes',
  kind: 'Node',
  namespaced: false,
  shortNames: ['no'],
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  setDefaults({ spec, status }) {
    if (isFields(spec)) alignPodCidrs(spec);
    if (!isFields(status)) return;
    if (!isSet(status.allocatable) && isFields(status.capacity)) status.allocatable = { ...status.capacity };
    for (const key of ['capacity', 'allocatable']) if (isFields(status[key])) roundResources(status[key]);
  },
  validate: nodeRules,
  validateCreate: ({ spec }) => strings(fields(spec).podCIDRs).flatMap((each, index) => cidr(each, `spec.podCIDRs[${index}]`)),
  validateUpdate: nodeUpdateRules,
  status: { validateUpdate: (node) => [...resourceErrors(node), ...addressErrors(node)] },
  subresources: { proxy: { type: 'connect', verbs: ['get', 'create', 'update', 'patch', 'delete'], kind: 'NodeProxyOptions' } },
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(flag(fields(spec).unschedulable)) },
  cells: nodeCells,
});

/** `podCIDR` is the first of `podCIDRs`. */
function alignPodCidrs(spec: Record<string, unknown>): void {
  const [one, all] = [text(spec.podCIDR), strings(spec.podCIDRs)];
  if (all.length === 0 && one !== '') spec.podCIDRs = [one];
  else if (all.length > 0) spec.podCIDR = all[0];
}

function nodeRules(node: KubeObject): FieldError[] {
  return [...taintRules(fields(node.spec).taints, 'metadata.taints'), ...resourceErrors(node)];
}

export function taintRules(taints: unknown, path: string): FieldError[] {
  const seen = new Set<string>();
  return list(taints).flatMap((taint, index) => {
    const at = `${path}[${index}]`;
    const errors = labelKey(text(taint.key), `${at}.key`);
    const problems = isLabelValue(text(taint.value));
    if (problems.length > 0) errors.push(invalidValue(`${at}.value`, text(taint.value), problems.join(';')));
    errors.push(...(text(taint.effect) === '' ? [required(`${at}.effect`)] : oneOf(taint.effect, `${at}.effect`, taintEffects)));
    const pair = `${text(taint.key)}:${text(taint.effect)}`;
    if (seen.has(pair)) {
      const shown = { Key: text(taint.key), Value: text(taint.value), Effect: text(taint.effect), TimeAdded: taint.timeAdded ?? null };
      const repeated = duplicate(at, shown);
      errors.push({ ...repeated, body: `${repeated.body}: taints must be unique by key and effect pair` });
    }
    seen.add(pair);
    return errors;
  });
}

const resourceErrors = ({ status }: KubeObject): FieldError[] =>
  ['capacity', 'allocatable'].flatMap((key) =>
    Object.entries(fields(fields(status)[key])).flatMap(([name, value]) => quantityRule(name, value, `status.${key}.${name}`)),
  );

function addressErrors({ status }: KubeObject): FieldError[] {
  const addresses = list(fields(status).addresses);
  return addresses.flatMap((each, index) =>
    addresses.slice(0, index).some((other) => equal(other, each))
      ? [duplicate(`status.addresses[${index}]`, { Type: each.type, Address: each.address })]
      : [],
  );
}

function nodeUpdateRules(node: KubeObject, old: KubeObject): FieldError[] {
  const [spec, before] = [fields(node.spec), fields(old.spec)];
  const errors: FieldError[] = [];
  const only = (field: string): string => `node updates may not change ${field} except from "" to valid`;
  if (strings(before.podCIDRs).length > 0 && !equal(spec.podCIDRs, before.podCIDRs))
    errors.push(forbiddenField('spec.podCIDRs', only('podCIDR')));
  if (text(before.providerID) !== '' && spec.providerID !== before.providerID)
    errors.push(forbiddenField('spec.providerID', only('providerID')));
  if (text(spec.externalID) !== text(before.externalID)) errors.push(forbiddenField('spec.externalID', 'may not be updated'));
  return errors;
}

function nodeCells({ metadata, spec, status }: KubeObject, now: number): Cell[] {
  const { conditions, addresses, nodeInfo } = fields(status);
  const ready = list(conditions).find(({ type }) => type === 'Ready');
  const states = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (flag(fields(spec).unschedulable)) states.push('SchedulingDisabled');
  const info = fields(nodeInfo);
  const address = (of: string): string => text(list(addresses).find(({ type }) => type === of)?.address) || '<none>';
  const known = (value: unknown): string => text(value) || '<unknown>';
  return [
    metadata.name,
    states.join(','),
    rolesOf(metadata.labels ?? {}).join(',') || '<none>',
    since(metadata.creationTimestamp, now),
    text(info.kubeletVersion),
    address('InternalIP'),
    address('ExternalIP'),
    known(info.osImage),
    known(info.kernelVersion),
    known(info.containerRuntimeVersion),
  ];
}

function rolesOf(labels: Readonly<Record<string, string>>): string[] {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.entries(labels).map(([key, value]) =>
    key.startsWith(prefix) ? key.slice(prefix.length) : key === 'kubernetes.io/role' ? value : '',
  );
  return [...new Set(roles)].filter((role) => role !== '').sort();
}
