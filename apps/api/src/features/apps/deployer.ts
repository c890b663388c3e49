import { type KubeClient, KubeError, type KubeObject, type Manifest } from '@fairlead/kube';
import type { LeftField } from '@fairlead/shared';
import { type Adopt, asAdopted, mayAdopt, unmarked, wasJustAdopted } from './adoption/adoptable.js';
import { isAway, isNotFound } from './cluster-error.js';
import { withoutLeft } from './conflicts/left.js';
import { getOrNull } from './live-object.js';
import { obstaclesOf } from './plan/obstacles.js';
import { distinct } from './plan/planner.js';
import { annotations, belongsTo, fieldManager, identityOf, titleOf } from './render/identity.js';
import { withLiveSize } from './render/live-size.js';
import { isSecretKeeper } from './render/own-secrets.js';
import type { ResourcePaths } from './resource-paths.js';

/** One step of an app from what was to what shall be. */
export interface Deployment {
  appId: string;
  clusterId: string;
  wanted: readonly Manifest[];
  /** Of the last revision that was applied: the way back. Empty for a new app. */
  previous: readonly Manifest[];
  /** Fields that `wanted` and `previous` leave to others. */
  leftFields: readonly LeftField[];
  previousLeftFields: readonly LeftField[];
  /** Everything that may be there of the app. What is not wanted of it goes. */
  earlier: readonly Manifest[];
  /** Objects that nobody has are taken in; if it fails they are let go, and not removed. */
  adopt: Adopt;
  /** Of what is not wanted, what does not go: it stays as it is, or loses our marks and is nobody's. */
  parting?: (object: Manifest) => 'stays' | 'let go' | 'goes';
  /** By `identityOf`: wanted, and not this caller's to apply; what lives of it stays as it is. */
  left: ReadonlySet<string>;
}

/** The cluster said no in the middle; what had been done was taken back, or `leftover` says what could not be. */
export class ApplyFailed extends Error {
  override readonly name = 'ApplyFailed';

  constructor(
    readonly object: string,
    readonly reason: string,
    readonly leftover: string | null,
    options?: ErrorOptions,
  ) {
    super(`${object}: ${reason}${leftover ? ` (${leftover})` : ''}`, options);
  }
}

/**
 * Server-side apply in dependency order as the identity of `client`, then the removal of what is no longer wanted. All or nothing as far as Kubernetes
 * allows: at the first refusal the touched objects go back to the previous revision, and new ones are removed. Running it twice changes nothing.
 *
 * Throws ApplyFailed for a refusal. When nobody answers, or the signal is aborted, it throws that and takes nothing back: run it again later.
 */
export async function deploy(client: KubeClient, paths: ResourcePaths, deployment: Deployment, signal: AbortSignal): Promise<void> {
  const touched: Manifest[] = [];
  let current: Manifest | undefined;
  try {
    const mine = deployment.wanted.filter((object) => !deployment.left.has(identityOf(object)));
    // Read at the same time, written one after the other.
    const found = await Promise.all(
      mine.map(async (object) => {
        const path = await paths.of(client, deployment.clusterId, object);
        return { path, live: await getOrNull(client, path, signal) };
      }),
    );
    for (const [i, object] of mine.entries()) {
      const { path = '', live = null } = found[i] ?? {};
      current = object;
      touched.push(object);
      await applyOne(client, path, object, live, deployment, signal);
    }
    for (const object of unwanted(deployment).reverse()) {
      current = object;
      touched.push(object);
      await removeOne(client, await paths.of(client, deployment.clusterId, object), deployment.appId, signal);
    }
    for (const object of letGo(deployment)) {
      current = object;
      await letGoOne(client, await paths.of(client, deployment.clusterId, object), deployment.appId, signal);
    }
  } catch (error) {
    if (signal.aborted || isAway(error)) throw error;
    const leftover = await undo(client, paths, deployment, touched, signal);
    const title = current ? titleOf(current) : 'the app';
    throw new ApplyFailed(title, reasonOf(title, error), leftover, { cause: error });
  }
}

/** Objects of the app that are still there, by title; what is going away counts as there. */
export async function stillThere(client: KubeClient, paths: ResourcePaths, deployment: Deployment, signal: AbortSignal): Promise<string[]> {
  const found = await Promise.all(
    unwanted(deployment).map(async (object) => {
      const live = await getOrNull(client, await paths.of(client, deployment.clusterId, object), signal);
      return live && belongsTo(live, deployment.appId) ? [titleOf(object)] : [];
    }),
  );
  return found.flat();
}

function unwanted({ wanted, earlier, parting = goes }: Deployment): Manifest[] {
  const kept = new Set(wanted.map(identityOf));
  return distinct(earlier).filter(
    (object) => !kept.has(identityOf(object)) && !staysForAWhile(object, wanted) && parting(object) === 'goes',
  );
}

const letGo = ({ earlier, parting = goes }: Deployment): Manifest[] => distinct(earlier).filter((object) => parting(object) === 'let go');
const goes = () => 'goes' as const;

/** Versioned configuration outlives its revision by one (`old-versions.ts`), unless the app goes. */
const staysForAWhile = (object: Manifest, wanted: readonly Manifest[]): boolean =>
  wanted.length > 0 && object.metadata.annotations?.[annotations.versioned] === 'true';

async function applyOne(
  client: KubeClient,
  path: string,
  object: Manifest,
  live: KubeObject | null,
  { appId, wanted, leftFields, adopt }: Pick<Deployment, 'appId' | 'wanted' | 'leftFields' | 'adopt'>,
  signal: AbortSignal,
): Promise<void> {
  const taken = live !== null && !belongsTo(live, appId);
  if (taken && !mayAdopt(adopt, live, object.kind)) throw new NotOurs();
  // Our own objects' fields are ours; a new object takes nothing from anybody, should it have come to be meanwhile.
  const sent = withoutLeft(withLiveSize(taken ? asAdopted(object) : object, live, wanted), live, leftFields);
  await client.apply(path, sent, { fieldManager, force: live !== null, fieldValidation: 'Strict', signal });
}

async function removeOne(client: KubeClient, path: string, appId: string, signal?: AbortSignal): Promise<void> {
  const live = await getOrNull(client, path, signal);
  if (!live || !belongsTo(live, appId) || live.metadata.deletionTimestamp) return;
  if (wasJustAdopted(live)) {
    await client.patch(path, unmarked, 'merge', { fieldManager, signal });
    return;
  }
  const { uid } = live.metadata;
  try {
    await client.remove(path, { propagationPolicy: 'Background', ...(uid ? { preconditions: { uid } } : {}), signal });
  } catch (error) {
    // Gone meanwhile, or replaced by an object that is not ours.
    if (!isNotFound(error) && !(error instanceof KubeError && error.code === 409)) throw error;
  }
}

async function letGoOne(client: KubeClient, path: string, appId: string, signal: AbortSignal): Promise<void> {
  const live = await getOrNull(client, path, signal);
  if (live && belongsTo(live, appId)) await client.patch(path, unmarked, 'merge', { fieldManager, signal });
}

async function undo(
  client: KubeClient,
  paths: ResourcePaths,
  deployment: Deployment,
  touched: readonly Manifest[],
  signal: AbortSignal,
): Promise<string | null> {
  const previous = new Map(deployment.previous.map((object) => [identityOf(object), object]));
  const failed: string[] = [];
  for (const object of [...touched].reverse()) {
    try {
      const before = previous.get(identityOf(object));
      const path = await paths.of(client, deployment.clusterId, before ?? object);
      if (before) {
        const context = { appId: deployment.appId, wanted: deployment.previous, leftFields: deployment.previousLeftFields, adopt: false };
        await applyOne(client, path, before, await getOrNull(client, path, signal), context, signal);
      }
      // Earlier revisions may name it; what none names goes after the next change.
      else if (!(isSecretKeeper(object) && deployment.previous.length > 0)) await removeOne(client, path, deployment.appId, signal);
    } catch (error) {
      if (!(error instanceof NotOurs)) failed.push(titleOf(object));
    }
  }
  return failed.length > 0 ? `could not be put back: ${failed.join(', ')}` : null;
}

class NotOurs extends Error {}

function reasonOf(title: string, error: unknown): string {
  if (error instanceof NotOurs) return 'there is already one that this app did not make';
  if (!(error instanceof KubeError)) return error instanceof Error ? error.message : 'failed';
  return obstaclesOf(title, error)
    .map((each) => (each.field ? `${each.field}: ${each.reason}` : each.reason))
    .join('; ');
}
