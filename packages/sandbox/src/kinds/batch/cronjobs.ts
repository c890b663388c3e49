import { type FieldError, invalidValue, notSupported, required } from '../../machinery/field-error.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { containerCells } from '../parts/container-cells.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { podMakerWarnings } from '../parts/name-warnings.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { notNegative, oneOf } from '../parts/rules.js';
import { selectorText } from '../parts/selector-text.js';
import { type Fields, fields, flag, isSet, list, setEmpty, setMissing, text, within } from '../parts/values.js';
import { setTemplateDefaults } from '../pod-template/defaults.js';
import { dropDisabledOfTemplate } from '../pod-template/drop-disabled.js';
import { podWarnings } from '../pod-template/warnings.js';
import { cronProblem } from './cron-problem.js';
import { jobSpecRules } from './job-rules.js';
import { setPatternDefaults } from './jobs.js';

const maxName = 52;
const jobSpecOf = (spec: unknown): Fields => fields(fields(fields(spec).jobTemplate).spec);

export const cronJobs: ResourceDefinition = define({
  group: 'batch',
  resource: 'cronjobs',
  kind: 'CronJob',
  shortNames: ['cj'],
  categories: ['all'],
  nameProblem: firstProblem(isSubdomain),
  setDefaults(cronJob) {
    const spec = within(cronJob, 'spec');
    setEmpty(spec, 'concurrencyPolicy', 'Allow');
    setMissing(spec, 'suspend', false);
    setMissing(spec, 'successfulJobsHistoryLimit', 3);
    setMissing(spec, 'failedJobsHistoryLimit', 1);
    const job = within(within(spec, 'jobTemplate'), 'spec');
    setTemplateDefaults(within(job, 'template'));
    setPatternDefaults(job);
  },
  prepareForCreate: ({ spec }) => dropDisabledOfTemplate(jobSpecOf(spec).template),
  prepareForUpdate: ({ spec }) => dropDisabledOfTemplate(jobSpecOf(spec).template),
  validate: ({ spec }) => cronJobRules(fields(spec)),
  validateCreate: ({ metadata, spec }) => [
    ...zoneRules(fields(spec).timeZone),
    ...inlineZone(text(fields(spec).schedule)),
    ...(metadata.name.length > maxName ? [invalidValue('metadata.name', metadata.name, `must be no more than ${maxName} characters`)] : []),
  ],
  validateUpdate: ({ spec }, { spec: old }) => [
    ...(fields(spec).timeZone === fields(old).timeZone ? [] : zoneRules(fields(spec).timeZone)),
    ...(text(fields(old).schedule).includes('TZ') ? bothZones(fields(spec)) : inlineZone(text(fields(spec).schedule))),
  ],
  warnings: ({ metadata, spec }, old) => [
    ...(old ? [] : podMakerWarnings(metadata.name)),
    ...(old && old.metadata.generation === metadata.generation
      ? []
      : podWarnings(fields(jobSpecOf(spec).template), 'spec.jobTemplate.spec.template')),
  ],
  status: true,
  cells: ({ metadata, spec: wanted, status }, now) => {
    const spec = fields(wanted);
    const { active, lastScheduleTime } = fields(status);
    return [
      metadata.name,
      text(spec.schedule),
      isSet(spec.timeZone) ? text(spec.timeZone) : '<none>',
      isSet(spec.suspend) ? (flag(spec.suspend) ? 'True' : 'False') : '<unset>',
      list(active).length,
      isSet(lastScheduleTime) ? since(lastScheduleTime, now) : '<none>',
      since(metadata.creationTimestamp, now),
      ...containerCells(fields(fields(jobSpecOf(spec).template).spec).containers),
      selectorText(jobSpecOf(spec).selector),
    ];
  },
});

function cronJobRules(spec: Fields): FieldError[] {
  const [schedule, job, path] = [text(spec.schedule), jobSpecOf(spec), 'spec.jobTemplate.spec'];
  const problem = cronProblem(schedule);
  return [
    ...(schedule === '' ? [required('spec.schedule')] : problem ? [invalidValue('spec.schedule', schedule, problem)] : []),
    ...notNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'),
    ...oneOf(spec.concurrencyPolicy, 'spec.concurrencyPolicy', ['Allow', 'Forbid', 'Replace']),
    ...jobSpecRules(job, path),
    ...(isSet(job.selector) ? [invalidValue(`${path}.selector`, job.selector, '`selector` will be auto-generated')] : []),
    ...(flag(job.manualSelector) ? [notSupported(`${path}.manualSelector`, true, ['nil', 'false'])] : []),
    ...notNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'),
    ...notNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'),
  ];
}

const inlineZone = (schedule: string): FieldError[] =>
  schedule.includes('TZ')
    ? [invalidValue('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead')]
    : [];

const bothZones = ({ schedule, timeZone }: Fields): FieldError[] =>
  text(schedule).includes('TZ') && isSet(timeZone)
    ? [invalidValue('spec.schedule', schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule')]
    : [];

function zoneRules(zone: unknown): FieldError[] {
  const at = 'spec.timeZone';
  if (!isSet(zone)) return [];
  const name = text(zone);
  if (name === '') return [invalidValue(at, name, 'timeZone must be nil or non-empty string')];
  const unknown = invalidValue(at, name, `unknown time zone ${name}`);
  const isPart = (part: string): boolean => part !== '.' && part !== '..' && /^(?!-)[A-Za-z.\-_0-9+]{1,14}$/.test(part);
  if (!name.split('/').every(isPart)) return [unknown];
  if (name.toLowerCase() === 'local') {
    const vague = invalidValue(at, name, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
    return name === 'Local' ? [vague] : [vague, unknown];
  }
  return isZone(name) ? [] : [unknown];
}

function isZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // The real server's names are files.
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
