import { type KubeObject, type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import { type FieldError, invalidValue, required } from '../../machinery/field-error.js';
import { draft, equal } from '../../machinery/object.js';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { humanDuration, since } from '../parts/human-duration.js';
import { asInternal } from '../parts/internal-form.js';
import { podMakerWarnings } from '../parts/name-warnings.js';
import { firstProblem, isLabel, isSubdomain } from '../parts/names.js';
import { immutable, labelSelector } from '../parts/rules.js';
import { selectorText } from '../parts/selector-text.js';
import { type Fields, fields, flag, isSet, items, list, number, setMissing, sortedMap, stringMap, text, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';
import { dropDisabledOfTemplate } from '../pod-template/drop-disabled.js';
import { isUsableSelector } from '../pod-template/rules/template.js';
import { podWarnings } from '../pod-template/warnings.js';
import { jobSpecRules } from './job-rules.js';
import { jobStatusRules } from './job-status.js';

const prefixed = { uid: 'batch.kubernetes.io/controller-uid', name: 'batch.kubernetes.io/job-name' } as const;
const maxLabel = 63;
const legacy = { uid: 'controller-uid', name: 'job-name' } as const;

export const jobs: ResourceDefinition = define({
  group: 'batch',
  resource: 'jobs',
  kind: 'Job',
  categories: ['all'],
  nameProblem: firstProblem(isSubdomain),
  setDefaults(job) {
    const spec = within(job, 'spec');
    setJobSpecDefaults(spec);
    takeLabels(job);
  },
  prepareForCreate(job) {
    const spec = within(job, 'spec');
    if (!flag(spec.manualSelector)) generateSelector(job, spec);
    dropDisabledOfTemplate(spec.template);
  },
  prepareForUpdate: ({ spec }) => dropDisabledOfTemplate(fields(spec).template),
  validate: jobRules,
  validateUpdate: jobUpdateRules,
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : podMakerWarnings(metadata.name)),
    ...(old && old.metadata.generation === metadata.generation ? [] : podWarnings(fields(fields(spec).template), 'spec.template')),
  ],
  status: { validateUpdate: jobStatusRules },
  selectableFields: { 'status.successful': ({ status }) => String(number(fields(status).succeeded)) },
  cells: jobCells,
});

/** SetDefaults_Job, without what a Job takes from its template. */
export function setJobSpecDefaults(spec: Fields): void {
  setTemplateDefaults(within(spec, 'template'));
  if (!isSet(spec.completions) && !isSet(spec.parallelism)) spec.completions = 1;
  setMissing(spec, 'parallelism', 1);
  setMissing(spec, 'backoffLimit', isSet(spec.backoffLimitPerIndex) ? 2 ** 31 - 1 : 6);
  setMissing(spec, 'completionMode', 'NonIndexed');
  setMissing(spec, 'suspend', false);
  setMissing(spec, 'podReplacementPolicy', isSet(spec.podFailurePolicy) ? 'Failed' : 'TerminatingOrFailed');
  setMissing(spec, 'manualSelector', false);
  setPatternDefaults(spec);
}

export function setPatternDefaults(spec: Fields): void {
  for (const rule of items(fields(spec.podFailurePolicy).rules))
    for (const pattern of items(rule.onPodConditions)) if (text(pattern.status) === '') pattern.status = 'True';
}

/** A Job finds its pods by its own uid. */
function generateSelector(job: KubeObject, spec: Fields): void {
  const { uid = '', name } = job.metadata;
  const metadata = within(within(spec, 'template'), 'metadata');
  const labels = within(metadata, 'labels');
  for (const key of [legacy.name, prefixed.name]) setMissing(labels, key, name);
  for (const key of [legacy.uid, prefixed.uid]) setMissing(labels, key, uid);
  const matchLabels = within(within(spec, 'selector'), 'matchLabels');
  setMissing(matchLabels, prefixed.uid, uid);
  // What is stored gets its defaults again whenever it is read.
  if (name.length <= maxLabel) takeLabels(job);
}

function takeLabels({ metadata, spec }: KubeObject): void {
  const { labels } = fields(fields(fields(spec).template).metadata);
  if (isSet(labels) && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = { ...stringMap(labels) };
}

function jobRules(job: KubeObject): FieldError[] {
  const spec = fields(job.spec);
  const template = fields(spec.template);
  const labels = fields(template.metadata).labels;
  const selects = isUsableSelector(spec.selector) && isSet(spec.selector);
  const errors = [...generatedRules(job, spec), ...jobSpecRules(spec, 'spec')];
  if (!isSet(spec.selector)) errors.push(required('spec.selector'));
  else errors.push(...labelSelector(spec.selector, 'spec.selector'));
  if (!isSet(spec.selector) || (selects && !matchesLabelSelector(spec.selector as LabelSelector, stringMap(labels))))
    errors.push(invalidValue('spec.template.metadata.labels', sortedMap(labels), '`selector` does not match template `labels`'));
  if (spec.completionMode === 'Indexed' && number(spec.completions) > 0) {
    const host = `${job.metadata.name}-${number(spec.completions) - 1}`;
    if (isLabel(host).length > 0)
      errors.push(invalidValue('metadata.name', job.metadata.name, `will not able to create pod with invalid DNS label: ${host}`));
  }
  return errors;
}

function generatedRules({ metadata }: KubeObject, spec: Fields): FieldError[] {
  if (flag(spec.manualSelector) || !isSet(spec.selector)) return [];
  const labels = stringMap(fields(fields(spec.template).metadata).labels);
  const expected: Record<string, string> = {
    [legacy.uid]: metadata.uid ?? '',
    [legacy.name]: metadata.name,
    [prefixed.uid]: metadata.uid ?? '',
    [prefixed.name]: metadata.name,
  };
  const errors = Object.entries(expected).flatMap(([key, value]) => {
    const at = `spec.template.metadata.labels[${key}]`;
    if (labels[key] === undefined) return [required(at, `must be '${value}'`)];
    return labels[key] === value ? [] : [invalidValue(at, sortedMap(labels), `must be '${value}'`)];
  });
  if (isUsableSelector(spec.selector) && !matchesLabelSelector(spec.selector as LabelSelector, expected))
    errors.push(invalidValue('spec.selector', spec.selector, '`selector` not auto-generated'));
  return errors;
}

function jobUpdateRules({ spec: now }: KubeObject, { spec: before, status }: KubeObject): FieldError[] {
  const [spec, old] = [fields(now), fields(before)];
  const errors: FieldError[] = [];
  const fixed = (key: string): FieldError[] => immutable(equal(spec[key], old[key]), spec[key] ?? null, `spec.${key}`);
  if (spec.completionMode !== 'Indexed') errors.push(...fixed('completions'));
  else if (isSet(spec.completions) && spec.completions !== old.completions && spec.completions !== spec.parallelism)
    errors.push(invalidValue('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism'));
  errors.push(...fixed('selector'));
  const mutable = flag(old.suspend) && !isSet(fields(status).startTime);
  const expected = mutable ? withSchedulingOf(fields(old.template), fields(spec.template)) : fields(old.template);
  errors.push(...immutable(equal(spec.template, expected), asInternal('PodTemplateSpec', spec.template), 'spec.template'));
  for (const key of ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'])
    errors.push(...fixed(key));
  return errors;
}

/** While it is suspended and has not begun, where its pods may go can still change. */
function withSchedulingOf(old: Fields, next: Fields): Fields {
  const made = draft(old);
  const [spec, wanted] = [within(made, 'spec'), fields(next.spec)];
  const take = (to: Fields, from: Fields, key: string): void => {
    if (isSet(from[key])) to[key] = from[key];
    else delete to[key];
  };
  for (const key of ['nodeSelector', 'tolerations', 'schedulingGates']) take(spec, wanted, key);
  const affinity = { ...fields(spec.affinity) };
  take(affinity, fields(wanted.affinity), 'nodeAffinity');
  if (Object.keys(affinity).length > 0 || isSet(wanted.affinity)) spec.affinity = affinity;
  else delete spec.affinity;
  const metadata = { ...fields(made.metadata) };
  for (const key of ['labels', 'annotations']) take(metadata, fields(next.metadata), key);
  made.metadata = metadata;
  return made;
}

function jobCells({ metadata, spec: wanted, status: now }: KubeObject, time: number): Cell[] {
  const [spec, status] = [fields(wanted), fields(now)];
  const { startTime, completionTime } = status;
  const parallelism = number(spec.parallelism);
  const of = isSet(spec.completions) ? String(number(spec.completions)) : parallelism > 1 ? `1 of ${parallelism}` : '1';
  const end = isSet(completionTime) ? Date.parse(text(completionTime)) : time;
  return [
    metadata.name,
    jobState(list(status.conditions), metadata.deletionTimestamp !== undefined),
    `${number(status.succeeded)}/${of}`,
    isSet(startTime) ? humanDuration(end - Date.parse(text(startTime))) : '',
    since(metadata.creationTimestamp, time),
    ...containerCells(fields(fields(spec.template).spec).containers),
    selectorText(spec.selector),
  ];
}

function jobState(conditions: readonly Fields[], isDeleted: boolean): string {
  const is = (of: string): boolean => conditions.find(({ type }) => type === of)?.status === 'True';
  if (is('Complete')) return 'Complete';
  if (is('Failed')) return 'Failed';
  if (isDeleted) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(is) ?? 'Running';
}
