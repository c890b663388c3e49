/** One field: which values fire. `any`: it was `*` (or `?`), which matters between the day of the month and the day of the week. */
export interface Field {
  values: ReadonlySet<number>;
  any: boolean;
}

/** A schedule as Kubernetes' CronJob controller reads it (robfig/cron v3, ParseStandard). */
export type Cron = { minute: Field; hour: Field; day: Field; month: Field; weekday: Field } | { everySeconds: number };

export class CronError extends Error {
  override readonly name = 'CronError';
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const bounds = {
  minute: { min: 0, max: 59, names: [] as string[], what: 'minute' },
  hour: { min: 0, max: 23, names: [] as string[], what: 'hour' },
  day: { min: 1, max: 31, names: [] as string[], what: 'day of the month' },
  month: { min: 1, max: 12, names: months, what: 'month' },
  weekday: { min: 0, max: 6, names: weekdays, what: 'day of the week' },
} as const;
type Bounds = (typeof bounds)[keyof typeof bounds];

const named: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Five fields with lists, ranges, steps and English names, `@daily` and its like, and `@every 90m`. Sunday is 0 alone, not 7.
 * @throws CronError in words
 */
export function parseCron(text: string): Cron {
  const trimmed = text.trim();
  if (trimmed.startsWith('@every ')) return { everySeconds: everySeconds(trimmed.slice(7).trim()) };
  const spelled = trimmed.startsWith('@') ? named[trimmed] : trimmed;
  if (spelled === undefined) throw new CronError(`${trimmed} is no schedule that Kubernetes knows`);
  const fields = spelled.split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  if (fields.length !== 5 || !minute || !hour || !day || !month || !weekday)
    throw new CronError(`a schedule has five fields, this has ${trimmed === '' ? 0 : fields.length}`);
  return {
    minute: field(minute, bounds.minute),
    hour: field(hour, bounds.hour),
    day: field(day, bounds.day),
    month: field(month, bounds.month),
    weekday: field(weekday, bounds.weekday),
  };
}

function field(text: string, of: Bounds): Field {
  const values = new Set<number>();
  let any = false;
  for (const part of text.split(',').filter((each) => each !== '')) {
    const read = range(part, of);
    for (let value = read.from; value <= read.to; value += read.step) values.add(value);
    any ||= read.any;
  }
  if (values.size === 0) throw new CronError(`the ${of.what} is empty`);
  return { values, any };
}

/** `*`, `5`, `5/10` (from 5 to the end), `1-5`, `1-5/2`. */
function range(part: string, of: Bounds): { from: number; to: number; step: number; any: boolean } {
  const [span = '', stepText, ...more] = part.split('/');
  const [fromText = '', toText, ...extra] = span.split('-');
  if (more.length > 0 || extra.length > 0) throw new CronError(`${part} is no ${of.what}`);
  const step = stepText === undefined ? 1 : whole(stepText, of);
  if (step === 0) throw new CronError(`${part}: the step of the ${of.what} must be above 0`);
  if (fromText === '*' || fromText === '?') {
    if (toText !== undefined) throw new CronError(`${part} is no ${of.what}`);
    return { from: of.min, to: of.max, step, any: step === 1 };
  }
  const from = value(fromText, of);
  const to = toText === undefined ? (stepText === undefined ? from : of.max) : value(toText, of);
  if (from < of.min || to > of.max) throw new CronError(`${part}: the ${of.what} goes from ${of.min} to ${of.max}`);
  if (from > to) throw new CronError(`${part}: the ${of.what} begins after it ends`);
  return { from, to, step, any: false };
}

function value(text: string, of: Bounds): number {
  const at = of.names.indexOf(text.toLowerCase());
  return at < 0 ? whole(text, of) : at + of.min;
}

function whole(text: string, of: Bounds): number {
  if (!/^\d{1,4}$/.test(text)) throw new CronError(`${text || 'nothing'} is no ${of.what}`);
  return Number(text);
}

const units = { h: 3600, m: 60, s: 1 } as const;

function everySeconds(text: string): number {
  if (!/^(\d+(\.\d+)?[hms])+$/.test(text)) throw new CronError(`@every takes a time like 90m, not ${text}`);
  const seconds = [...text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units],
    0,
  );
  return Math.max(1, Math.floor(seconds));
}
