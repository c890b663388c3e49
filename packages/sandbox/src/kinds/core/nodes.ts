import type { KubeObject } from '@fairlead/kube';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { fields, flag, isFields, isSet, list, text } from '../parts/values.js';
import { roundResources } from '../pod-template/defaults.js';

export const nodes: ResourceDefinition = define({
  resource: 'nodes',
  kind: 'Node',
  namespaced: false,
  shortNames: ['no'],
  hasGeneration: false,
  setDefaults({ status }) {
    if (!isFields(status)) return;
    if (!isSet(status.allocatable) && isFields(status.capacity)) status.allocatable = { ...status.capacity };
    for (const key of ['capacity', 'allocatable']) if (isFields(status[key])) roundResources(status[key]);
  },
  status: true,
  subresources: { proxy: { type: 'connect', verbs: ['get', 'create', 'update', 'patch', 'delete'], kind: 'NodeProxyOptions' } },
  selectableFields: { 'spec.unschedulable': ({ spec }) => String(flag(fields(spec).unschedulable)) },
  cells: nodeCells,
});

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
