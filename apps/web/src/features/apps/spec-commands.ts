import type { AppSpec, ImageSpec } from '@fairlead/shared';

/** Words of kubectl, without its context. */
export type Words = string[];

interface Place {
  /** `deployment/web` */
  workload: string;
  /** The container, the Service and the route are called so. */
  app: string;
}

/**
 * What a change of an app is by kubectl, field by field. Pure. null where a field has no command of its own: then the rendered YAML is applied.
 */
export function specCommands({ workload, app }: Place, before: AppSpec, after: AppSpec): Words[] | null {
  if (before.kind !== 'image' || after.kind !== 'image') return null;
  const changed = (Object.keys({ ...before, ...after }) as (keyof ImageSpec)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  const found: Words[] = [];
  for (const field of changed) {
    const lines = commandsOf[field]?.({ workload, app }, before, after);
    if (!lines) return null;
    found.push(...lines);
  }
  return found;
}

type Line = (at: Place, before: ImageSpec, after: ImageSpec) => Words[] | null;

const commandsOf: Partial<Record<keyof ImageSpec, Line>> = {
  image: ({ workload, app }, _, { image }) => [['set', 'image', workload, `${app}=${image}`]],
  replicas: ({ workload }, _, { replicas }) => [['scale', workload, `--replicas=${replicas}`]],
  env: ({ workload, app }, before, after) => {
    const set = after.env.filter(({ name, value }) => before.env.find((each) => each.name === name)?.value !== value);
    const gone = before.env.filter(({ name }) => !after.env.some((each) => each.name === name));
    return [
      [
        'set',
        'env',
        workload,
        `--containers=${app}`,
        ...set.map(({ name, value }) => `${name}=${value}`),
        ...gone.map(({ name }) => `${name}-`),
      ],
    ];
  },
  resources: ({ workload, app }, _, { resources }) => {
    const list = (cpu: string | undefined, memory: string | undefined) =>
      [cpu ? `cpu=${cpu}` : '', memory ? `memory=${memory}` : ''].filter(Boolean).join(',');
    const asked = list(resources.cpu, resources.memory);
    const most = list(resources.cpuLimit, resources.memoryLimit);
    // What is taken away has no word there.
    if (asked === '' && most === '') return null;
    return [
      [
        'set',
        'resources',
        workload,
        `--containers=${app}`,
        ...(asked ? [`--requests=${asked}`] : []),
        ...(most ? [`--limits=${most}`] : []),
      ],
    ];
  },
  autoscaling: ({ workload, app }, before, after) => {
    const { autoscaling: scaling } = after;
    if (!scaling) return [['delete', 'hpa', app]];
    const { minReplicas, maxReplicas, cpuPercent, memoryPercent } = scaling;
    const had = before.autoscaling;
    if (!had) {
      if (cpuPercent === undefined || memoryPercent !== undefined) return null;
      return [['autoscale', workload, `--name=${app}`, `--min=${minReplicas}`, `--max=${maxReplicas}`, `--cpu-percent=${cpuPercent}`]];
    }
    if (had.cpuPercent !== cpuPercent || had.memoryPercent !== memoryPercent) return null;
    return [['patch', 'hpa', app, '--type=merge', '-p', JSON.stringify({ spec: { minReplicas, maxReplicas } })]];
  },
  host: ({ app }, before, { host, port }) => {
    if (host === undefined) return before.routes?.length ? null : [['delete', 'ingress', app]];
    if (before.host === undefined)
      return before.routes?.length || port === undefined ? null : [['create', 'ingress', app, `--rule=${host}/*=${app}:http`]];
    return [['patch', 'ingress', app, '--type=json', '-p', JSON.stringify([{ op: 'replace', path: '/spec/rules/0/host', value: host }])]];
  },
};
