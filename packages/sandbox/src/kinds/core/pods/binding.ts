import type { KubeObject } from '@fairlead/kube/protocol';
import { badRequest, conflict, internal } from '../../../machinery/api-error.js';
import { timestamp } from '../../../machinery/clock.js';
import { fieldErrorsMessage, notSupported, required } from '../../../machinery/field-error.js';
import type { Subresource, WriteContext } from '../../../registry/definition.js';
import { type Fields, fields, list, text, within } from '../../parts/values.js';

export const success = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };

/** POST pods/NAME/binding: gives a pod its node, once. */
export const binding: Subresource = {
  type: 'act',
  kind: { group: '', version: 'v1', kind: 'Binding' },
  act(pod, body, context) {
    bindPod(pod, body, context);
    return { code: 201, object: success };
  },
};

export function bindPod(pod: KubeObject, body: KubeObject, { api, now, dryRun }: WriteContext): void {
  const { name, namespace = '' } = pod.metadata;
  if (body.metadata.name && body.metadata.name !== name) throw badRequest('name in URL does not match name in Binding object');
  const target = fields(body.target);
  const errors = [
    ...(['', 'Node'].includes(text(target.kind)) ? [] : [notSupported('target.kind', text(target.kind), ['Node', '<empty>'])]),
    ...(text(target.name) === '' ? [required('target.name')] : []),
  ];
  // The real one wraps these in no Status of its own.
  if (errors.length > 0) throw internal(fieldErrorsMessage(errors));
  const refuse = (why: string): never => {
    throw conflict({ group: '', resource: 'pods/binding' }, name, why);
  };
  const { uid, annotations } = body.metadata;
  if (uid && uid !== pod.metadata.uid)
    throw conflict(
      { group: '', resource: 'pods' },
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid ?? ''}`,
    );
  const spec = fields(pod.spec);
  if (pod.metadata.deletionTimestamp) refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (text(spec.nodeName) !== '') refuse(`pod ${name} is already assigned to node "${text(spec.nodeName)}"`);
  if (list(spec.schedulingGates).length > 0) refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  const change = (bound: KubeObject): void => {
    within(bound, 'spec').nodeName = text(target.name);
    if (annotations) bound.metadata.annotations = { ...bound.metadata.annotations, ...annotations };
    const labels = body.metadata.labels;
    if (labels) bound.metadata.labels = { ...bound.metadata.labels, ...labels };
    const status = within(bound, 'status');
    delete status.nominatedNodeName;
    setCondition(status, { type: 'PodScheduled', status: 'True' }, now);
  };
  api.change('pods', namespace, name, change, { subresource: 'binding', dryRun });
}

/** UpdatePodCondition: its time changes with its status. */
export function setCondition(status: Fields, condition: Fields, now: number): void {
  const conditions = [...list(status.conditions)];
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const before = conditions[index];
  const lastTransitionTime = before?.status === condition.status ? before?.lastTransitionTime : timestamp(now);
  const made = { lastProbeTime: null, lastTransitionTime, ...condition };
  if (index === -1) conditions.push(made);
  else conditions[index] = made;
  status.conditions = conditions;
}
