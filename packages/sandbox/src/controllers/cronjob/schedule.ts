import { localFields, type ZoneFields } from './zone.js';

/** A cron expression that nobody can read. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}

/** When something is due. Moments are milliseconds since 1970, always at a full minute but for `@every`. */
export interface Schedule {
  /** The first moment after `after`; undefined when there is none within five years. */
  next(after: number): number | undefined;
}

const minute = 60_000;
const names = {
  month: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  day: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
};
const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Five fields, `@daily` and its like, or `@every 1h30m`, in a time zone of the IANA data base (UTC where none is given). Throws ScheduleError. */
export function parseSchedule(text: string, timeZone?: string): Schedule {
  if (text.startsWith('@every ')) return every(duration(text.slice('@every '.length)));
  const fields = (macros[text] ?? text).trim().split(/\s+/);
  if (text.startsWith('@') && !macros[text]) throw new ScheduleError(`unrecognized descriptor: ${text}`);
  const [minutes = '', hours = '', days = '', months = '', weekdays = ''] = fields;
  if (fields.length !== 5) throw new ScheduleError(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  const times: Times = {
    minutes: field(minutes, 0, 59),
    hours: field(hours, 0, 23),
    days: field(days, 1, 31),
    months: field(months, 1, 12, names.month, 1),
    weekdays: field(weekdays, 0, 6, names.day, 0),
    anyDay: isStar(days),
    anyWeekday: isStar(weekdays),
  };
  const fieldsAt = localFields(timeZone);
  return { next: (after) => search(times, fieldsAt, after) };
}

interface Times {
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  months: ReadonlySet<number>;
  weekdays: ReadonlySet<number>;
  anyDay: boolean;
  anyWeekday: boolean;
}

/** Zones differ from UTC by quarters of an hour: within one nothing but the minute changes. */
const quarter = 15 * minute;

function search(times: Times, fieldsAt: (moment: number) => ZoneFields, after: number): number | undefined {
  const last = after + 5 * 366 * 24 * 60 * minute;
  const first = Math.floor(after / minute) * minute + minute;
  for (let block = Math.floor(first / quarter) * quarter; block <= last; ) {
    const local = fieldsAt(block);
    if (!onDay(times, local)) {
      // Up to an hour before midnight at once, whatever the clocks do in between.
      block += Math.max(22 - local.hour, 0) * 4 * quarter || quarter;
      continue;
    }
    if (times.hours.has(local.hour)) {
      for (let i = 0; i < 15; i += 1) {
        const moment = block + i * minute;
        if (moment >= first && times.minutes.has(local.minute + i)) return moment;
      }
    }
    block += quarter;
  }
  return undefined;
}

/** When both the day of the month and the day of the week are limited, one of them is enough. */
function onDay(times: Times, { month, day, weekday }: ZoneFields): boolean {
  if (!times.months.has(month)) return false;
  const [byDay, byWeekday] = [times.days.has(day), times.weekdays.has(weekday)];
  return times.anyDay || times.anyWeekday ? byDay && byWeekday : byDay || byWeekday;
}

/** `*` leaves the day to the other field; with a step it is a list like any other. */
const isStar = (text: string): boolean => text.split(',').some((part) => /^[*?](\/0*1)?$/.test(part));

function field(text: string, low: number, high: number, words: readonly string[] = [], firstWord = 0): Set<number> {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, more] = part.split('/');
    if (more !== undefined) throw new ScheduleError(`too many slashes: ${part}`);
    const [from, to] = bounds(range, low, high, words, firstWord, step !== undefined);
    const by = step === undefined ? 1 : number(step, part);
    if (by === 0) throw new ScheduleError(`step of range should be a positive number: ${part}`);
    if (from < low) throw new ScheduleError(`beginning of range (${from}) below minimum (${low}): ${part}`);
    if (to > high) throw new ScheduleError(`end of range (${to}) above maximum (${high}): ${part}`);
    if (from > to) throw new ScheduleError(`beginning of range (${from}) beyond end of range (${to}): ${part}`);
    for (let value = from; value <= to; value += by) found.add(value);
  }
  return found;
}

function bounds(range: string, low: number, high: number, words: readonly string[], firstWord: number, hasStep: boolean): [number, number] {
  if (range === '*' || range === '?') return [low, high];
  const [start = '', end, more] = range.split('-');
  if (more !== undefined) throw new ScheduleError(`too many hyphens: ${range}`);
  const read = (text: string): number => {
    const word = words.indexOf(text.toLowerCase());
    return word === -1 ? number(text, range) : word + firstWord;
  };
  const from = read(start);
  return [from, end === undefined ? (hasStep ? high : from) : read(end)];
}

function number(text: string, where: string): number {
  if (!/^\d+$/.test(text)) throw new ScheduleError(`failed to parse int from ${text}: ${where}`);
  return Number(text);
}

/** Go's duration: `1h30m`. */
function duration(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: minute, h: 60 * minute };
  let total = 0;
  const rest = text.replace(/(\d+(?:\.\d+)?)(ms|h|m|s)/g, (_, amount: string, unit: string) => {
    total += Number(amount) * (units[unit] ?? 0);
    return '';
  });
  if (rest !== '' || text === '') throw new ScheduleError(`failed to parse duration @every ${text}`);
  return Math.max(Math.floor(total / 1000) * 1000, 1000);
}

const every = (ms: number): Schedule => ({ next: (after) => Math.floor(after / 1000) * 1000 + ms });
