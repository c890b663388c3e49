import { type KubeClient, KubeError, type Manifest, resourcePath } from '@fairlead/kube';
import type { AppSpec, Change, Obstacle } from '@fairlead/shared';
import type { Clock } from '../../../platform/clock.js';
import { getOrNull } from '../live-object.js';
import { isVerdict, obstaclesOf } from '../plan/obstacles.js';
import { type AppIdentity, annotations, belongsTo, fieldManager, stamped } from '../render/identity.js';
import { frameOf } from '../render/image-app.js';
import { secretKeeper, secretNameOf, valueKey } from '../render/own-secrets.js';
import { type FreshSecret, ownSecretsOf } from './given-secrets.js';
import { withoutValue } from './without-value.js';

/** The collector takes the Secret of a keeper that went within seconds; a name may be wanted again meanwhile. */
const collectedWithinMs = 8_000;
const lookAgainMs = 250;

/**
 * What the cluster would say to the secrets of a spec, by dry run as the caller: to make those with a value, and whether the others are still there
 * (a dry run of making one says whether its name is taken; nothing is read). One that only an older revision used may have gone.
 */
export async function inspectSecrets(
  client: KubeClient,
  app: AppIdentity,
  { spec, standing, fresh }: { spec: AppSpec; standing: AppSpec | null; fresh: readonly FreshSecret[] },
): Promise<{ changes: Change[]; obstacles: Obstacle[] }> {
  const stood = new Map(ownSecretsOf(standing).map((each) => [each.name, each.hash]));
  const judged = await Promise.all(
    ownSecretsOf(spec).map(async (secret) => {
      const given = fresh.find(({ name }) => name === secret.name);
      const title = `Secret/${secretNameOf(app.name, secret)}`;
      const stands = stood.get(secret.name) === secret.hash;
      const made = await tryToMake(client, app, secret, given?.value ?? '', title);
      const missing = made === 'new' && !given;
      const obstacle: Obstacle | null = missing
        ? {
            object: title,
            field: null,
            reason: `the value of ${secret.name} is no longer in the cluster: give it again`,
            severity: stands ? 'warns' : 'blocks',
          }
        : null;
      const word = stood.has(secret.name) ? `secret ${secret.name} changed` : `secret ${secret.name} added`;
      const change: Change = {
        object: title,
        action: given && made === 'new' ? 'create' : 'none',
        words: stands ? [] : [word],
        before: null,
        after: null,
      };
      if (typeof made === 'string') return { change, obstacles: obstacle ? [obstacle] : [] };
      // A quota that is full refuses even the name that is there.
      return { change, obstacles: given && !stands ? made : [] };
    }),
  );
  return { changes: judged.map(({ change }) => change), obstacles: judged.flatMap(({ obstacles }) => obstacles) };
}

/**
 * Makes the Secrets of the values that were given, as the caller. Before the revision that names them: whoever carries that one on has no values.
 * Running it twice changes nothing. @throws KubeError without a word of the values
 */
export async function writeSecrets(
  client: KubeClient,
  app: AppIdentity,
  fresh: readonly FreshSecret[],
  clock: Clock,
  isDeleted: (appId: string) => Promise<boolean>,
): Promise<void> {
  for (const secret of fresh) {
    const keeper = await makeKeeper(client, app, secret, isDeleted);
    const until = clock.monotonicMs() + collectedWithinMs;
    for (;;) {
      const made = await make(client, app, secret, { keeperUid: keeper.uid, dryRun: false });
      if (made === 'new' || !keeper.isNew) break;
      // Of a keeper that has gone: the collector is on its way.
      if (clock.monotonicMs() > until) {
        await removeKeepers(client, app, [secretNameOf(app.name, secret)]);
        throw new SecretInTheWay(secret.name, secretNameOf(app.name, secret));
      }
      await clock.sleep(lookAgainMs);
    }
  }
}

export class SecretInTheWay extends Error {
  constructor(
    readonly secret: string,
    readonly object: string,
  ) {
    super(`there is already a Secret ${object} that this app did not make`);
  }
}

/** Removes the keepers of an app by their names, and no ConfigMap that is not its own; the Secrets go with them. */
export async function removeKeepers(
  client: KubeClient,
  app: Pick<AppIdentity, 'id' | 'namespace'>,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const path = configMap(app.namespace, name);
    const live = await getOrNull(client, path);
    if (live && belongsTo(live, app.id)) await client.remove(path, { propagationPolicy: 'Background' });
  }
}

async function makeKeeper(
  client: KubeClient,
  app: AppIdentity,
  secret: FreshSecret,
  isDeleted: (appId: string) => Promise<boolean>,
): Promise<{ uid: string; isNew: boolean }> {
  const keeper = stamped(secretKeeper(frameOf(app.name), { ...secret, env: true }), app);
  const path = configMap(app.namespace, keeper.metadata.name);
  for (let attempt = 0; ; attempt++) {
    try {
      const made = await client.create(configMap(app.namespace), keeper, { fieldManager });
      return { uid: made.metadata.uid ?? '', isNew: true };
    } catch (error) {
      if (!(error instanceof KubeError && error.reason === 'AlreadyExists')) throw error;
    }
    const live = await client.get(path);
    if (belongsTo(live, app.id)) return { uid: live.metadata.uid ?? '', isNew: false };
    // An app that was deleted a moment ago left it for its undo; the name is somebody else's now.
    const owner = live.metadata.annotations?.[annotations.appId];
    if (attempt > 2 || !owner || !(await isDeleted(owner))) throw new SecretInTheWay(secret.name, keeper.metadata.name);
    await client.remove(path, { propagationPolicy: 'Background' });
  }
}

async function tryToMake(
  client: KubeClient,
  app: AppIdentity,
  secret: { name: string; hash?: string | undefined },
  value: string,
  title: string,
): Promise<'new' | 'there' | Obstacle[]> {
  try {
    return await make(client, app, { ...secret, value }, { keeperUid: null, dryRun: true });
  } catch (error) {
    if (!isVerdict(error)) throw error;
    return obstaclesOf(title, error);
  }
}

async function make(
  client: KubeClient,
  app: AppIdentity,
  secret: { name: string; hash?: string | undefined; value: string },
  { keeperUid, dryRun }: { keeperUid: string | null; dryRun: boolean },
): Promise<'new' | 'there'> {
  const name = secretNameOf(app.name, secret);
  const frame = frameOf(app.name);
  const owner = keeperUid && { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid: keeperUid }] };
  const object: Manifest = stamped(
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { ...frame.meta, name, annotations: { [annotations.keepsSecret]: secret.name }, ...owner },
      immutable: true,
      type: 'Opaque',
      data: { [valueKey]: Buffer.from(secret.value, 'utf8').toString('base64') },
    },
    app,
  );
  try {
    await client.createUnread(resourcePath({ group: '', version: 'v1', resource: 'secrets', namespace: app.namespace }), object, {
      fieldManager,
      dryRun,
    });
    return 'new';
  } catch (error) {
    if (error instanceof KubeError && error.reason === 'AlreadyExists') return 'there';
    throw error instanceof KubeError ? withoutValue(error, secret.value) : error;
  }
}

const configMap = (namespace: string, name?: string): string =>
  resourcePath({ group: '', version: 'v1', resource: 'configmaps', namespace, ...(name && { name }) });
