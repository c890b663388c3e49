export interface ZoneFields {
  /** 1 … 12 */
  month: number;
  day: number;
  /** 0 is Sunday. */
  weekday: number;
  hour: number;
  minute: number;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** What a clock on the wall of that zone shows. Throws RangeError for a zone that there is not. */
export function localFields(timeZone = 'UTC'): (moment: number) => ZoneFields {
  if (timeZone === 'UTC') return utcFields;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    weekday: 'short',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (moment) => {
    const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
    return {
      month: Number(parts.month),
      day: Number(parts.day),
      weekday: weekdays.indexOf(parts.weekday ?? ''),
      hour: Number(parts.hour),
      minute: Number(parts.minute),
    };
  };
}

function utcFields(moment: number): ZoneFields {
  const date = new Date(moment);
  return {
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  };
}

/** RFC 3339 with the offset of the zone: `2026-03-29T03:30:00+02:00`. */
export function zonedTimestamp(moment: number, timeZone = 'UTC'): string {
  if (timeZone === 'UTC') return `${new Date(moment).toISOString().slice(0, 19)}Z`;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(moment);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const offset = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  if (!offset) return `${new Date(moment).toISOString().slice(0, 19)}Z`;
  const ms = (Number(offset[2]) * 60 + Number(offset[3])) * 60_000 * (offset[1] === '-' ? -1 : 1);
  return `${new Date(moment + ms).toISOString().slice(0, 19)}${offset[1]}${offset[2]}:${offset[3]}`;
}
