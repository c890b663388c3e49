import { isRecord, type Manifest } from '@fairlead/kube';
import { theWorkload } from '../render/manifest-app.js';

type Fields = Record<string, unknown>;

/** What is asked for; the rest is the app's own. */
export interface Once {
  kind: 'to-end' | 'interactive';
  image?: string | undefined;
  command?: string[] | undefined;
  args?: string[] | undefined;
}

export interface PodOnce {
  annotations: Record<string, string>;
  spec: Fields;
  container: string;
  image: string;
  command: string[] | null;
  args: string[] | null;
  /** What it goes without, and why. */
  notes: string[];
}

/** How a claim may be mounted, and whether a pod of the app may hold it at this moment. */
export interface Claims {
  modes: ReadonlyMap<string, readonly string[]>;
  held: boolean;
}

const shell = ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash || exec sh'];
/** They tell others what to do with the pods of the app. */
const notCarried = /^(prometheus\.io|kubectl\.kubernetes\.io)\//;

/**
 * A pod that runs one command in the setting of an app: its image, variables, configuration, secrets, volumes and security as they are; no probes, no
 * ports, no companions, none of its labels. Pure. null: the app has no single workload.
 */
export function podOnce(objects: readonly Manifest[], wish: Once, claims: Claims): PodOnce | null {
  const workload = theWorkload(objects);
  const template = workload && templateOf(workload);
  const spec = template && isRecord(template.spec) ? template.spec : null;
  const [own, ...companions] = list(spec?.containers);
  if (!template || !spec || !own) return null;
  const notes: string[] = [];
  const left = new Set<string>();
  const volumes = list(spec.volumes).filter((volume) => {
    const why = hindrance(volume, claims);
    if (why === null) return true;
    left.add(String(volume.name));
    notes.push(`Without the volume ${String(volume.name)}: ${why}.`);
    return false;
  });
  // A StatefulSet's pods bring claims of their own, which are no volume of the template.
  const named = new Set(volumes.map(({ name }) => name));
  for (const { name } of list(own.volumeMounts))
    if (!named.has(name) && !left.has(String(name))) {
      left.add(String(name));
      notes.push(`Without the volume ${String(name)}: each pod of the app has one of its own.`);
    }
  if (companions.length > 0) notes.push(`Without ${companions.map(({ name }) => String(name)).join(', ')}: only the first container runs.`);
  const mounted = (container: Fields): Fields => ({
    ...container,
    ...(container.volumeMounts !== undefined && {
      volumeMounts: list(container.volumeMounts).filter(({ name }) => !left.has(String(name))),
    }),
  });
  const before = list(spec.initContainers).filter(({ restartPolicy }) => restartPolicy !== 'Always');
  const { command, args } = wordsOf(own, wish);
  const image = wish.image ?? String(own.image ?? '');
  const { readinessProbe, livenessProbe, startupProbe, lifecycle, ports, command: _, args: __, ...kept } = mounted(own);
  const container = {
    ...kept,
    image,
    ...(command && { command }),
    ...(args && { args }),
    ...(wish.kind === 'interactive' && { stdin: true, tty: true }),
  };
  const { topologySpreadConstraints, hostname, subdomain, affinity, initContainers, ...rest } = spec;
  const nodeAffinity = isRecord(affinity) ? affinity.nodeAffinity : undefined;
  return {
    annotations: annotationsOf(template),
    spec: {
      ...rest,
      restartPolicy: 'Never',
      ...(nodeAffinity !== undefined && { affinity: { nodeAffinity } }),
      ...(before.length > 0 && { initContainers: before.map(mounted) }),
      containers: [container],
      ...(spec.volumes !== undefined && { volumes }),
    },
    container: String(own.name ?? ''),
    image,
    command,
    args,
    notes,
  };
}

/** Of claims that only one node or pod may hold, the app's pods hold them already. */
function hindrance(volume: Fields, { modes, held }: Claims): string | null {
  const claim = isRecord(volume.persistentVolumeClaim) ? String(volume.persistentVolumeClaim.claimName ?? '') : null;
  if (claim === null || !held) return null;
  const can = modes.get(claim);
  if (!can) return 'its claim is not there';
  return can.some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany') ? null : 'the pods of the app hold it';
}

function wordsOf(own: Fields, wish: Once): { command: string[] | null; args: string[] | null } {
  if (wish.command) return { command: wish.command, args: wish.args ?? null };
  if (wish.kind === 'interactive') return { command: shell, args: null };
  return { command: words(own.command), args: wish.args ?? words(own.args) };
}

function templateOf({ kind, ...object }: Manifest): Fields | null {
  const spec = isRecord(object.spec) ? object.spec : {};
  if (kind === 'Pod') return { metadata: object.metadata, spec };
  const job = kind === 'CronJob' && isRecord(spec.jobTemplate) && isRecord(spec.jobTemplate.spec) ? spec.jobTemplate.spec : spec;
  return isRecord(job.template) ? job.template : null;
}

function annotationsOf(template: Fields): Record<string, string> {
  const given = isRecord(template.metadata) && isRecord(template.metadata.annotations) ? template.metadata.annotations : {};
  return Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) =>
      typeof value === 'string' && !notCarried.test(key) && !key.startsWith('fairlead.dev/') ? [[key, value]] : [],
    ),
  );
}

const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const words = (value: unknown): string[] | null => (Array.isArray(value) && value.length > 0 ? value.map(String) : null);
