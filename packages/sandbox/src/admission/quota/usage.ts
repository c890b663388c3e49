import type { KubeObject } from '@fairlead/kube/protocol';
import { type Fields, fields, isSet, items, list, number, strings, text } from '../../kinds/parts/values.js';
import { groupResource } from '../../machinery/object.js';
import type { AdmissionRequest } from '../admission.js';
import { podResources } from './pod-resources.js';
import { addQuantities } from './quantities.js';

export type Usage = Record<string, string>;

const counted = new Set(['configmaps', 'secrets', 'replicationcontrollers', 'resourcequotas', 'services', 'persistentvolumeclaims']);

/** What one object counts for, by the names of quotas. */
export function usageOf({ definition }: Pick<AdmissionRequest, 'definition'>, object: KubeObject): Usage {
  const resource = groupResource(definition.group, definition.resource);
  const usage: Usage = { [`count/${resource}`]: '1' };
  if (counted.has(resource)) usage[resource] = '1';
  const spec = fields(object.spec);
  if (resource === 'pods') addPod(usage, spec, object);
  if (resource === 'services') addService(usage, spec);
  if (resource === 'persistentvolumeclaims') addClaim(usage, spec, object);
  return usage;
}

/** A pod that has ended is only counted. */
function addPod(usage: Usage, spec: Fields, { status, metadata }: KubeObject): void {
  const { phase } = fields(status);
  if (phase === 'Failed' || phase === 'Succeeded') return;
  if (metadata.deletionTimestamp && metadata.deletionGracePeriodSeconds === 0) return;
  usage.pods = '1';
  for (const [name, value] of Object.entries(podResources(spec, 'requests'))) {
    usage[`requests.${name}`] = value;
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-')) usage[name] = value;
  }
  for (const [name, value] of Object.entries(podResources(spec, 'limits'))) {
    if (name === 'cpu' || name === 'memory' || name === 'ephemeral-storage') usage[`limits.${name}`] = value;
  }
}

function addService(usage: Usage, { type, ports, allocateLoadBalancerNodePorts }: Fields): void {
  const open = list(ports).length;
  if (type === 'NodePort') usage['services.nodeports'] = String(open);
  if (type === 'LoadBalancer') {
    usage['services.loadbalancers'] = '1';
    const own = list(ports).filter(({ nodePort }) => number(nodePort) !== 0).length;
    usage['services.nodeports'] = String(allocateLoadBalancerNodePorts === false ? own : open);
  }
}

function addClaim(usage: Usage, spec: Fields, { metadata }: KubeObject): void {
  const className = text(spec.storageClassName) || text(metadata.annotations?.['volume.beta.kubernetes.io/storage-class']);
  const { storage } = fields(fields(spec.resources).requests);
  const prefix = `${className}.storageclass.storage.k8s.io`;
  if (className !== '') usage[`${prefix}/persistentvolumeclaims`] = '1';
  if (!isSet(storage)) return;
  usage['requests.storage'] = String(storage);
  if (className !== '') usage[`${prefix}/requests.storage`] = String(storage);
}

/** Whether a quota's scopes take this object in: only pods have scopes. */
export function inScopes({ scopes, scopeSelector }: Fields, resource: string, object: KubeObject): boolean {
  const requirements = [
    ...strings(scopes).map((scopeName) => ({ scopeName, operator: 'Exists', values: [] })),
    ...list(fields(scopeSelector).matchExpressions),
  ];
  if (requirements.length === 0) return true;
  if (resource !== 'pods') return false;
  const spec = fields(object.spec);
  return requirements.every(({ scopeName, operator, values }) => {
    switch (scopeName) {
      case 'Terminating':
        return isSet(spec.activeDeadlineSeconds);
      case 'NotTerminating':
        return !isSet(spec.activeDeadlineSeconds);
      case 'BestEffort':
        return isBestEffort(spec);
      case 'NotBestEffort':
        return !isBestEffort(spec);
      case 'PriorityClass':
        return classMatches(text(spec.priorityClassName), text(operator), strings(values));
      case 'CrossNamespacePodAffinity':
        return crossesNamespaces(fields(spec.affinity));
      default:
        return false;
    }
  });
}

function classMatches(name: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'Exists':
      return name !== '';
    case 'DoesNotExist':
      return name === '';
    case 'In':
      return values.includes(name);
    default:
      return !values.includes(name);
  }
}

const isBestEffort = (spec: Fields): boolean =>
  [...items(spec.containers), ...items(spec.initContainers)].every(({ resources }) => {
    const named = Object.keys({ ...fields(fields(resources).requests), ...fields(fields(resources).limits) });
    return !named.includes('cpu') && !named.includes('memory');
  });

function crossesNamespaces(affinity: Fields): boolean {
  return [affinity.podAffinity, affinity.podAntiAffinity].some((each) => {
    const { requiredDuringSchedulingIgnoredDuringExecution: must, preferredDuringSchedulingIgnoredDuringExecution: may } = fields(each);
    const terms = [...list(must), ...list(may).map(({ podAffinityTerm }) => fields(podAffinityTerm))];
    return terms.some(({ namespaces, namespaceSelector }) => strings(namespaces).length > 0 || isSet(namespaceSelector));
  });
}

/** What `next` counts for more than `old`; less is nothing. */
export function growth(next: Usage, old: Usage): Usage {
  const more: Usage = {};
  for (const [name, value] of Object.entries(next)) more[name] = old[name] === undefined ? value : addQuantities(value, old[name], -1n);
  return more;
}
