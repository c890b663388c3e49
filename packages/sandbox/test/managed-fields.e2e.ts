import type { KubeObject } from '@fairlead/kube/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FieldContext } from '../src/api/core.js';
import { wholeSchema } from '../src/kinds/apiextensions/whole-schema.js';
import { ApiError } from '../src/machinery/api-error.js';
import { draft, type Stored } from '../src/machinery/object.js';
import { FieldManager } from '../src/patch/field-manager.js';
import { Versions } from '../src/patch/versions.js';
import type { ResourceDefinition } from '../src/registry/definition.js';
import { Schemas } from '../src/schema/schemas.js';
import { kindsToTry, randomConfig, type TriedKind, widgetSchema, widgetsOf } from './support/random-config.js';

import { type RealCluster, realCluster } from './support/real-cluster.js';
import { seededRandom } from './support/seeded-random.js';

const real = realCluster();
const namespace = `fields-${Date.now()}`;
const group = `${namespace}.example.dev`;
const widgets = widgetsOf(group);
const rounds = Number(process.env.FAIRLEAD_FUZZ_ROUNDS ?? 6);
const steps = 12;
const seed = Number(process.env.FAIRLEAD_FUZZ_SEED ?? 1);

/** The same requests to a real API server and to our functions: owners and refusals must be equal after each. */
describe.skipIf(!real)('managedFields as a real API server keeps them', () => {
  const ask = real as RealCluster;
  const schemas = Schemas.builtIn();
  const manager = new FieldManager(new Versions(schemas, () => undefined));
  const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  beforeAll(async () => {
    await ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    const names = { plural: 'widgets', kind: 'Widget' };
    const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: widgetSchema } }];
    const spec = { group, scope: 'Namespaced', names, versions };
    await ask('POST', definitions, { metadata: { name: `widgets.${group}` }, spec });
    schemas.setCustom({ group, version: 'v1', kind: 'Widget' }, wholeSchema(widgetSchema));
    const path = widgets.path.replace('NAMESPACE', namespace);
    while ((await ask('GET', path)).code !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  }, 30_000);
  afterAll(async () => {
    await ask('DELETE', `/api/v1/namespaces/${namespace}`);
    await ask('DELETE', `${definitions}/widgets.${group}`);
  });

  for (const kind of [...kindsToTry, widgets])
    for (let round = 0; round < rounds; round += 1)
      it(`${kind.resource}, round ${round}`, async () => {
        const random = seededRandom(seed * 1000 + round);
        await live(ask, manager, kind, `${kind.resource}-${seed}-${round}`, random);
      }, 60_000);
});

async function live(ask: RealCluster, fields: FieldManager, kind: TriedKind, name: string, random: () => number): Promise<void> {
  const { path, apiVersion } = kind;
  const collection = `${path.replace('NAMESPACE', namespace)}`;
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion];
  const definition = {
    group,
    version,
    kind: kind.kind,
    resource: kind.resource,
    subresources: kind.status ? { status: {} } : {},
    custom: kind.custom,
  } as unknown as ResourceDefinition;
  const trail: string[] = [];
  let before: Stored | undefined;
  for (let step = 0; step < steps; step += 1) {
    const config = randomConfig(kind, name, random);
    const who = ['one', 'two', 'kubectl'][Math.floor(random() * 3)] ?? 'one';
    const force = random() < 0.4;
    const how: FieldContext = { manager: who, now: 0, apiVersion, definition };
    const choice = random();
    const query = `fieldManager=${who}`;
    if (choice < 0.65 || (!before && choice < 0.8)) {
      const { code, body } = await ask('PATCH', `${collection}/${name}?${query}&force=${force}`, config, 'application/apply-patch+yaml');
      trail.push(`apply ${who}${force ? ' forced' : ''} ${JSON.stringify(config)} -> ${code}`);
      if (code === 422) continue;
      let mine: KubeObject;
      try {
        mine = fields.apply(before, draft(config) as KubeObject, { ...how, force });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        expect(inOrder({ ...error.status, code }), trail.join('\n')).toEqual(inOrder({ ...body, code }));
        continue;
      }
      expect(code, `${trail.join('\n')}\n${JSON.stringify(body)}`).toBeLessThan(300);
      expect(timeless(mine), trail.join('\n')).toEqual(timeless(body as unknown as KubeObject));
      expect(contained(mine, body), `${trail.join('\n')}\nhave ${JSON.stringify(mine)}\nreal ${JSON.stringify(body)}`).toEqual([]);
      before = body as unknown as Stored;
      continue;
    }
    const sent = before ? { ...config, metadata: { ...config.metadata, resourceVersion: before.metadata.resourceVersion } } : config;
    const isPut = choice < 0.85;
    const { code, body } = before
      ? await ask(
          isPut ? 'PUT' : 'PATCH',
          `${collection}/${name}?${query}`,
          isPut ? sent : config,
          isPut ? undefined : 'application/merge-patch+json',
        )
      : await ask('POST', `${collection}?${query}`, config);
    trail.push(`${before ? (isPut ? 'put' : 'merge') : 'create'} ${who} ${JSON.stringify(config)} -> ${code}`);
    if (code >= 300) continue;
    const next = draft(body) as unknown as KubeObject;
    if (before) next.metadata.managedFields = before.metadata.managedFields;
    else delete next.metadata.managedFields;
    // The server finds an address after it has noted the writer's fields.
    if (!before && kind.kind === 'Service')
      for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete (next.spec as Record<string, unknown>)[field];
    fields.noteUpdate(before, next, how);
    expect(timeless(next), trail.join('\n')).toEqual(timeless(body as unknown as KubeObject));
    before = body as unknown as Stored;
  }
}

/** A refusal with its causes in one order; the real one's have none. */
function inOrder(refusal: Record<string, unknown>): unknown {
  const details = refusal.details as { causes?: object[] } | undefined;
  const causes = details?.causes?.map((cause) => JSON.stringify(cause)).sort();
  return { ...refusal, ...(details ? { details: { ...details, causes } } : {}) };
}

/** The entries without their times, but for whether there is one; in an order of their own. */
function timeless({ metadata }: KubeObject): unknown {
  const entries = (metadata.managedFields ?? []) as Record<string, unknown>[];
  const key = ({ manager, operation, subresource }: Record<string, unknown>): string => JSON.stringify([manager, operation, subresource]);
  return entries.map(({ time, ...entry }) => ({ ...entry, timed: time !== undefined })).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** What is in `mine` and not in `theirs`; defaults may be in theirs alone. */
function contained(mine: unknown, theirs: unknown, path = ''): string[] {
  if (path.startsWith('.metadata.managedFields') || /^\.metadata\.(resourceVersion|generation|uid)/.test(path)) return [];
  if (typeof mine !== 'object' || mine === null || typeof theirs !== 'object' || theirs === null) {
    return mine === theirs || (mine === null && theirs === undefined)
      ? []
      : [`${path}: ${JSON.stringify(mine)} is ${JSON.stringify(theirs)}`];
  }
  const differences: string[] = [];
  if (Array.isArray(mine) && Array.isArray(theirs) && mine.length !== theirs.length)
    differences.push(`${path}: ${mine.length} is ${theirs.length}`);
  for (const key of Object.keys(mine))
    differences.push(...contained((mine as Record<string, unknown>)[key], (theirs as Record<string, unknown>)[key], `${path}.${key}`));
  return differences;
}
