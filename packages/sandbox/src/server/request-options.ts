import { isRecord, type KubeObject } from '@fairlead/kube/protocol';
import type { DeleteOptions, WriteOptions } from '../api/api.js';
import { invalid } from '../machinery/api-error.js';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../machinery/field-error.js';
import { type Exchange, integerParam, param } from './exchange.js';

type Kind = 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

const validations = ['', 'Ignore', 'Strict', 'Warn'];

/** The query's options of a write, checked as metav1/validation does. `apply`: a server-side apply. */
export function writeOptions(exchange: Exchange, kind: Kind, apply = false): WriteOptions & { force: boolean } {
  const errors: FieldError[] = [];
  const manager = param(exchange, 'fieldManager') ?? '';
  if (apply && manager === '') errors.push(required('fieldManager', 'is required for apply patch'));
  if (!apply && kind === 'PatchOptions' && param(exchange, 'force') !== undefined)
    errors.push(forbiddenField('force', 'may not be specified for non-apply patch'));
  if (manager.length > 128) errors.push(invalidValue('fieldManager', manager, 'may not be more than 128 bytes'));
  const dryRun = exchange.target.params.get('dryRun') ?? [];
  if (dryRun.some((each) => each !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']));
  const validation = param(exchange, 'fieldValidation') ?? '';
  if (!validations.includes(validation)) errors.push(notSupported('fieldValidation', validation, validations));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    user: exchange.user,
    fieldManager: manager || userAgentName(exchange.request.headers['user-agent']),
    dryRun: dryRun.length > 0,
    fieldValidation: (validation || 'Warn') as 'Strict' | 'Warn' | 'Ignore',
    onWarning: (text) => exchange.warnings.add(text),
    force: param(exchange, 'force') === 'true' || param(exchange, 'force') === '1',
  };
}

/** DeleteOptions from the body, or where there is none from the query. */
export function deleteOptions(exchange: Exchange, body: KubeObject | undefined): DeleteOptions & { accepted: boolean } {
  const base = writeOptions(exchange, 'DeleteOptions');
  const given = body ?? fromQuery(exchange);
  const { propagationPolicy, orphanDependents, gracePeriodSeconds, preconditions, dryRun } = given as Record<string, unknown>;
  const errors: FieldError[] = [];
  if (orphanDependents !== undefined && propagationPolicy !== undefined)
    errors.push(invalidValue('propagationPolicy', propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'));
  if (Array.isArray(dryRun) && dryRun.some((each) => each !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
  const policy = propagationPolicy ?? (orphanDependents === undefined ? undefined : orphanDependents ? 'Orphan' : 'Background');
  const conditions = isRecord(preconditions) ? preconditions : {};
  return {
    ...base,
    dryRun: base.dryRun === true || (Array.isArray(dryRun) && dryRun.length > 0),
    ...(typeof policy === 'string' ? { propagationPolicy: policy as NonNullable<DeleteOptions['propagationPolicy']> } : {}),
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    preconditions: {
      ...(typeof conditions.uid === 'string' ? { uid: conditions.uid } : {}),
      ...(typeof conditions.resourceVersion === 'string' ? { resourceVersion: conditions.resourceVersion } : {}),
    },
    accepted: orphanDependents === false,
  };
}

function fromQuery(exchange: Exchange): Record<string, unknown> {
  const orphan = param(exchange, 'orphanDependents');
  return {
    propagationPolicy: param(exchange, 'propagationPolicy'),
    gracePeriodSeconds: integerParam(exchange, 'gracePeriodSeconds'),
    ...(orphan === undefined ? {} : { orphanDependents: orphan === 'true' || orphan === '1' }),
  };
}

/** `kubectl/v1.34 (linux/amd64)` is the manager `kubectl`. */
function userAgentName(agent: string | undefined): string {
  const name = (agent ?? '').split('/')[0] ?? '';
  return name.slice(0, 128) || 'unknown';
}
