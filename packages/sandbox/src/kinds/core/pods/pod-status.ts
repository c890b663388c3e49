import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue } from '../../../machinery/field-error.js';
import { address } from '../../parts/ip.js';
import { isQualifiedName, isSubdomain } from '../../parts/names.js';
import { immutable, named } from '../../parts/rules.js';
import { type Fields, fields, isFields, list, number, text, within } from '../../parts/values.js';

export function preparePodStatus(pod: KubeObject, old: KubeObject): void {
  const [status, before] = [within(pod, 'status'), fields(old.status)];
  pod.metadata.ownerReferences = old.metadata.ownerReferences;
  if (text(status.qosClass) === '' && before.qosClass !== undefined) status.qosClass = before.qosClass;
  if (number(status.observedGeneration) === 0 && before.observedGeneration !== undefined)
    status.observedGeneration = before.observedGeneration;
  const conditions = list(status.conditions);
  if (conditions.length === 0) return;
  status.conditions = conditions.map((condition) => {
    const known = list(before.conditions).find(({ type }) => type === condition.type);
    if (number(condition.observedGeneration) !== 0 || number(known?.observedGeneration) === 0) return condition;
    return { ...condition, observedGeneration: known?.observedGeneration };
  });
}

const ownConditions = ['PodScheduled', 'Ready', 'Initialized'];

/** ValidatePodStatusUpdate. */
export function podStatusRules({ status: now }: KubeObject, { spec: wanted, status: before }: KubeObject): FieldError[] {
  const [status, old, spec] = [fields(now), fields(before), fields(wanted)];
  const errors: FieldError[] = [];
  list(status.conditions).forEach(({ type }, index) => {
    if (!ownConditions.includes(text(type))) errors.push(...named(isQualifiedName, text(type), `status.conditions[${index}].Type`));
  });
  const nominated = text(status.nominatedNodeName);
  if (nominated !== text(old.nominatedNodeName) && nominated !== '') {
    errors.push(...named(isSubdomain, nominated, 'status.nominatedNodeName'));
    if (text(spec.nodeName) !== '')
      errors.push(forbiddenField('status.nominatedNodeName', 'may not be set on pods that are already bound to a node'));
  }
  errors.push(...immutable(text(status.qosClass) === text(old.qosClass), text(status.qosClass), 'status.qosClass'));
  for (const key of ['containerStatuses', 'initContainerStatuses'] as const)
    errors.push(...resurrections(list(status[key]), list(old[key]), `status.${key}`, spec));
  errors.push(...list(status.podIPs).flatMap(({ ip }, index) => address(text(ip), `status.podIPs[${index}]`)));
  const hostIPs = list(status.hostIPs);
  if (hostIPs.length > 0 && text(status.hostIP) !== text(hostIPs[0]?.ip))
    errors.push(invalidValue('status.hostIPs[0].ip', text(hostIPs[0]?.ip), 'must be equal to `hostIP`'));
  return errors;
}

/** A container that ended for good does not come back. */
function resurrections(now: readonly Fields[], before: readonly Fields[], path: string, spec: Fields): FieldError[] {
  if (spec.restartPolicy === 'Always') return [];
  const sidecars = list(spec.initContainers).flatMap(({ name, restartPolicy }) => (restartPolicy === 'Always' ? [name] : []));
  return before.flatMap(({ name, state }, index) => {
    const { terminated } = fields(state);
    if (!isFields(terminated) || sidecars.includes(name)) return [];
    if (number(terminated.exitCode) !== 0 && spec.restartPolicy === 'OnFailure') return [];
    const next = now.find((each) => each.name === name);
    if (!next || isFields(fields(next.state).terminated)) return [];
    return [forbiddenField(`${path}[${index}].state`, 'may not be transitioned to non-terminated state')];
  });
}
