interface Bounds {
  min: number;
  max: number;
  names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fieldsInOrder: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: days },
];
const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** Why this is no schedule, in the words of the parser that the API server uses; undefined when it is one. */
export function cronProblem(schedule: string): string | undefined {
  if (schedule === '') return 'empty spec string';
  const zone = /^(?:CRON_)?TZ=(\S*)\s+(.*)$/.exec(schedule);
  const spec = zone ? (zone[2] ?? '').trim() : schedule;
  if (spec.startsWith('@')) return descriptorProblem(spec);
  const parts = spec.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== fieldsInOrder.length) return `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
  for (const [index, bounds] of fieldsInOrder.entries())
    for (const range of (parts[index] ?? '').split(',').filter((each) => each !== '')) {
      const problem = rangeProblem(range, bounds);
      if (problem) return problem;
    }
  return undefined;
}

function descriptorProblem(spec: string): string | undefined {
  if (descriptors.includes(spec)) return undefined;
  if (!spec.startsWith('@every ')) return `unrecognized descriptor: ${spec}`;
  const duration = spec.slice('@every '.length);
  if (/^-?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(duration)) return undefined;
  return `failed to parse duration ${spec}: time: invalid duration ${JSON.stringify(duration)}`;
}

function rangeProblem(range: string, { min, max, names }: Bounds): string | undefined {
  const [limits = '', step, ...more] = range.split('/');
  const ends = limits.split('-');
  let [start, end] = [min, max];
  if (ends[0] !== '*' && ends[0] !== '?') {
    if (ends.length > 2) return `too many hyphens: ${range}`;
    for (const [index, text] of ends.entries()) {
      const named = names?.indexOf(text.toLowerCase()) ?? -1;
      const value = named === -1 ? whole(text) : named + min;
      if (typeof value === 'string') return value;
      if (index === 0) start = value;
      end = value;
    }
  }
  if (more.length > 0) return `too many slashes: ${range}`;
  const width = step === undefined ? 1 : whole(step);
  if (typeof width === 'string') return width;
  if (step !== undefined && ends.length === 1) end = max;
  if (start < min) return `beginning of range (${start}) below minimum (${min}): ${range}`;
  if (end > max) return `end of range (${end}) above maximum (${max}): ${range}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${range}`;
  return width === 0 ? `step of range should be a positive number: ${range}` : undefined;
}

/** The number, or why it is none. */
function whole(text: string): number | string {
  if (!/^[+-]?\d+$/.test(text)) return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  return Number(text) < 0 ? `negative number (${Number(text)}) not allowed: ${text}` : Number(text);
}
