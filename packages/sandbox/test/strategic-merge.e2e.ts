import { isRecord } from '@fairlead/kube/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '../src/machinery/api-error.js';
import { applyStrategicMergePatch } from '../src/patch/strategic-merge.js';
import { Schemas } from '../src/schema/schemas.js';
import { completed } from '../src/schema/zero.js';
import { kindsToTry, randomConfig } from './support/random-config.js';
import { type RealCluster, realCluster } from './support/real-cluster.js';
import { seededRandom } from './support/seeded-random.js';

const real = realCluster();
const namespace = `strategic-${Date.now()}`;
const rounds = Number(process.env.FAIRLEAD_FUZZ_ROUNDS ?? 6);
const seed = Number(process.env.FAIRLEAD_FUZZ_SEED ?? 1);
const kind = kindsToTry.find(({ resource }) => resource === 'podtemplates');

/** The same strategic merge patches to a real API server and to our function. */
describe.skipIf(!real || !kind)('strategic merge patches as a real API server applies them', () => {
  const ask = real as RealCluster;
  const path = `/api/v1/namespaces/${namespace}/podtemplates`;
  const type = Schemas.builtIn().of({ group: '', version: 'v1', kind: 'PodTemplate' });
  beforeAll(async () => void (await ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } })));
  afterAll(async () => void (await ask('DELETE', `/api/v1/namespaces/${namespace}`)));

  for (let round = 0; round < rounds; round += 1)
    it(`round ${round}`, async () => {
      if (!kind) return;
      const random = seededRandom(seed * 1000 + round);
      const name = `s-${seed}-${round}`;
      let before: Record<string, unknown> | undefined;
      for (let tries = 0; !before && tries < 20; tries += 1) {
        const { code, body } = await ask('POST', path, randomConfig(kind, name, random));
        if (code === 201) before = body;
      }
      for (let step = 0; step < 15; step += 1) {
        const patch = withDirectives(randomConfig(kind, name, random), random) as Record<string, unknown>;
        const { code, body } = await ask('PATCH', `${path}/${name}`, patch, 'application/strategic-merge-patch+json');
        const told = `${JSON.stringify(before)}\n${JSON.stringify(patch)} -> ${code} ${JSON.stringify(body)}`;
        let mine: unknown;
        try {
          mine = completed(type, applyStrategicMergePatch(before, patch, type));
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          expect({ ...error.status, code: error.status.code }, told).toMatchObject({ code, message: body.message });
          continue;
        }
        // What the result lacks is not for the patch to say.
        if (code === 422) continue;
        expect(code, told).toBe(200);
        expect(contained(mine, body), told).toEqual([]);
        before = body;
      }
    }, 60_000);
});

/** Puts directives into a patch by chance. */
function withDirectives(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => withDirectives(item, random));
    if (items.some(isRecord) && random() < 0.05) return [{ $patch: 'replace' }, ...items];
    return items.map((item) => (isRecord(item) && random() < 0.15 ? { ...item, $patch: 'delete' } : item));
  }
  if (!isRecord(value)) return value;
  const made: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    made[key] =
      key !== 'containers' && key !== 'template' && key !== 'name' && key !== 'metadata' && random() < 0.1
        ? null
        : withDirectives(inner, random);
    if (Array.isArray(inner) && random() < 0.3) {
      const field = {
        containers: 'name',
        initContainers: 'name',
        env: 'name',
        ports: 'containerPort',
        volumes: 'name',
        imagePullSecrets: 'name',
      }[key];
      if (field) made[`$setElementOrder/${key}`] = inner.map((item) => ({ [field]: (item as Record<string, unknown>)[field] }));
    }
  }
  return made;
}

function contained(mine: unknown, theirs: unknown, path = ''): string[] {
  if (/^\.metadata\.(managedFields|resourceVersion|generation)/.test(path)) return [];
  if (typeof mine !== 'object' || mine === null || typeof theirs !== 'object' || theirs === null)
    return mine === theirs ? [] : [`${path}: ${JSON.stringify(mine)} is ${JSON.stringify(theirs)}`];
  const found: string[] = [];
  if (Array.isArray(mine) && Array.isArray(theirs) && mine.length !== theirs.length)
    found.push(`${path}: ${mine.length} is ${theirs.length}`);
  for (const key of Object.keys(mine))
    found.push(...contained((mine as Record<string, unknown>)[key], (theirs as Record<string, unknown>)[key], `${path}.${key}`));
  return found;
}
