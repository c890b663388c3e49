import { createHash } from 'node:crypto';
import type { KubeClient, Manifest } from '@fairlead/kube';
import type { Change, FieldConflict, Keeper, LeftField, Obstacle } from '@fairlead/shared';
import { canonicalJson } from '../../audit/index.js';
import { stillLeft } from '../conflicts/left.js';
import { keepersOf } from '../hold/keepers.js';
import { identityOf } from '../render/identity.js';
import type { ResourcePaths } from '../resource-paths.js';
import type { Draft, Judged } from './draft.js';
import { judge, judgeLeaving } from './judge.js';
import { hasPods, judgePod, quotaTrouble } from './judge-pods.js';
import { ownFaults } from './own-faults.js';
import { missingReferences } from './references.js';
import { missingClass, type Routes, takenHosts } from './route-faults.js';
import { shown } from './shown.js';

export interface Inspection {
  changes: Change[];
  obstacles: Obstacle[];
  conflicts: FieldConflict[];
  /** What of `left` would stand on. */
  left: LeftField[];
  keepers: Keeper[];
  hash: string;
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

/** One of each object, the last one given. */
export function distinct(objects: readonly Manifest[]): Manifest[] {
  return [...new Map(objects.map((object) => [identityOf(object), object])).values()];
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
