import type { Cron, Field } from './cron.js';

const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const maxTimes = 6;

/** The schedule as a person would say it: "every day at 03:00", "every 15 minutes, Monday to Friday". Pure. */
export function cronWords(cron: Cron): string {
  if ('everySeconds' in cron) return `every ${spanWords(cron.everySeconds)}, from when it was made`;
  const { time, often } = timeWords(cron.minute, cron.hour);
  const days = dayWords(cron.day, cron.weekday);
  const months = isFull(cron.month, 12) ? '' : `in ${list(runs(cron.month, (value) => monthNames[value - 1] ?? ''))}`;
  if (often) return [time, days ? `, ${days}` : '', months ? `, ${months}` : ''].join('');
  return [days || (months ? 'each day' : 'every day'), months, time].filter(Boolean).join(' ');
}

/** `often`: it is a rhythm and no time of the day. */
function timeWords(minute: Field, hour: Field): { time: string; often: boolean } {
  const minutes = sorted(minute);
  const hours = sorted(hour);
  const allHours = hours.length === 24;
  const within = allHours ? '' : ` ${hoursWords(hours)}`;
  const step = stepOf(minutes, 60);
  if (minutes.length === 60) return { time: `every minute${within}`, often: true };
  if (step !== null && minutes.length > 1) return { time: `every ${step} minutes${within}`, often: true };
  const hourStep = stepOf(hours, 24);
  const at =
    minutes.length === 1 && minutes[0] === 0 ? '' : ` at ${minutes.length === 1 ? 'minute' : 'minutes'} ${list(minutes.map(String))}`;
  if (allHours) return { time: at === '' ? 'every hour, on the hour' : `every hour${at}`, often: true };
  if (hourStep !== null && hours.length > 2) return { time: `every ${hourStep} hours${at}`, often: true };
  if (minutes.length * hours.length <= maxTimes)
    return { time: `at ${list(hours.flatMap((h) => minutes.map((m) => `${two(h)}:${two(m)}`)))}`, often: false };
  return { time: `every hour${within}${at}`, often: true };
}

function hoursWords(hours: readonly number[]): string {
  const [first = 0] = hours;
  const last = hours.at(-1) ?? first;
  if (last - first === hours.length - 1) return `from ${two(first)}:00 to ${two(last)}:59`;
  return `in the hours ${list(hours.map(two))}`;
}

function dayWords(day: Field, weekday: Field): string {
  const byDay = isFull(day, 31) ? '' : `on day ${list(runs(day, String))} of the month`;
  const byWeekday = isFull(weekday, 7) ? '' : list(runs(weekday, (value) => weekdayNames[value] ?? ''));
  if (byDay && byWeekday) return day.any || weekday.any ? `${byDay} if it is ${byWeekday}` : `${byDay} and every ${byWeekday}`;
  return byDay || (byWeekday && `every ${byWeekday}`);
}

/** Three or more in a row as a range: "Monday to Friday". */
function runs(field: Field, name: (value: number) => string): string[] {
  const values = sorted(field);
  const found: string[] = [];
  for (let i = 0; i < values.length; ) {
    let j = i;
    while ((values[j + 1] ?? Number.NaN) === (values[j] ?? 0) + 1) j++;
    const [from = 0, to = 0] = [values[i], values[j]];
    if (j - i >= 2) found.push(`${name(from)} to ${name(to)}`);
    else for (const value of values.slice(i, j + 1)) found.push(name(value));
    i = j + 1;
  }
  return found;
}

/** The step of a whole round from 0; null when it is none. */
function stepOf(values: readonly number[], round: number): number | null {
  const step = (values[1] ?? round) - (values[0] ?? 0);
  const even = values[0] === 0 && values.every((value, i) => value === i * step) && round % step === 0 && values.length === round / step;
  return even ? step : null;
}

function spanWords(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor((seconds % 3600) / 60), 'minute'],
    [seconds % 60, 'second'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => (count === 1 ? `1 ${unit}` : `${count} ${unit}s`))
    .join(' ');
}

const isFull = ({ values }: Field, size: number): boolean => values.size === size;
const sorted = ({ values }: Field): number[] => [...values].sort((a, b) => a - b);
const two = (value: number): string => String(value).padStart(2, '0');
const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
