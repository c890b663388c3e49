import { createHash } from 'node:crypto';
import { isRecord, type KubeClient, type KubeObject, type Manifest, resourcePath } from '@fairlead/kube';
import type { Change, ConflictChoice, FieldConflict, Keeper, LeftField, Obstacle } from '@fairlead/shared';
import { canonicalJson } from '../../audit/index.js';
import { type Adopt, adoptedWords, keeperOf, mayAdopt } from '../adoption/adoptable.js';
import { conflictsOf, isFieldConflict } from '../conflicts/conflicts.js';
import { without } from '../conflicts/field-path.js';
import { stillLeft, withoutLeft } from '../conflicts/left.js';
import { keepersOf } from '../hold/keepers.js';
import { getOrNull } from '../live-object.js';
import { isNetworkPolicy } from '../network/admins-part.js';
import type { PolicyShare } from '../network/network-guard.js';
import { belongsTo, fieldManager, identityOf, titleOf } from '../render/identity.js';
import { isWorkload } from '../render/kinds.js';
import { withLiveSize } from '../render/live-size.js';
import { podSpecPath } from '../render/manifest-app.js';
import type { ResourcePaths } from '../resource-paths.js';
import { newWords } from './new-words.js';
import { isRbacRefusal, isVerdict, obstaclesOf } from './obstacles.js';
import { ownFaults } from './own-faults.js';
import { quotaObstacles, type Sized, withDefaultsOf } from './quotas.js';
import { missingReferences } from './references.js';
import { scheduleWords } from './schedule-words.js';
import { shown, toYaml } from './shown.js';
import { wordsOf } from './words.js';

/** What is to be: the objects wanted, and those of earlier revisions, of which some may have to go. */
export interface Draft {
  appId: string;
  clusterId: string;
  wanted: readonly Manifest[];
  earlier: readonly Manifest[];
  /** Objects that nobody has may be taken in. */
  adopt: Adopt;
  /** What of it is the project admin's. */
  network: PolicyShare;
  /** By title: what else the pods will find there. */
  brought?: ReadonlySet<string>;
  /** Fields that the app leaves to others already. */
  left: readonly LeftField[];
  /** What was decided of fields that somebody else has set. */
  choices: readonly ConflictChoice[];
  now: Date;
}

export interface Inspection {
  changes: Change[];
  obstacles: Obstacle[];
  conflicts: FieldConflict[];
  /** What of `left` would stand on. */
  left: LeftField[];
  keepers: Keeper[];
  hash: string;
}

/** What the cluster has of routes; `classes` is null where that could not be seen. */
export interface Routes {
  usedHosts: (host: string) => string | null;
  classes: readonly { name: string; isDefault: boolean }[] | null;
}

interface Judged {
  object: Manifest;
  /** As the server would store it. */
  after: KubeObject | null;
  change: Change;
  obstacles: Obstacle[];
  conflicts?: FieldConflict[];
  before: KubeObject | null;
}

/**
 * What applying a draft would do, by server-side dry run as the caller of `client`; nothing is stored. Objects are asked at the same time.
 * Throws only what is not the cluster's word about an object (ClusterUnreachable, AppError).
 */
export async function inspect(client: KubeClient, paths: ResourcePaths, given: Draft, routes: Routes): Promise<Inspection> {
  const draft = { ...given, left: stillLeft(given.left, given.wanted, given.choices) };
  const kept = new Set(draft.wanted.map(identityOf));
  const namespace = draft.wanted[0]?.metadata.namespace ?? '';
  const [wanted, leaving, podsOf, missing] = await Promise.all([
    Promise.all(draft.wanted.map((object) => judge(client, paths, draft, object))),
    Promise.all(
      distinct(draft.earlier.filter((each) => !kept.has(identityOf(each)))).map((object) => judgeLeaving(client, paths, draft, object)),
    ),
    Promise.all(draft.wanted.map((object) => (hasPods(object) ? judgePod(client, paths, draft, object) : null))),
    missingReferences(client, namespace, draft.wanted, draft.brought),
  ]);
  const all = [...wanted, ...leaving.filter((each) => each !== null)];
  const pods = wanted.flatMap((judged, i) => {
    const pod = podsOf[i];
    return pod ? [{ judged, ...pod }] : [];
  });
  const quotas = await quotaTrouble(client, namespace, pods);
  const hosts = draft.wanted.flatMap((object) => takenHosts(object, routes.usedHosts));
  const classes = draft.wanted.flatMap((object) => missingClass(object, routes.classes));
  const conflicts = all.flatMap((each) => each.conflicts ?? []);
  return {
    changes: all.map((each) => each.change),
    obstacles: dedupe([
      ...ownFaults(draft.wanted),
      ...all.flatMap((each) => each.obstacles),
      ...pods.flatMap((each) => each.obstacles),
      ...quotas,
      ...hosts,
      ...classes,
      ...missing,
    ]),
    conflicts,
    left: draft.left,
    keepers: keepersOf(all.flatMap(({ before }) => before ?? [])),
    hash: hashOf(draft, all, conflicts),
  };
}

const hasPods = ({ kind }: Manifest): boolean => isWorkload(kind) && kind !== 'Pod';

/** One of each object, the last one given. */
export function distinct(objects: readonly Manifest[]): Manifest[] {
  return [...new Map(objects.map((object) => [identityOf(object), object])).values()];
}

async function judge(client: KubeClient, paths: ResourcePaths, draft: Draft, object: Manifest): Promise<Judged> {
  const title = titleOf(object);
  const path = await paths.of(client, draft.clusterId, object);
  try {
    const before = await getOrNull(client, path);
    const taken = before !== null && !belongsTo(before, draft.appId);
    if (taken && !mayAdopt(draft.adopt, before, object.kind)) return foreign(object, before);
    const theirs = notTheCallers(draft, object, before);
    if (theirs) return theirs;
    const sent = withLiveSize(object, before, draft.wanted);
    const { after, conflicts } =
      taken || !before ? await dryRun(client, path, sent, taken) : await dryRunOver(client, path, sent, before, draft);
    const [old, next] = [before ? shown(before) : null, shown(after)];
    const words = taken ? adoptedWords(before, after) : old ? wordsOf(old, next) : newWords(next);
    if (object.kind === 'CronJob' && (!old || words.length > 0)) words.push(...scheduleWords(next, draft.now));
    const action = !old ? 'create' : words.length > 0 ? 'change' : 'none';
    const keeper = taken ? keeperOf(before) : null;
    const obstacles: Obstacle[] = keeper
      ? [{ object: title, field: null, reason: `${keeper} keeps it too, and would put back what is changed here`, severity: 'warns' }]
      : [];
    return {
      object,
      after,
      change: { object: title, action, words, before: old && toYaml(old), after: toYaml(next) },
      obstacles,
      conflicts,
      before,
    };
  } catch (error) {
    if (!isVerdict(error)) throw error;
    return {
      object,
      after: null,
      change: { object: title, action: 'change', words: [], before: null, after: toYaml(shown(object)) },
      obstacles: obstaclesOf(title, error),
      before: null,
    };
  }
}

/** A network policy that this caller leaves alone, or may not touch: it is shown and not asked for. null for everything else. */
function notTheCallers({ network }: Draft, object: Manifest, before: KubeObject | null, action?: 'delete'): Judged | null {
  if (!isNetworkPolicy(object)) return null;
  const left = network.left.has(identityOf(object));
  if (!left && network.refusal === null) return null;
  const title = titleOf(object);
  const old = before && shown(before);
  const will = left ? 'none' : (action ?? (before ? 'change' : 'create'));
  return {
    object,
    after: null,
    change: {
      object: title,
      action: will,
      words: [],
      before: old && toYaml(old),
      after: will === 'delete' ? null : toYaml(shown(left ? (before ?? object) : object)),
    },
    obstacles: left ? [] : [{ object: title, field: null, reason: network.refusal ?? '', severity: 'blocks' }],
    before: old,
  };
}

interface Tried {
  after: KubeObject;
  conflicts: FieldConflict[];
}

async function dryRun(client: KubeClient, path: string, sent: Manifest, force: boolean): Promise<Tried> {
  const after = await client.apply(path, sent, { fieldManager, dryRun: true, force, fieldValidation: 'Strict' });
  return { after, conflicts: [] };
}

/** Over an object of ours: first without force, so that the cluster names what others have set; then as those conflicts are decided, or as if all were taken over. */
async function dryRunOver(client: KubeClient, path: string, object: Manifest, live: KubeObject, { left, choices }: Draft): Promise<Tried> {
  const sent = withoutLeft(object, live, left);
  try {
    return await dryRun(client, path, sent, false);
  } catch (error) {
    if (!isFieldConflict(error)) throw error;
    const conflicts = conflictsOf(sent, live, error, choices);
    const leaving = new Set(conflicts.filter(({ choice }) => choice === 'leave').map(({ field }) => field));
    const { after } = await dryRun(client, path, without(sent, leaving), true);
    return { after, conflicts };
  }
}

function foreign(object: Manifest, before: KubeObject): Judged {
  const title = titleOf(object);
  const owner = keeperOf(before);
  const reason = `there is already a ${object.kind} called ${object.metadata.name} that this app did not make${owner ? ` (of ${owner})` : ''}`;
  const old = shown(before);
  return {
    object,
    after: null,
    change: { object: title, action: 'none', words: [], before: toYaml(old), after: null },
    obstacles: [{ object: title, field: 'metadata.name', reason, severity: 'blocks' }],
    before: old,
  };
}

async function judgeLeaving(client: KubeClient, paths: ResourcePaths, draft: Draft, object: Manifest): Promise<Judged | null> {
  const title = titleOf(object);
  const path = await paths.of(client, draft.clusterId, object);
  try {
    const before = await getOrNull(client, path);
    if (!before || !belongsTo(before, draft.appId)) return null;
    const theirs = notTheCallers(draft, object, before, 'delete');
    if (theirs) return theirs;
    await client.remove(path, { dryRun: true, propagationPolicy: 'Background' });
    const old = shown(before);
    return {
      object,
      after: null,
      change: { object: title, action: 'delete', words: [`${title} is removed`], before: toYaml(old), after: null },
      obstacles: [],
      before: old,
    };
  } catch (error) {
    if (!isVerdict(error)) throw error;
    return {
      object,
      after: null,
      change: { object: title, action: 'delete', words: [], before: null, after: null },
      obstacles: obstaclesOf(title, error),
      before: null,
    };
  }
}

/**
 * A dry run of a workload meets neither quota nor Pod Security; its pod does. Callers whose role may not make pods by themselves learn
 * nothing here, and no obstacle is made of it.
 */
async function judgePod(
  client: KubeClient,
  paths: ResourcePaths,
  draft: Draft,
  workload: Manifest,
): Promise<{ obstacles: Obstacle[]; pod: KubeObject | null }> {
  const pod = podOf(workload);
  if (!pod) return { obstacles: [], pod: null };
  try {
    const made = await client.create(await paths.of(client, draft.clusterId, pod, 'collection'), pod, { dryRun: true, fieldManager });
    return { obstacles: [], pod: made };
  } catch (error) {
    if (!isVerdict(error) || isRbacRefusal(error)) return { obstacles: [], pod: null };
    // A refusal that the workload gets as well is named there.
    return { obstacles: error.reason === 'Forbidden' ? obstaclesOf(titleOf(workload), error) : [], pod: null };
  }
}

/** Quotas see pods one by one; here all that shall be are counted, with what defaults a limit range gives them. */
async function quotaTrouble(
  client: KubeClient,
  namespace: string,
  pods: readonly { judged: Judged; obstacles: readonly Obstacle[]; pod: KubeObject | null }[],
): Promise<Obstacle[]> {
  const counted = pods.flatMap(({ judged, pod }) => (pod && judged.object.kind === 'Deployment' ? [sizedOf(judged, pod)] : []));
  if (counted.length === 0) return [];
  const path = resourcePath({ group: '', version: 'v1', resource: 'resourcequotas', namespace });
  const { items } = await client.list(path).catch((error: unknown) => {
    if (isVerdict(error)) return { items: [] };
    throw error;
  });
  return quotaObstacles(items, counted);
}

function sizedOf({ object, before, after }: Judged, pod: KubeObject): Sized {
  const next = after ? podOf({ ...after, apiVersion: object.apiVersion, kind: object.kind }) : null;
  const old = before && podOf({ ...before, apiVersion: object.apiVersion, kind: object.kind });
  const replicas = sizeOf(after ?? object);
  const live = before && old ? { replicas: sizeOf(before), pod: withDefaultsOf(old, pod, next) } : null;
  const rolls = live !== null && JSON.stringify(next?.spec) !== JSON.stringify(old?.spec);
  return { title: titleOf(object), wanted: { replicas, pod }, live, surge: rolls ? Math.ceil(replicas / 4) : 0 };
}

const sizeOf = ({ spec }: KubeObject): number => (isRecord(spec) && typeof spec.replicas === 'number' ? spec.replicas : 1);

/** Without a class nobody serves the route: neither is one named that is there, nor is one the default. */
function missingClass(object: Manifest, classes: Routes['classes']): Obstacle[] {
  if (object.kind !== 'Ingress' || !classes) return [];
  const named: unknown = isRecord(object.spec) ? object.spec.ingressClassName : undefined;
  const known = classes.map(({ name }) => name).join(', ') || 'none';
  if (typeof named === 'string' && !classes.some(({ name }) => name === named))
    return [
      {
        object: titleOf(object),
        field: 'spec.ingressClassName',
        reason: `the cluster has no ingress class ${named}; it has: ${known}`,
        severity: 'blocks',
      },
    ];
  if (named === undefined && !classes.some(({ isDefault }) => isDefault))
    return [
      {
        object: titleOf(object),
        field: 'spec.ingressClassName',
        reason: `the cluster has no default ingress class, so perhaps nobody serves the route: name one of ${known}`,
        severity: 'warns',
      },
    ];
  return [];
}

function podOf(workload: Manifest): Manifest | null {
  let at: unknown = workload;
  for (const field of podSpecPath(workload.kind).slice(0, -1)) at = isRecord(at) ? at[field] : undefined;
  if (!isRecord(at) || !isRecord(at.spec)) return null;
  const restartPolicy = workload.kind === 'Job' || workload.kind === 'CronJob' ? {} : { restartPolicy: 'Always' };
  const labels = isRecord(at.metadata) && isRecord(at.metadata.labels) ? (at.metadata.labels as Record<string, string>) : {};
  const { namespace = '' } = workload.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${workload.metadata.name.slice(0, 40)}-plan`, namespace, labels },
    spec: { ...restartPolicy, ...at.spec },
  };
}

function takenHosts(object: Manifest, usedHosts: (host: string) => string | null): Obstacle[] {
  if (object.kind !== 'Ingress' || !isRecord(object.spec) || !Array.isArray(object.spec.rules)) return [];
  return object.spec.rules.flatMap((rule, i) => {
    const host: unknown = isRecord(rule) ? rule.host : undefined;
    const by = typeof host === 'string' ? usedHosts(host) : null;
    return by
      ? [
          {
            object: titleOf(object),
            field: `spec.rules[${i}].host`,
            reason: `the host ${String(host)} is taken by ${by}`,
            severity: 'blocks' as const,
          },
        ]
      : [];
  });
}

/** Names what was shown: the objects wanted, and everything of the old state that a person could have read. */
function hashOf({ wanted, left }: Draft, judged: readonly Judged[], conflicts: readonly FieldConflict[]): string {
  const seen = {
    wanted: wanted.map(shown),
    before: judged.map((each) => [each.change.object, each.before && shown(each.before)]),
    left: left.map(({ object, field }) => [object, field]),
    conflicts: conflicts.map(({ object, field, choice }) => [object, field, choice]),
  };
  return createHash('sha256').update(canonicalJson(seen)).digest('base64url').slice(0, 32);
}

const dedupe = (obstacles: Obstacle[]): Obstacle[] => [
  ...new Map(obstacles.map((each) => [`${each.object} ${each.field} ${each.reason}`, each])).values(),
];
