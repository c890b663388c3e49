import type { KubeClient, KubeObject, Manifest } from '@fairlead/kube';
import type { FieldConflict, Obstacle } from '@fairlead/shared';
import { adoptedWords, keeperOf, mayAdopt } from '../adoption/adoptable.js';
import { conflictsOf, isFieldConflict } from '../conflicts/conflicts.js';
import { without } from '../conflicts/field-path.js';
import { withoutLeft } from '../conflicts/left.js';
import { getOrNull } from '../live-object.js';
import { isNetworkPolicy } from '../network/admins-part.js';
import { belongsTo, fieldManager, identityOf, titleOf } from '../render/identity.js';
import { withLiveSize } from '../render/live-size.js';
import type { ResourcePaths } from '../resource-paths.js';
import type { Draft, Judged } from './draft.js';
import { newWords } from './new-words.js';
import { isVerdict, obstaclesOf } from './obstacles.js';
import { scheduleWords } from './schedule-words.js';
import { shown, toYaml } from './shown.js';
import { wordsOf } from './words.js';

/** What applying an object would do to it. */
export async function judge(client: KubeClient, paths: ResourcePaths, draft: Draft, object: Manifest): Promise<Judged> {
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

/** What becomes of an object that is no longer wanted; null where there is none of ours. */
export async function judgeLeaving(client: KubeClient, paths: ResourcePaths, draft: Draft, object: Manifest): Promise<Judged | null> {
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
