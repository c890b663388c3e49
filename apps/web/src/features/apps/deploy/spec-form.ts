import type { ImageSpec, SecretValues } from '@fairlead/shared';
import { joinWords, splitWords } from './words';

export type PullPolicy = ImageSpec['imagePullPolicy'];

/** An image spec as a form holds it: text stays as typed until it is read. */
export interface SpecForm {
  image: string;
  replicas: number | null;
  port: number | null;
  host: string;
  imagePullPolicy: PullPolicy;
  command: string;
  args: string;
  env: { key: number; name: string; value: string }[];
  files: { key: number; path: string; content: string }[];
  /** Of an app that is to be; those of one that is there have a panel of their own. */
  secrets: { key: number; name: string; value: string; path: string }[];
  cpu: string;
  memory: string;
  cpuLimit: string;
  memoryLimit: string;
  healthPath: string;
  hardened: boolean;
  /** With both bounds and a target the app autoscales. */
  minReplicas: number | null;
  maxReplicas: number | null;
  cpuPercent: number | null;
  memoryPercent: number | null;
  /** With it, it runs by this and not all the time. */
  cron: string;
  timeZone: string;
  /** Everything that has no field of its own, as JSON text; `{}` or nothing is nothing. */
  rest: string;
}

export const emptySpecForm = (image = ''): SpecForm => ({
  image,
  replicas: 1,
  port: null,
  host: '',
  imagePullPolicy: 'IfNotPresent',
  command: '',
  args: '',
  env: [],
  files: [],
  secrets: [],
  cpu: '',
  memory: '',
  cpuLimit: '',
  memoryLimit: '',
  healthPath: '',
  hardened: false,
  minReplicas: null,
  maxReplicas: null,
  cpuPercent: null,
  memoryPercent: null,
  cron: '',
  timeZone: '',
  rest: '',
});

export function readSpec(form: SpecForm): ImageSpec {
  const command = splitWords(form.command);
  const args = splitWords(form.args);
  const files = form.files.filter(({ path, content }) => path !== '' || content !== '');
  const resources = Object.fromEntries(
    (['cpu', 'memory', 'cpuLimit', 'memoryLimit'] as const).flatMap((name) => (form[name].trim() ? [[name, form[name].trim()]] : [])),
  );
  return {
    // What cannot be read is sent as it is: the API refuses the field, and nothing is lost.
    ...(readRest(form.rest) ?? { rest: form.rest }),
    kind: 'image',
    image: form.image.trim(),
    imagePullPolicy: form.imagePullPolicy,
    replicas: form.replicas ?? 1,
    env: form.env.filter(({ name, value }) => name !== '' || value !== '').map(({ name, value }) => ({ name: name.trim(), value })),
    resources,
    hardened: form.hardened,
    ...(form.port === null ? {} : { port: form.port }),
    ...(form.host.trim() ? { host: form.host.trim().toLowerCase() } : {}),
    ...(form.healthPath.trim() ? { healthPath: form.healthPath.trim() } : {}),
    ...(command.length > 0 ? { command } : {}),
    ...(args.length > 0 ? { args } : {}),
    ...(files.length > 0 ? { files: files.map(({ path, content }) => ({ path: path.trim(), content })) } : {}),
    ...autoscaling(form),
    ...schedule(form),
  };
}

/** What a new app is given beside its spec, and what its spec says of it: names and places, no values. */
export function readSecrets(form: SpecForm): { ownSecrets?: ImageSpec['ownSecrets']; secretValues?: SecretValues } {
  const given = form.secrets.filter(({ name, value, path }) => name !== '' || value !== '' || path !== '');
  if (given.length === 0) return {};
  return {
    ownSecrets: given.map(({ name, path }) => ({
      name: name.trim(),
      env: path.trim() === '',
      ...(path.trim() ? { path: path.trim() } : {}),
    })),
    secretValues: Object.fromEntries(given.filter(({ value }) => value !== '').map(({ name, value }) => [name.trim(), value])),
  };
}

function autoscaling({ minReplicas, maxReplicas, cpuPercent, memoryPercent }: SpecForm): Pick<ImageSpec, 'autoscaling'> {
  if ([minReplicas, maxReplicas, cpuPercent, memoryPercent].every((each) => each === null)) return {};
  return {
    autoscaling: {
      minReplicas: minReplicas ?? 1,
      maxReplicas: maxReplicas ?? minReplicas ?? 1,
      ...(cpuPercent === null ? {} : { cpuPercent }),
      ...(memoryPercent === null ? {} : { memoryPercent }),
    },
  };
}

function schedule({ cron, timeZone, rest }: SpecForm): Pick<ImageSpec, 'schedule'> {
  const more = readRest(rest)?.schedule;
  if (cron.trim() === '' && timeZone.trim() === '') return more && 'cron' in more ? {} : { schedule: undefined };
  const given = { cron: cron.trim(), ...(timeZone.trim() ? { timeZone: timeZone.trim() } : {}) };
  // What is left out has its default.
  return { schedule: { ...more, ...given } as ImageSpec['schedule'] };
}

/** The fields without a field of their own; null when the text is no JSON object. */
export function readRest(text: string): Partial<ImageSpec> | null {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Partial<ImageSpec>) : null;
  } catch {
    return null;
  }
}

const ownFields: readonly string[] = [
  'kind',
  'image',
  'imagePullPolicy',
  'replicas',
  'env',
  'files',
  'ownSecrets',
  'resources',
  'hardened',
  'port',
  'host',
  'healthPath',
  'command',
  'args',
  'autoscaling',
  'schedule',
];

function restOf(spec: ImageSpec): string {
  const other: Record<string, unknown> = Object.fromEntries(Object.entries(spec).filter(([name]) => !ownFields.includes(name)));
  const { cron: _, timeZone: __, ...more } = spec.schedule ?? {};
  if (Object.keys(more).length > 0) other.schedule = more;
  return Object.keys(other).length > 0 ? JSON.stringify(other, null, 2) : '';
}

export function writeSpec(spec: ImageSpec): SpecForm {
  return {
    image: spec.image,
    replicas: spec.replicas,
    port: spec.port ?? null,
    host: spec.host ?? '',
    imagePullPolicy: spec.imagePullPolicy,
    command: joinWords(spec.command ?? []),
    args: joinWords(spec.args ?? []),
    env: spec.env.map(({ name, value }, key) => ({ key, name, value })),
    files: (spec.files ?? []).map(({ path, content }, key) => ({ key, path, content })),
    secrets: [],
    cpu: spec.resources.cpu ?? '',
    memory: spec.resources.memory ?? '',
    cpuLimit: spec.resources.cpuLimit ?? '',
    memoryLimit: spec.resources.memoryLimit ?? '',
    healthPath: spec.healthPath ?? '',
    hardened: spec.hardened,
    minReplicas: spec.autoscaling?.minReplicas ?? null,
    maxReplicas: spec.autoscaling?.maxReplicas ?? null,
    cpuPercent: spec.autoscaling?.cpuPercent ?? null,
    memoryPercent: spec.autoscaling?.memoryPercent ?? null,
    cron: spec.schedule?.cron ?? '',
    timeZone: spec.schedule?.timeZone ?? '',
    rest: restOf(spec),
  };
}
