import { type KubeObject, resourcePath, withQuery } from '@fairlead/kube';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { everythingStored } from './support/everything-stored.js';
import { openShop, type Shop } from './support/shop.js';
import { alphaKubeconfig } from './support/test-cluster.js';

describe.skipIf(!alphaKubeconfig)("an app's own secrets", () => {
  let shop: Shop;
  const logged: string[] = [];
  const answers: string[] = [];
  const api = '/projects/shop/apps';
  const canary = (name: string) => `canary-${name}-51d0c7`;
  beforeAll(async () => {
    shop = await openShop(alphaKubeconfig ?? '', {}, (line) => logged.push(line));
  });
  afterAll(() => shop?.close());

  const keep = <T extends { body: unknown; text?: string }>(answer: T): T => {
    answers.push(answer.text ?? JSON.stringify(answer.body));
    return answer;
  };
  const core = (resource: string, name?: string) =>
    resourcePath({ group: '', version: 'v1', resource, namespace: shop.namespace, ...(name && { name }) });
  const of = async (resource: string, app: string): Promise<KubeObject[]> =>
    (await shop.cluster.admin.list(withQuery(core(resource), { labelSelector: `fairlead.dev/app=${app}` }))).items;
  const valuesOf = async (app: string) =>
    (await of('secrets', app)).map(({ data }) => Buffer.from((data as { value: string }).value, 'base64').toString()).sort();
  const container = async (app: string) => {
    const { spec } = await shop.cluster.admin.get<KubeObject & { spec: { template: { spec: Record<string, unknown> } } }>(
      resourcePath({ group: 'apps', version: 'v1', resource: 'deployments', namespace: shop.namespace, name: app }),
    );
    return spec.template.spec as { containers: { env?: unknown[]; volumeMounts?: unknown[] }[]; volumes?: unknown[] };
  };
  const set = (app: string, body: object) => shop.dev.patch(`${api}/${app}/secrets`, body);

  it('are written as immutable Secrets that the pods read, planned before, and answered by name alone', async () => {
    const body = {
      ...shop.app('web', { image: 'nginx:1.27', ownSecrets: [{ name: 'tls.key', env: false, path: '/etc/web/tls.key' }] }),
      secretValues: { 'tls.key': canary('file'), PASSWORD: canary('first') },
    };
    const plan = keep(await shop.dev.post('/projects/shop/plan', body).expect(200)).body;
    expect(plan.obstacles).toEqual([]);
    expect(plan.changes.filter(({ object }: { object: string }) => object.startsWith('Secret/'))).toEqual([
      {
        object: expect.stringMatching(/^Secret\/web-tls-key-[0-9a-f]{24}$/),
        action: 'create',
        words: ['secret tls.key added'],
        before: null,
        after: null,
      },
      {
        object: expect.stringMatching(/^Secret\/web-password-/),
        action: 'create',
        words: ['secret PASSWORD added'],
        before: null,
        after: null,
      },
    ]);
    expect(await of('secrets', 'web')).toEqual([]);

    const made = keep(await shop.dev.post(api, { ...body, planHash: plan.hash }).expect(202)).body;
    expect(made.revision).toMatchObject({ number: 1, state: 'applied' });
    expect(await valuesOf('web')).toEqual([canary('file'), canary('first')]);
    expect((await of('secrets', 'web')).every(({ immutable }) => immutable === true)).toBe(true);
    const pod = await container('web');
    expect(pod.containers[0]?.env).toEqual([
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: expect.stringMatching(/^web-password-/), key: 'value' } } },
    ]);
    expect(pod.containers[0]?.volumeMounts).toEqual([
      { name: 'own-secrets', mountPath: '/etc/web/tls.key', subPath: 'tls.key', readOnly: true },
    ]);
    const { body: listed } = keep(await shop.dev.get(`${api}/web/secrets`).expect(200));
    expect(listed.items).toEqual([
      {
        name: 'tls.key',
        hash: expect.stringMatching(/^[0-9a-f]{8}$/),
        env: false,
        path: '/etc/web/tls.key',
        setAt: expect.any(String),
        setBy: 'dev',
        revision: 1,
      },
      { name: 'PASSWORD', hash: expect.any(String), env: true, path: null, setAt: expect.any(String), setBy: 'dev', revision: 1 },
    ]);
  });

  it('roll the app by a new name when a value changes, and the same value again changes nothing', async () => {
    const before = await container('web');
    const same = keep(await set('web', { set: [{ name: 'PASSWORD', value: canary('first') }] }).expect(202)).body;
    expect(same.revision.number).toBe(1);
    expect(await container('web')).toEqual(before);

    const changed = keep(
      await set('web', { set: [{ name: 'PASSWORD', value: canary('second') }] })
        .set('if-match', '"1"')
        .expect(202),
    ).body;
    expect(changed.revision).toMatchObject({ number: 2, summary: 'secret PASSWORD changed' });
    expect((await container('web')).containers[0]?.env).not.toEqual(before.containers[0]?.env);
    expect(await valuesOf('web')).toEqual([canary('file'), canary('first'), canary('second')]);
    keep(
      await set('web', { set: [{ name: 'PASSWORD', value: canary('late') }] })
        .set('if-match', '"1"')
        .expect(409),
    );
    const { body } = await shop.dev.get(`${api}/web/secrets`).expect(200);
    expect(body.items.map(({ name, revision }: { name: string; revision: number }) => [name, revision])).toEqual([
      ['tls.key', 1],
      ['PASSWORD', 2],
    ]);
  });

  it('go back with the revision, to the older Secret', async () => {
    const { body: now } = await shop.dev.get(`${api}/web/revisions/1`).expect(200);
    keep(await shop.dev.post(`${api}/web/plan`, { revision: 1 }).expect(200));
    const { body } = keep(await shop.dev.post(`${api}/web/rollback`, { revision: 1 }).expect(202));
    expect(body.app.spec.ownSecrets).toEqual(now.spec.ownSecrets);
    expect(body.revision).toMatchObject({ number: 3, state: 'applied' });
    keep(await shop.dev.post(`${api}/web/undo`, {}).expect(202));
  });

  it('stay as they are in a whole spec that leaves them out, and are set by one that has values', async () => {
    const put = { cluster: 'testbed', namespace: shop.namespace, spec: { image: 'nginx:1.28' } };
    const kept = keep(await shop.dev.put(`${api}/web`, put).expect(202)).body;
    expect(kept.app.spec.ownSecrets).toHaveLength(2);
    const again = keep(
      await shop.dev
        .put(`${api}/web`, { ...put, spec: { ...put.spec, ownSecrets: kept.app.spec.ownSecrets }, secretValues: { ADDED: canary('put') } })
        .expect(202),
    ).body;
    expect(again.revision.summary).toBe('secret +ADDED');
    const repeated = keep(
      await shop.dev
        .put(`${api}/web`, { ...put, spec: { ...put.spec, ownSecrets: kept.app.spec.ownSecrets }, secretValues: { ADDED: canary('put') } })
        .expect(202),
    ).body;
    expect(repeated.revision.number).toBe(again.revision.number);
    const removed = keep(await set('web', { remove: ['ADDED'] }).expect(202)).body;
    expect(removed.revision.summary).toBe('secret −ADDED');
  });

  it('are refused where nothing stands, by name; and to whoever may not change the app', async () => {
    const { body } = keep(await set('web', { set: [{ name: 'NEW' }] }).expect(400));
    expect(body.issues).toEqual([{ path: 'secretValues.NEW', message: 'give a value for NEW: none stands' }]);
    keep(await set('web', { set: [{ name: 'not a name', value: canary('bad-name') }] }).expect(400));
    keep(await set('web', { set: [{ name: 'LONG', value: canary('long').repeat(5000) }] }).expect(400));
    keep(await set('web', { set: [{ name: 'X', value: canary('unknown'), also: canary('also') }] }).expect(400));
    const viewer = await shop.fairlead.person('reader');
    await shop.admin.post('/projects/shop/grants', { principal: 'reader', role: 'viewer' }).expect(201);
    keep(await viewer.patch(`${api}/web/secrets`, { set: [{ name: 'X', value: canary('viewer') }] }).expect(403));
    keep(await viewer.post(`${api}/web/plan`, { spec: {}, secretValues: { PASSWORD: canary('guess') } }).expect(403));
    await viewer.get(`${api}/web/secrets`).expect(200);
  });

  it('block a rollback to a value that has gone from the cluster, and are mended by giving it again', async () => {
    const { body: app } = await shop.dev.get(`${api}/web`).expect(200);
    const changed = (await set('web', { set: [{ name: 'PASSWORD', value: canary('third') }] }).expect(202)).body;
    const old = (await of('secrets', 'web')).find(
      ({ data }) => Buffer.from((data as { value: string }).value, 'base64').toString() === canary('second'),
    );
    await shop.cluster.admin.remove(core('secrets', old?.metadata.name));
    const refused = keep(await shop.dev.post(`${api}/web/rollback`, { revision: app.revision.number }).expect(422)).body;
    expect(refused.message).toContain('the value of PASSWORD is no longer in the cluster: give it again');
    await set('web', { set: [{ name: 'PASSWORD', value: canary('second') }] }).expect(202);
    expect(await valuesOf('web')).toContain(canary('second'));
    expect(changed.revision.state).toBe('applied');
  });

  it('that no revision of late uses are collected by the cluster', { timeout: 90_000 }, async () => {
    for (let i = 0; i < 11; i++) await set('web', { set: [{ name: 'PASSWORD', value: canary(`turn-${i}`) }] }).expect(202);
    await vi.waitFor(async () => expect(await valuesOf('web')).not.toContain(canary('first')), { timeout: 30_000, interval: 250 });
    expect(await valuesOf('web')).toContain(canary('turn-3'));
  });

  it('leave nothing of an app that could not be made', async () => {
    const bad = shop.app('bad', { image: 'nginx', ownSecrets: [], overlay: { Deployment: { spec: { nothing: 1 } } } });
    keep(await shop.dev.post(api, { ...bad, secretValues: { A: canary('bad') } }).expect(422));
    expect(await of('configmaps', 'bad')).toEqual([]);
    expect(await of('secrets', 'bad')).toEqual([]);
  });

  it('are answered once under an idempotency key, and kept by nobody', async () => {
    const body = { set: [{ name: 'PASSWORD', value: canary('keyed') }] };
    const first = keep(await set('web', body).set('idempotency-key', 'k1').expect(202));
    const second = keep(await set('web', body).set('idempotency-key', 'k1').expect(202));
    expect(second.body.revision).toEqual(first.body.revision);
    keep(
      await set('web', { set: [{ name: 'PASSWORD', value: canary('other') }] })
        .set('idempotency-key', 'k1')
        .expect(422),
    );
  });

  it('appear in no answer, log or table', async () => {
    const stored = await everythingStored(shop.fairlead.database.adminUrl);
    const where = { log: logged.join('\n'), stored, answers: answers.join('\n') };
    const found = Object.entries(where).flatMap(([sink, text]) =>
      [...text.matchAll(/canary-[a-z0-9-]+-51d0c7/g)]
        .map(([value]) => `${value} in ${sink}`)
        .concat(text.includes(Buffer.from('canary-first').toString('base64')) ? [`base64 in ${sink}`] : []),
    );
    expect(found).toEqual([]);
    expect(stored).toContain('secret PASSWORD changed');
    expect(where.log.length).toBeGreaterThan(0);
  });
});
