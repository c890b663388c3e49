import { type KubeObject, type LabelSelector, matchesLabelSelector, status as statusOf } from '@fairlead/kube/protocol';
import { ApiError, badRequest, forbidden, tooManyRequests } from '../../../machinery/api-error.js';
import { timestamp } from '../../../machinery/clock.js';
import type { Stored } from '../../../machinery/object.js';
import type { Subresource, WriteContext } from '../../../registry/definition.js';
import { fields, list, number, strings, text, within } from '../../parts/values.js';
import { setCondition, success } from './binding.js';

const budgets = 'poddisruptionbudgets.policy';
const maxDisrupted = 2000;
const words = "Cannot evict pod as it would violate the pod's disruption budget.";

/** POST pods/NAME/eviction: a deletion that asks the pod's disruption budget. */
export const eviction: Subresource = {
  type: 'act',
  kind: { group: 'policy', version: 'v1', kind: 'Eviction' },
  act(pod, body, context) {
    if (body.metadata.name && body.metadata.name !== pod.metadata.name)
      throw badRequest('name in URL does not match name in Eviction object');
    const options = fields(body.deleteOptions);
    const asked = { ...context, dryRun: context.dryRun || strings(options.dryRun).includes('All') };
    if (!needsNoBudget(pod)) askBudget(pod, asked);
    evict(pod, body, asked);
    return { code: 201, object: success };
  },
};

/** What does not serve, cannot disrupt. */
function needsNoBudget({ metadata, status }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(text(fields(status).phase));
}

function askBudget(pod: KubeObject, context: WriteContext): void {
  const found = context.api.list(budgets, pod.metadata.namespace).filter(({ spec }) => {
    return matchesLabelSelector(fields(spec).selector as LabelSelector | undefined, pod.metadata.labels);
  });
  const [budget] = found;
  if (found.length > 1) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new ApiError(statusOf(500, '', message));
  }
  if (!budget) return;
  const { unhealthyPodEvictionPolicy } = fields(budget.spec);
  const { currentHealthy, desiredHealthy } = fields(budget.status);
  if (!isReady(pod)) {
    if (unhealthyPodEvictionPolicy === 'AlwaysAllow') return;
    if (number(currentHealthy) >= number(desiredHealthy) && number(desiredHealthy) > 0) return;
  }
  take(pod, budget, context);
}

/** One disruption less is allowed, until the budget's controller counts again. */
function take(pod: KubeObject, budget: Stored, { api, now, dryRun }: WriteContext): void {
  const { name, namespace = '' } = budget.metadata;
  const { observedGeneration, disruptionsAllowed, disruptedPods, desiredHealthy, currentHealthy } = fields(budget.status);
  const cause = (message: string) => [{ reason: 'DisruptionBudget', message }];
  if (number(observedGeneration) < (budget.metadata.generation ?? 0))
    throw tooManyRequests(words, 10, cause(`The disruption budget ${name} is still being processed by the server.`));
  const of = { group: 'policy', resource: 'poddisruptionbudget' };
  if (number(disruptionsAllowed) < 0) throw forbidden(of, name, 'pdb disruptions allowed is negative');
  if (Object.keys(fields(disruptedPods)).length > maxDisrupted)
    throw forbidden(of, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (number(disruptionsAllowed) === 0) {
    const needs = `The disruption budget ${name} needs ${number(desiredHealthy)} healthy pods and has ${number(currentHealthy)} currently`;
    throw tooManyRequests(words, 0, cause(needs));
  }
  if (dryRun) return;
  const change = (object: KubeObject): void => {
    const status = within(object, 'status');
    status.disruptionsAllowed = number(status.disruptionsAllowed) - 1;
    status.disruptedPods = { ...fields(status.disruptedPods), [pod.metadata.name]: timestamp(now) };
    if (status.disruptionsAllowed !== 0) return;
    const conditions = list(status.conditions).filter(({ type }) => type !== 'DisruptionAllowed');
    const before = list(status.conditions).find(({ type }) => type === 'DisruptionAllowed');
    const lastTransitionTime = before?.status === 'False' ? before.lastTransitionTime : timestamp(now);
    const blocked = {
      type: 'DisruptionAllowed',
      status: 'False',
      observedGeneration,
      lastTransitionTime,
      reason: 'InsufficientPods',
      message: '',
    };
    status.conditions = [...conditions, blocked];
  };
  api.change(budgets, namespace, name, change, { subresource: 'status', fieldManager: 'kube-apiserver' });
}

function evict(pod: KubeObject, body: KubeObject, { api, user, now, dryRun }: WriteContext): void {
  const { name, namespace = '' } = pod.metadata;
  const { gracePeriodSeconds, propagationPolicy, preconditions } = fields(body.deleteOptions);
  const change = (object: KubeObject): void => {
    const status = within(object, 'status');
    const told = { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
    setCondition(status, told, now);
  };
  if (!dryRun) api.change('pods', namespace, name, change, { subresource: 'eviction' });
  api.delete('pods', namespace, name, {
    user,
    dryRun,
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    ...(propagationPolicy === 'Background' || propagationPolicy === 'Foreground' || propagationPolicy === 'Orphan'
      ? { propagationPolicy }
      : {}),
    ...(text(fields(preconditions).uid) === '' ? {} : { preconditions: { uid: text(fields(preconditions).uid) } }),
  });
}

const isReady = ({ status }: KubeObject): boolean =>
  list(fields(status).conditions).some(({ type, status: value }) => type === 'Ready' && value === 'True');
