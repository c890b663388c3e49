import type { AppSpec, DrillKind, PortTarget } from '@fairlead/shared';
import type { Commands } from '@/components/as-command';
import { specCommands } from './spec-commands';

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

const origin = () => (typeof window === 'undefined' ? '' : window.location.origin);

/** One REST call with curl. Never holds a token: that is `$FAIRLEAD_TOKEN`. */
export function rest(method: string, path: string, body?: unknown, ifMatch?: number): string {
  const lines = [`curl -X ${method} ${origin()}/api/v1${path}`, '-H "Authorization: Bearer $FAIRLEAD_TOKEN"'];
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

/** Applies a revision's objects as Fairlead does it, whoever has set their fields since. */
const applyRevision = (at: CommandTarget, revision: number): string =>
  [
    `curl -sS -H "Authorization: Bearer $FAIRLEAD_TOKEN" ${origin()}/api/v1${appPath(at)}/revisions/${revision}`,
    'jq -r .manifests',
    kubectl(at, 'apply', '--server-side', '--field-manager=fairlead', '--force-conflicts', '-f', '-'),
  ].join(' \\\n  | ');

export const rollbackCommands = (
  at: CommandTarget,
  revision: number,
  more: { conflicts?: readonly unknown[]; hold?: unknown } = {},
): Commands => {
  const { conflicts = [], hold } = more;
  return {
    kubectl: applyRevision(at, revision),
    rest: rest('POST', `${appPath(at)}/rollback`, {
      revision,
      ...(conflicts.length > 0 && { conflicts }),
      ...(hold !== undefined && { hold }),
    }),
  };
};

/** Only Fairlead knows what one step changed; by kubectl it is the state before it, whole. */
export const undoCommands = (at: CommandTarget, revision: number): Commands => ({
  kubectl: applyRevision(at, revision - 1),
  rest: rest('POST', `${appPath(at)}/undo`, { revision }),
});

/** Drift put back: what stands is applied once more. */
export const correctCommands = (at: CommandTarget, revision: number): Commands => ({
  kubectl: applyRevision(at, revision),
  rest: rest('POST', `${appPath(at)}/correct`),
});

/** The hold and the policies are Fairlead's own: the cluster knows nothing of them. */
export const liftHoldCommands = (at: CommandTarget): Commands => ({ rest: rest('DELETE', `${appPath(at)}/hold`) });
export const policiesCommands = (at: CommandTarget, policies: object): Commands => ({
  rest: rest('PATCH', `${appPath(at)}/policies`, policies),
});

export const takeOverCommands = (at: CommandTarget, { object, field }: { object: string; field: string }, revision: number): Commands => ({
  rest: rest('PATCH', appPath(at), { spec: {}, conflicts: [{ object, field, choice: 'take-over' }] }, revision),
});

/** The app's objects as plain YAML. */
export const exportCommands = (at: CommandTarget, objects: readonly { kind: string; name: string }[]): Commands => ({
  kubectl: kubectl(at, 'get', ...objects.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`), '-o', 'yaml'),
  rest: rest('GET', `${appPath(at)}/export`),
});

export const deleteCommands = (at: CommandTarget, objects: { kind: string; name: string }[], deleteData = false): Commands => ({
  kubectl: kubectl(at, 'delete', ...objects.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`)),
  rest: rest('DELETE', appPath(at), { confirm: at.app, ...(deleteData ? { deleteData } : {}) }),
});

/** kubectl forwards to a port of this machine; the route answers the link. */
export const openPortCommands = (at: CommandTarget, target: PortTarget): Commands => ({
  kubectl: kubectl(at, 'port-forward', `${target.kind}/${target.name}`, `:${target.port}`),
  rest: rest('POST', `${appPath(at)}/ports`, target),
});

export const deletePodCommands = (at: CommandTarget, pod: string): Commands => ({
  kubectl: kubectl(at, 'delete', 'pod', pod),
  rest: rest('DELETE', `${appPath(at)}/pods/${encodeURIComponent(pod)}`),
});

/** What the page of an app's network shows, by hand. */
export const networkCommands = (at: CommandTarget): Commands => ({
  kubectl: kubectl(at, 'get', 'services,endpointslices,ingresses,networkpolicies'),
  rest: rest('GET', `${appPath(at)}/network`),
});

/** Field by field where kubectl has a word for it, else the YAML of the plan. */
export const changeCommands = (
  at: CommandTarget,
  { before, after, patch }: { before: AppSpec; after: AppSpec; patch: Record<string, unknown> },
  revision: number,
): Commands => {
  const lines = specCommands({ workload: workloadOf(at), app: at.app }, before, after);
  return {
    kubectl: lines
      ? lines.map((words) => kubectl(at, ...words)).join('\n')
      : kubectl(at, 'apply', '--server-side', '--field-manager=fairlead', '-f', 'app.yaml'),
    rest: rest('PATCH', appPath(at), { spec: patch }, revision),
  };
};

/** What a drill does to the app; only Fairlead asks the route meanwhile. An eviction has no word in kubectl but the API's own. */
export const drillCommands = (at: CommandTarget, kind: DrillKind): Commands => ({
  kubectl: drillLine(at, kind),
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

function drillLine(at: CommandTarget, kind: DrillKind): string {
  if (kind === 'rollout') return kubectl(at, 'rollout', 'restart', workloadOf(at));
  if (kind === 'kill-pod') return kubectl(at, 'delete', 'pod', 'POD');
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'POD', namespace: at.namespace } };
  return [
    '# for each pod of it on the node; 429 is the disruption budget saying: not now',
    `echo '${JSON.stringify(eviction)}' \\\n  | ${kubectl(at, 'create', '--raw', `/api/v1/namespaces/${at.namespace}/pods/POD/eviction`, '-f', '-')}`,
  ].join('\n');
}
