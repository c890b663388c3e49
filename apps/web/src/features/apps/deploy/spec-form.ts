import type { ImageSpec } from '@fairlead/shared';
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
  cpu: string;
  memory: string;
  cpuLimit: string;
  memoryLimit: string;
  healthPath: string;
  hardened: boolean;
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
  cpu: '',
  memory: '',
  cpuLimit: '',
  memoryLimit: '',
  healthPath: '',
  hardened: false,
});

export function readSpec(form: SpecForm): ImageSpec {
  const command = splitWords(form.command);
  const args = splitWords(form.args);
  const resources = Object.fromEntries(
    (['cpu', 'memory', 'cpuLimit', 'memoryLimit'] as const).flatMap((name) => (form[name].trim() ? [[name, form[name].trim()]] : [])),
  );
  return {
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
  };
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
    cpu: spec.resources.cpu ?? '',
    memory: spec.resources.memory ?? '',
    cpuLimit: spec.resources.cpuLimit ?? '',
    memoryLimit: spec.resources.memoryLimit ?? '',
    healthPath: spec.healthPath ?? '',
    hardened: spec.hardened,
  };
}
