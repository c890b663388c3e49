/** Numbers and durations as people read them. Unknown is "–"; zero is 0; NaN never shows. */

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const plural = new Intl.PluralRules('en');

export const unknown = '–';

export function formatCount(value: number | null | undefined): string {
  return known(value) ? number.format(value) : unknown;
}

/** "20.1 k": for tiles, with the full figure in a tooltip. */
export function formatCompact(value: number | null | undefined): string {
  if (!known(value)) return unknown;
  return compact
    .format(value)
    .replace(/([\d.]+)([A-Za-z]+)/, (_, digits: string, unit: string) => `${digits} ${unit.toLowerCase() === 'k' ? 'k' : unit}`);
}

/** `counted(1, 'app')` → "1 app"; `counted(2, 'app')` → "2 apps". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${number.format(value)} ${plural.select(value) === 'one' ? one : many}`;
}

export function formatCores(cores: number | null | undefined): string {
  return known(cores) ? `${number.format(cores)} ${cores === 1 ? 'core' : 'cores'}` : unknown;
}

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function formatBytes(bytes: number | null | undefined): string {
  if (!known(bytes)) return unknown;
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < binary.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : Number(value.toFixed(1))} ${binary[unit]}`;
}

/** 41 ms · 2.3 s · 4 min 12 s · 3 d 4 h */
export function formatDuration(ms: number | null | undefined): string {
  if (!known(ms)) return unknown;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Number((ms / 1000).toFixed(1))} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return join(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return join(hours, 'h', minutes % 60, 'min');
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** One unit only: "4 s ago", "3 min ago", "in 2 h". */
export function formatAgo(at: number, now: number): string {
  const ms = now - at;
  const size = Math.abs(ms);
  if (size < 1000) return 'now';
  const text =
    size < 60_000
      ? `${Math.floor(size / 1000)} s`
      : size < 3_600_000
        ? `${Math.floor(size / 60_000)} min`
        : size < 86_400_000
          ? `${Math.floor(size / 3_600_000)} h`
          : `${Math.floor(size / 86_400_000)} d`;
  return ms < 0 ? `in ${text}` : `${text} ago`;
}

/** 1 s steps matter below a minute only. */
export const agoStepMs = (at: number, now: number): number => (Math.abs(now - at) < 60_000 ? 1000 : 30_000);

export type Zone = 'local' | 'utc';

/** "24 Nov 2026, 14:02:11.482 UTC" with `ms`; without it to the second. */
export function formatAbsolute(at: number | string | Date, zone: Zone = 'local', withMs = false): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return unknown;
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...(withMs ? { fractionalSecondDigits: 3 as const } : {}),
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
    timeZoneName: 'short',
  }).format(date);
}

/** "14:02:11", the day before it when that is not today's. */
export function formatClock(at: number | string | Date, zone: Zone = 'local', now = Date.now(), withMs = false): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return unknown;
  const timeZone = zone === 'utc' ? 'UTC' : undefined;
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone });
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    ...(withMs ? { fractionalSecondDigits: 3 as const } : {}),
    timeZone,
  }).format(date);
  return day.format(date) === day.format(now) ? time : `${day.format(date)} ${time}`;
}

/** Long names lose their middle, so that what tells them apart stays. */
export function middle(text: string, max = 40): string {
  if (text.length <= max) return text;
  const tail = Math.floor((max - 1) / 2);
  return `${text.slice(0, max - 1 - tail)}…${text.slice(-tail)}`;
}

const known = (value: number | null | undefined): value is number => typeof value === 'number' && Number.isFinite(value);

const join = (big: number, bigUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
