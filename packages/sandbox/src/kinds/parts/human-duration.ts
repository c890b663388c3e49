const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** apimachinery's HumanDuration: two or three figures of a duration, `4m3s`, `27h`, `2d1h`, `1y30d`. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / second);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(ms / minute);
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(ms / hour);
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 24 * 8) return both(days, 'd', hours % 24, 'h');
  if (days < 365 * 2) return `${days}d`;
  const years = Math.trunc(days / 365);
  return years < 8 ? both(years, 'y', days % 365, 'd') : `${years}y`;
}

/** How long ago an RFC 3339 time was; `<unknown>` without one. */
export const since = (time: unknown, now: number): string =>
  typeof time === 'string' && time !== '' ? humanDuration(now - Date.parse(time)) : '<unknown>';

const both = (a: number, unit: string, b: number, smaller: string): string => (b === 0 ? `${a}${unit}` : `${a}${unit}${b}${smaller}`);
