import type { Job, PodFailureRule } from '../model/batch.js';
import type { Container, Pod } from '../model/pod.js';
import { isBeingDeleted } from '../parts/owner.js';
import { podFromTemplate } from '../parts/pod-control.js';

export const kind = { apiVersion: 'batch/v1', kind: 'Job' };
/** Keeps a pod until the job has counted it. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const indexKey = 'batch.kubernetes.io/job-completion-index';

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';
export const isTracked = (pod: Pod): boolean => pod.metadata.finalizers?.includes(trackingFinalizer) === true;
export const onlyReplacesFailed = ({ spec }: Job): boolean => spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;

export const hasSucceeded = (pod: Pod): boolean => pod.status?.phase === 'Succeeded';
/** A pod that somebody deleted counts as failed at once, unless only failed ones are replaced. */
export const hasFailed = (pod: Pod, job: Job): boolean =>
  pod.status?.phase === 'Failed' || (!onlyReplacesFailed(job) && isBeingDeleted(pod) && pod.status?.phase !== 'Succeeded');

export function indexOf(pod: Pod): number {
  const text = pod.metadata.annotations?.[indexKey] ?? pod.metadata.labels?.[indexKey];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : -1;
}

/** A pod of a job; of an indexed one, with its index in label, annotation, host name and environment. */
export function jobPod(job: Job, index: number | undefined, failures = 0): Pod {
  const prefix = index === undefined ? undefined : `${job.metadata.name}-${index}-`;
  return podFromTemplate(job.spec.template, kind, job, {
    ...(prefix ? { prefix } : {}),
    adjust(pod) {
      pod.metadata.finalizers = [...(pod.metadata.finalizers ?? []), trackingFinalizer];
      if (index === undefined) return;
      const count: Record<string, string> =
        job.spec.backoffLimitPerIndex === undefined ? {} : { 'batch.kubernetes.io/job-index-failure-count': String(failures) };
      pod.metadata.annotations = { ...pod.metadata.annotations, [indexKey]: String(index), ...count };
      pod.metadata.labels = { ...pod.metadata.labels, [indexKey]: String(index) };
      pod.spec.hostname = `${job.metadata.name}-${index}`;
      for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) addIndex(container);
    },
  });
}

function addIndex(container: Container): void {
  const env = (container.env ?? []) as { name: string }[];
  if (env.some((each) => each.name === 'JOB_COMPLETION_INDEX')) return;
  const fieldRef = { apiVersion: 'v1', fieldPath: `metadata.labels['${indexKey}']` };
  container.env = [...env, { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef } }];
}

/** When a pod ended: the last of its containers. */
export function finishedAt(pod: Pod, now: number): number {
  const times = (pod.status?.containerStatuses ?? []).map((each) => Date.parse(each.state?.terminated?.finishedAt ?? ''));
  const known = times.filter((each) => !Number.isNaN(each));
  if (known.length > 0) return Math.max(...known);
  return Date.parse(pod.metadata.deletionTimestamp ?? '') || now;
}

export interface FailureVerdict {
  action: PodFailureRule['action'];
  message: string;
}

/** The first rule of the job's failure policy that says something about this failed pod. */
export function judgeFailure(pod: Pod, { spec }: Job): FailureVerdict | undefined {
  if (pod.status?.phase !== 'Failed') return undefined;
  const where = `pod ${pod.metadata.namespace}/${pod.metadata.name}`;
  for (const [at, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const { action } = rule;
    const end = `matching ${action} rule at index ${at}`;
    const exited = rule.onExitCodes && exitCode(pod, rule.onExitCodes);
    if (exited) return { action, message: `Container ${exited.name} for ${where} failed with exit code ${exited.code} ${end}` };
    const condition = (rule.onPodConditions ?? []).find((wanted) =>
      pod.status?.conditions?.some((each) => each.type === wanted.type && each.status === (wanted.status ?? 'True')),
    );
    if (condition) return { action, message: `${capitalized(where)} has condition ${condition.type} ${end}` };
  }
  return undefined;
}

const capitalized = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function exitCode(pod: Pod, rule: NonNullable<PodFailureRule['onExitCodes']>): { name: string; code: number } | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  for (const { name, state } of statuses) {
    const code = state?.terminated?.exitCode;
    if (!code || (rule.containerName && rule.containerName !== name)) continue;
    if (rule.values.includes(code) === (rule.operator === 'In')) return { name, code };
  }
  return undefined;
}
