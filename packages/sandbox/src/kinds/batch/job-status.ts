import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, invalidValue, required } from '../../machinery/field-error.js';
import { notNegative } from '../parts/rules.js';
import { type Fields, fields, flag, isSet, list, number, strings, text } from '../parts/values.js';

const at = 'status.conditions';
const wrong = (detail: string): FieldError => ({ reason: 'FieldValueInvalid', field: at, body: `Invalid value: ${detail}` });

/** A Job's end is what it is: its conditions, counters and times agree, and do not go back. */
export function jobStatusRules({ spec: wanted, status: now }: KubeObject, { status: before }: KubeObject): FieldError[] {
  const [spec, status, old] = [fields(wanted), fields(now), fields(before)];
  const is = (type: string, of: Fields = status): boolean =>
    list(of.conditions).some((each) => each.type === type && each.status === 'True');
  const finished = is('Complete') || is('Failed');
  const errors = ['active', 'succeeded', 'failed', 'ready', 'terminating'].flatMap((key) => notNegative(status[key], `status.${key}`));
  if (is('Complete') && is('Failed')) errors.push(wrong('cannot set Complete=True and Failed=true conditions'));
  if (is('Complete') && is('FailureTarget')) errors.push(wrong('cannot set Complete=True and FailureTarget=true conditions'));
  if (isSet(status.completionTime) && !is('Complete'))
    errors.push(
      invalidValue('status.completionTime', status.completionTime, 'cannot set completionTime when there is no Complete=True condition'),
    );
  if (!isSet(status.completionTime) && is('Complete'))
    errors.push(required('status.completionTime', 'completionTime is required for Complete jobs'));
  if (text(status.completionTime) !== '' && text(status.completionTime) < text(status.startTime))
    errors.push(invalidValue('status.completionTime', status.completionTime, 'must be equal to or after `startTime`'));
  if (is('Failed') && !is('FailureTarget') && !is('Failed', old))
    errors.push(wrong('cannot set Failed=True condition without the FailureTarget=true condition'));
  if (is('Complete') && !is('SuccessCriteriaMet') && !is('Complete', old))
    errors.push(wrong('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'));
  if (finished) errors.push(...finishedRules(spec, status));
  if (isSet(status.ready) && number(status.ready) > number(status.active))
    errors.push(invalidValue('status.ready', status.ready, 'cannot set more ready pods than active'));
  if (is('SuccessCriteriaMet') && is('Failed')) errors.push(wrong('cannot set SuccessCriteriaMet=True and Failed=true conditions'));
  if (is('SuccessCriteriaMet') && is('FailureTarget'))
    errors.push(wrong('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'));
  for (const type of ['Failed', 'Complete', 'FailureTarget'])
    if (is(type, old) && !is(type)) errors.push(wrong(`cannot disable the terminal ${type}=True condition`));
  if (is('SuccessCriteriaMet', old) && !is('SuccessCriteriaMet'))
    errors.push(wrong('cannot disable the SuccessCriteriaMet=True condition'));
  return [...errors, ...backwards(spec, status, old)];
}

function finishedRules(spec: Fields, status: Fields): FieldError[] {
  const errors: FieldError[] = [];
  const uncounted = fields(status.uncountedTerminatedPods);
  if (number(status.active) > 0) errors.push(invalidValue('status.active', status.active, 'active>0 is invalid for finished job'));
  if (!isSet(status.startTime) && !(flag(spec.suspend) && spec.completions === 0))
    errors.push(required('status.startTime', 'startTime is required for finished job'));
  if (strings(uncounted.succeeded).length + strings(uncounted.failed).length > 0) {
    const shown = { Succeeded: uncounted.succeeded ?? null, Failed: uncounted.failed ?? null };
    errors.push(invalidValue('status.uncountedTerminatedPods', shown, 'must be empty for finished job'));
  }
  if (number(status.terminating) > 0)
    errors.push(invalidValue('status.terminating', status.terminating, 'terminating>0 is invalid for finished job'));
  return errors;
}

function backwards(spec: Fields, status: Fields, old: Fields): FieldError[] {
  const errors: FieldError[] = [];
  if (number(status.failed) < number(old.failed))
    errors.push(invalidValue('status.failed', number(status.failed), 'cannot decrease the failed counter'));
  const isElastic = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (!isElastic && number(status.succeeded) < number(old.succeeded))
    errors.push(invalidValue('status.succeeded', number(status.succeeded), 'cannot decrease the succeeded counter'));
  if (isSet(status.completionTime) && isSet(old.completionTime) && status.completionTime !== old.completionTime)
    errors.push(invalidValue('status.completionTime', status.completionTime, 'field is immutable'));
  const resumes = list(old.conditions).some((each) => each.type === 'Suspended' && each.status === 'True');
  if (isSet(old.startTime) && status.startTime !== old.startTime && !flag(spec.suspend) && !resumes)
    errors.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'));
  return errors;
}
