import type { DrillKind } from '@fairlead/shared';
import type { Commands } from '@/components/as-command';

export interface CommandTarget {
  project: string;
  app: string;
  cluster: string;
  namespace: string;
  workload: { kind: string; name: string } | null;
}

const shell = (word: string) => (/^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** kubectl's words with the context that the downloaded kubeconfig names. */
export function kubectl(at: Pick<CommandTarget, 'cluster' | 'namespace'>, ...words: string[]): string {
  return ['kubectl', '--context', `fairlead-${at.cluster}`, '-n', at.namespace, ...words].map(shell).join(' ');
}

/** One REST call with curl. Never holds a token: that is `$FAIRLEAD_TOKEN`. */
export function rest(method: string, path: string, body?: unknown, ifMatch?: number): string {
  const origin = typeof window === 'undefined' ? '' : window.location.origin;
  const lines = [`curl -X ${method} ${origin}/api/v1${path}`, '-H "Authorization: Bearer $FAIRLEAD_TOKEN"'];
  if (ifMatch !== undefined) lines.push(`-H 'If-Match: "${ifMatch}"'`);
  if (body !== undefined) lines.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`);
  return lines.join(' \\\n  ');
}

const appPath = ({ project, app }: CommandTarget) => `/projects/${encodeURIComponent(project)}/apps/${encodeURIComponent(app)}`;
const workloadOf = ({ workload, app }: CommandTarget) => `${(workload?.kind ?? 'Deployment').toLowerCase()}/${workload?.name ?? app}`;

export const scaleCommands = (at: CommandTarget, replicas: number): Commands => ({
  kubectl: kubectl(at, 'scale', workloadOf(at), `--replicas=${replicas}`),
  rest: rest('POST', `${appPath(at)}/scale`, { replicas }),
});

export const restartCommands = (at: CommandTarget): Commands => ({
  kubectl: kubectl(at, 'rollout', 'restart', workloadOf(at)),
  rest: rest('POST', `${appPath(at)}/restart`),
});

export const rollbackCommands = (at: CommandTarget, revision: number): Commands => ({
  rest: rest('POST', `${appPath(at)}/rollback`, { revision }),
});

export const deleteCommands = (at: CommandTarget, objects: { kind: string; name: string }[], deleteData = false): Commands => ({
  kubectl: kubectl(at, 'delete', ...objects.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`)),
  rest: rest('DELETE', appPath(at), { confirm: at.app, ...(deleteData ? { deleteData } : {}) }),
});

export const exportCommands = (at: CommandTarget): Commands => ({ rest: rest('GET', `${appPath(at)}/export`) });

export const deletePodCommands = (at: CommandTarget, pod: string): Commands => ({
  kubectl: kubectl(at, 'delete', 'pod', pod),
  rest: rest('DELETE', `${appPath(at)}/pods/${encodeURIComponent(pod)}`),
});

/** What the page of an app's network shows, by hand. */
export const networkCommands = (at: CommandTarget): Commands => ({
  kubectl: kubectl(at, 'get', 'services,endpointslices,ingresses,networkpolicies'),
  rest: rest('GET', `${appPath(at)}/network`),
});

export const changeCommands = (at: CommandTarget, spec: Record<string, unknown>, revision: number): Commands => ({
  rest: rest('PATCH', appPath(at), { spec }, revision),
});

/** What a drill does to the app; only Fairlead asks the route meanwhile. */
export const drillCommands = (at: CommandTarget, kind: DrillKind): Commands => ({
  kubectl: kind === 'rollout' ? kubectl(at, 'rollout', 'restart', workloadOf(at)) : kubectl(at, 'delete', 'pod', 'POD'),
  rest: rest('POST', `${appPath(at)}/drills`, { kind }),
});

/** An autoscaler would do nothing at 0, but would come back with the next size: Fairlead takes it away for as long. */
export const sleepCommands = (at: CommandTarget): Commands => ({
  kubectl: kubectl(at, 'scale', workloadOf(at), '--replicas=0'),
  rest: rest('POST', `${appPath(at)}/sleep`),
});

export const wakeCommands = (at: CommandTarget, size: number | null): Commands => ({
  kubectl: kubectl(at, 'scale', workloadOf(at), `--replicas=${size ?? 1}`),
  rest: rest('POST', `${appPath(at)}/wake`),
});

export const runNowCommands = (at: CommandTarget): Commands => ({
  kubectl: kubectl(at, 'create', 'job', `${at.workload?.name ?? at.app}-manual`, `--from=${workloadOf(at)}`),
  rest: rest('POST', `${appPath(at)}/schedule/run`),
});

export const suspendCommands = (at: CommandTarget, suspend: boolean): Commands => ({
  kubectl: kubectl(at, 'patch', workloadOf(at), '-p', JSON.stringify({ spec: { suspend } })),
  rest: rest('POST', `${appPath(at)}/schedule/${suspend ? 'suspend' : 'resume'}`),
});

/** `kubectl run` takes nothing of the app along but its image. */
export const runOnceCommands = (
  at: CommandTarget,
  run: { kind: 'to-end' | 'interactive'; image: string; command: string[] | null },
): Commands => {
  const ways = run.kind === 'interactive' ? ['-it', '--rm'] : [];
  const words = run.command ?? (run.kind === 'interactive' ? ['sh'] : []);
  const command = words.length > 0 ? ['--command', '--', ...words] : [];
  return {
    kubectl: kubectl(at, 'run', `${at.app}-run`, `--image=${run.image}`, '--restart=Never', ...ways, ...command),
    rest: rest('POST', `${appPath(at)}/runs`, { kind: run.kind, ...(run.command && { command: run.command }) }),
  };
};

export const stopRunCommands = (at: CommandTarget, run: { id: string; job: string }): Commands => ({
  kubectl: kubectl(at, 'delete', 'job', run.job),
  rest: rest('DELETE', `${appPath(at)}/runs/${run.id}`),
});
