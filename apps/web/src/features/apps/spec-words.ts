import type { AppSpec, ImageSpec } from '@fairlead/shared';
import { counted } from '@/lib/format';

/** What differs between two wanted states, one field a sentence. Values of variables are named, not shown. */
export function specWords(before: AppSpec, after: AppSpec): string[] {
  return Object.values(specChanges(before, after));
}

/** The same by field, so that two sets of changes can be laid over each other. */
export function specChanges(before: AppSpec, after: AppSpec): Record<string, string> {
  if (before.kind !== after.kind) return { kind: `from ${before.kind} to ${after.kind}` };
  const words: Record<string, string> = {};
  const say = (field: string, from: string | undefined, to: string | undefined) => {
    if (from !== to) words[field] = `${field} ${from ?? 'none'} → ${to ?? 'none'}`;
  };
  say('image', before.image, after.image);
  if (before.replicas !== after.replicas)
    words.replicas = `${before.replicas ?? 'unnamed'} → ${after.replicas === undefined ? 'unnamed' : counted(after.replicas, 'replica')}`;
  if (before.kind === 'manifests' || after.kind === 'manifests') {
    if (before.kind === 'manifests' && after.kind === 'manifests' && before.yaml !== after.yaml) words.yaml = 'the YAML text';
    return words;
  }
  say('port', before.port?.toString(), after.port?.toString());
  say('host', before.host, after.host);
  say('health path', before.healthPath, after.healthPath);
  say('pull policy', before.imagePullPolicy, after.imagePullPolicy);
  say('command', before.command?.join(' '), after.command?.join(' '));
  say('arguments', before.args?.join(' '), after.args?.join(' '));
  say('hardened', before.hardened ? 'on' : 'off', after.hardened ? 'on' : 'off');
  say('cpu', before.resources.cpu, after.resources.cpu);
  say('cpu limit', before.resources.cpuLimit, after.resources.cpuLimit);
  say('memory', before.resources.memory, after.resources.memory);
  say('memory limit', before.resources.memoryLimit, after.resources.memoryLimit);
  const scaling = (spec: ImageSpec) =>
    spec.autoscaling && `${spec.autoscaling.minReplicas} to ${spec.autoscaling.maxReplicas} at ${spec.autoscaling.cpuPercent ?? '–'} %`;
  say('autoscaling', scaling(before), scaling(after));
  for (const field of otherFields)
    if (JSON.stringify(before[field]) !== JSON.stringify(after[field]))
      words[field] = `${field} ${before[field] === undefined ? 'added' : after[field] === undefined ? 'removed' : 'changed'}`;
  const env = envWords(before, after);
  if (env) words.env = env;
  return words;
}

const otherFields = [
  'ports',
  'files',
  'secrets',
  'ownSecrets',
  'routes',
  'ingressClass',
  'probes',
  'volumes',
  'schedule',
  'placement',
  'disruption',
  'termination',
  'serviceAccount',
  'exceptions',
  'overlay',
] as const;

function envWords(before: ImageSpec, after: ImageSpec): string | null {
  const old = new Map(before.env.map(({ name, value }) => [name, value]));
  const next = new Map(after.env.map(({ name, value }) => [name, value]));
  const parts = [
    ...[...next.keys()].filter((name) => !old.has(name)).map((name) => `+${name}`),
    ...[...old.keys()].filter((name) => !next.has(name)).map((name) => `−${name}`),
    ...[...next].filter(([name, value]) => old.has(name) && old.get(name) !== value).map(([name]) => `${name} changed`),
  ];
  return parts.length > 0 ? `variables ${parts.join(', ')}` : null;
}
