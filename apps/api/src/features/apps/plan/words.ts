import { isRecord, type KubeObject } from '@fairlead/kube';
import type { AppSpec } from '@fairlead/shared';
import { changedPolicyWords } from '../network/policy-words.js';

const maxWords = 20;

/** What differs between two objects as a person would say it: "3 → 5 replicas". Both are as `shown`. Empty when nothing differs. */
export function wordsOf(before: KubeObject, after: KubeObject): string[] {
  const found: string[] = before.kind === 'NetworkPolicy' && after.kind === 'NetworkPolicy' ? changedPolicyWords(before, after) : [];
  if (found.length === 0) differences(before, after, [], (path, old, next) => found.push(say(path, old, next)));
  const distinct = [...new Set(found)];
  return distinct.length > maxWords ? [...distinct.slice(0, maxWords), `and ${distinct.length - maxWords} more`] : distinct;
}

/** One line for a revision: what its spec changes. */
export function summaryOf(before: AppSpec | null, after: AppSpec): string {
  if (!before) return after.kind === 'image' ? `${after.image}, ${replicaWord(after.replicas)}` : 'from manifests';
  if (before.kind !== after.kind)
    return after.kind === 'image' ? `from manifests to the image ${after.image}` : 'from an image to manifests';
  const found: string[] = [];
  differences({ ...before, kind: undefined }, { ...after, kind: undefined }, [], (path, old, next) => {
    found.push(path[0] === 'yaml' ? 'manifests edited' : say(path, old, next));
  });
  const told = [...new Set(found)];
  if (told.length === 0) return 'nothing changed';
  return told.length > 4 ? `${told.slice(0, 4).join(', ')} and ${told.length - 4} more` : told.join(', ');
}

export const replicaWord = (count: number): string => (count === 1 ? '1 replica' : `${count} replicas`);

type Path = readonly string[];
type Tell = (path: Path, before: unknown, after: unknown) => void;

function differences(before: unknown, after: unknown, path: Path, tell: Tell): void {
  if (same(before, after)) return;
  if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) differences(before[key], after[key], [...path, key], tell);
  } else if (isList(before ?? []) && isList(after ?? []) && (before !== undefined || after !== undefined) && named(before, after)) {
    const [old, next] = [byName(before), byName(after)];
    for (const name of new Set([...old.keys(), ...next.keys()])) differences(old.get(name), next.get(name), [...path, `[${name}]`], tell);
  } else if (isList(before) && isList(after) && before.length === after.length && before.every(isRecord) && after.every(isRecord)) {
    for (const [i, each] of before.entries()) differences(each, after[i], [...path, `[${i}]`], tell);
  } else tell(path, before, after);
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
const nameOf = (value: unknown): string | undefined =>
  isRecord(value) ? [value.name, value.containerPort, value.port].filter((each) => each !== undefined).map(String)[0] : undefined;

function named(before: unknown, after: unknown): boolean {
  const all = [...(isList(before) ? before : []), ...(isList(after) ? after : [])];
  return all.length > 0 && all.every((each) => nameOf(each) !== undefined);
}

const byName = (list: unknown): Map<string, unknown> => new Map((isList(list) ? list : []).map((each) => [nameOf(each) ?? '', each]));

function say(path: Path, before: unknown, after: unknown): string {
  const last = path.at(-1) ?? '';
  if (path[0] === 'network') return `network rules ${path.length > 1 ? 'changed' : change(before, after)}`;
  const where = path.join('.');
  if (last === 'replicas' && isCount(before ?? 1) && isCount(after)) return `${before ?? 1} → ${replicaWord(after)}`;
  if (last === 'image' && typeof after === 'string')
    return before === undefined ? `image ${after}` : `image ${text(before)} → ${text(after)}`;
  if (where === 'asleep') return after ? 'asleep' : 'awake';
  if (where === 'suspended' || where === 'schedule.suspended') return after ? 'suspended' : 'resumed';
  const env = envName(path);
  if (env) {
    // Values of the environment may be secrets: a name is enough to recognise the change.
    if (before === undefined) return `env +${env}`;
    if (after === undefined) return `env −${env}`;
    return `env ${env} changed`;
  }
  const secret = path[0] === 'ownSecrets' ? /^\[(.*)\]$/.exec(path[1] ?? '')?.[1] : undefined;
  if (secret)
    return before === undefined && path.length === 2
      ? `secret +${secret}`
      : after === undefined && path.length === 2
        ? `secret −${secret}`
        : `secret ${secret} changed`;
  if (last === 'autoscaling' && isRecord(after)) return `autoscaling ${scalingWords(after)}`;
  if (last === 'host') return arrow('host', before, after);
  if (last === 'port' || last === 'containerPort') return arrow('port', before, after);
  if (where.endsWith('metadata.labels') || /metadata\.(labels|annotations)\./.test(where))
    return arrow(where.replace(/^.*metadata\./, ''), before, after);
  if (path[0] === 'data' || path[0] === 'stringData' || path[0] === 'binaryData') return `${last} ${change(before, after)}`;
  const short = where
    .replace(/^spec\.template\.spec\./, '')
    .replace(/^spec\./, '')
    .replaceAll('.[', '[');
  return arrow(short, before, after);
}

/** "2 to 6, at 60 % of the CPU asked" */
function scalingWords({ minReplicas, maxReplicas, cpuPercent, memoryPercent }: Record<string, unknown>): string {
  const targets = [
    cpuPercent === undefined ? [] : `${cpuPercent} % of the CPU`,
    memoryPercent === undefined ? [] : `${memoryPercent} % of the memory`,
  ];
  return `${minReplicas} to ${maxReplicas}, at ${targets.flat().join(' and ')} asked`;
}

function envName(path: Path): string | undefined {
  const at = path.lastIndexOf('env');
  return at < 0 ? undefined : /^\[(.*)\]$/.exec(path[at + 1] ?? '')?.[1];
}

function arrow(name: string, before: unknown, after: unknown): string {
  if (before === undefined) return `${name}: ${text(after)}`;
  if (after === undefined) return `${name} removed`;
  const [old, next] = [text(before), text(after)];
  return old === next ? `${name} changed` : `${name} ${old} → ${next}`;
}

const change = (before: unknown, after: unknown): string => (before === undefined ? 'added' : after === undefined ? 'removed' : 'changed');
const isCount = (value: unknown): value is number => typeof value === 'number';

function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value).slice(0, 200);
  const json = JSON.stringify(value) ?? '';
  return json.length > 60 ? '(changed)' : json;
}

/** Equal as JSON, whatever the order of keys. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (isList(a) && isList(b)) return a.length === b.length && a.every((each, i) => same(each, b[i]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same(a[key], b[key]));
}
