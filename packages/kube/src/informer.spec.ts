import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeCertificate } from '../test/certificates.js';
import { FakeApi } from '../test/fake-api.js';
import { scaledClock } from '../test/scaled-clock.js';
import { json, ScriptedServer } from '../test/scripted-server.js';
import { KubeClient } from './client.js';
import type { InformerOptions } from './informer.js';
import { SharedInformers } from './shared-informers.js';

const server = new ScriptedServer(makeCertificate());
const configMaps = { group: '', version: 'v1', resource: 'configmaps' };
let api: FakeApi;
let client: KubeClient;
let shared: SharedInformers;

function informers(options: Partial<InformerOptions> = {}): SharedInformers {
  shared = new SharedInformers({ client: () => client, clock: scaledClock(50), ...options });
  return shared;
}

/** Waits for what happens, not for time. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 10 });
const names = (found: { metadata: { name: string } }[]): string[] => found.map(({ metadata }) => metadata.name).sort();

beforeAll(async () => {
  await server.start();
});
beforeEach(() => {
  api = new FakeApi();
  server.script = api.script;
  client = new KubeClient(server.connection(), { timeoutMs: 2_000 });
});
afterEach(async () => {
  await shared.close();
  await client.close();
});
afterAll(() => server.stop());

test('lists by a streaming watch, then follows: one watch for all, in order, without managedFields', async () => {
  api.put('a', '1');
  const all = informers();
  const [first, second] = [all.acquire(configMaps), all.acquire(configMaps)];
  expect(first.informer).toBe(second.informer);
  const { informer } = first;
  const changes: string[] = [];
  informer.onChange(({ type, key, object, old }) =>
    changes.push(`${type} ${key} ${JSON.stringify(object.data)} ${old ? 'was there' : 'new'}`),
  );
  await informer.whenSynced();
  api.put('b', '1');
  api.put('b', '2');
  api.remove('a');
  await eventually(() => expect(changes).toHaveLength(4));
  expect(changes).toEqual([
    'put n/a {"value":"1"} new',
    'put n/b {"value":"1"} new',
    'put n/b {"value":"2"} was there',
    'remove n/a {"value":"1"} was there',
  ]);
  expect(names(informer.byNamespace('n'))).toEqual(['b']);
  expect(informer.byNamespace('other')).toEqual([]);
  expect(informer.get('n/b')?.metadata).not.toHaveProperty('managedFields');
  expect([api.lists.length, api.watches.length]).toEqual([0, 1]);
  expect(informer.state.state).toBe('live');
});

test.each(['refuses', 'does not know'])('lists in pages where the server %s streaming lists', async (how) => {
  if (how === 'refuses') api.streamingLists = false;
  else api.ignoresStreamingLists = true;
  for (let i = 0; i < 1201; i++) api.put(`o${i}`, '');
  const { informer } = informers().acquire(configMaps);
  await informer.whenSynced(AbortSignal.timeout(10_000));
  expect(informer.size).toBe(1201);
  expect(api.lists).toHaveLength(3);
  expect(informer.get('n/o7')).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' });
  api.put('new', '');
  await eventually(() => expect(informer.get('n/new')).toBeDefined());
});

test('resumes from the last bookmark when the server ends a watch, and stays live', async () => {
  const { informer } = informers().acquire(configMaps);
  const states: string[] = [];
  informer.onState(({ state }) => states.push(state));
  await informer.whenSynced();
  api.put('a', '1');
  api.bookmark();
  await eventually(() => expect(informer.size).toBe(1));
  api.endWatches();
  await eventually(() => expect(api.watches).toHaveLength(2));
  expect(api.watches[1]?.searchParams.get('resourceVersion')).toBe('101');
  api.put('b', '1');
  await eventually(() => expect(informer.size).toBe(2));
  expect(states).toEqual(['live']);
});

test('lists again when its place is gone (410), and tells only what differs', async () => {
  for (const name of ['same', 'changed', 'gone', 'recreated']) api.put(name, '1');
  const { informer } = informers().acquire(configMaps);
  await informer.whenSynced();
  const changes: string[] = [];
  informer.onChange(({ type, key }) => changes.push(`${type} ${key}`));
  server.script = (_request, response) => json(response, 503, {});
  api.endWatches();
  await eventually(() => expect(informer.state.state).toBe('stale'));
  api.put('changed', '2');
  api.remove('gone');
  api.remove('recreated');
  api.put('recreated', '2', 'another-uid');
  api.put('added', '1');
  api.forgetHistory();
  server.script = api.script;
  await eventually(() => expect(names(informer.list())).toEqual(['added', 'changed', 'recreated', 'same']));
  await eventually(() => expect(informer.state.state).toBe('live'));
  expect(changes.sort()).toEqual(['put n/added', 'put n/changed', 'put n/recreated', 'remove n/gone']);
});

test('an API server that is gone for a minute: stale with a reason and what was known, then right again by itself', async () => {
  api.put('a', '1');
  const { informer } = informers().acquire(configMaps);
  await informer.whenSynced();
  await server.stop();
  await eventually(() => expect(informer.state).toMatchObject({ state: 'stale', reason: 'connection refused' }));
  const { since } = informer.state;
  expect(names(informer.list())).toEqual(['a']);
  api.remove('a');
  api.put('b', '1');
  // A minute of the informer's own time.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(informer.state.since).toEqual(since);
  await server.start();
  await eventually(() => expect(informer.state.state).toBe('live'));
  await eventually(() => expect(names(informer.list())).toEqual(['b']));
});

test('an API server that goes without a word is noticed', async () => {
  const { informer } = informers().acquire(configMaps);
  await informer.whenSynced();
  server.script = () => undefined;
  await eventually(() => expect(informer.state).toMatchObject({ state: 'stale', reason: 'timeout' }));
  server.script = api.script;
  await eventually(() => expect(informer.state.state).toBe('live'));
});

test.each([
  [403, 'the cluster does not let us list this'],
  [404, 'the cluster does not know this resource'],
  [401, 'the cluster does not accept our credential'],
])('%s is a state, and is tried again', async (code, reason) => {
  api.refuse = { code, reason: 'X' };
  const { informer } = informers().acquire(configMaps);
  await eventually(() => expect(informer.state).toMatchObject({ state: 'stale', reason }));
  expect(informer.synced).toBe(false);
  api.refuse = undefined;
  await informer.whenSynced(AbortSignal.timeout(10_000));
});

test('a watch that ends at once, every time, is no busy loop', async () => {
  const { informer } = informers({ random: () => 1 }).acquire(configMaps);
  await informer.whenSynced();
  const script = server.script;
  let opened = 0;
  server.script = (request, response) => {
    if (!request.url?.includes('watch=true')) return script(request, response);
    opened++;
    response.writeHead(200).end();
  };
  api.endWatches();
  await eventually(() => expect(opened).toBeGreaterThan(3));
  const before = opened;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(opened - before).toBeLessThan(5);
});

test('Secrets\u2019 values never enter', async () => {
  const metadata = {
    name: 's',
    namespace: 'n',
    resourceVersion: '5',
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"aHVudGVyMg=="}', kept: 'x' },
  };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { p: 'aHVudGVyMg==' }, stringData: { p: 'hunter2' }, type: 'Opaque' };
  const end = { type: 'BOOKMARK', object: { metadata: { resourceVersion: '5', annotations: { 'k8s.io/initial-events-end': 'true' } } } };
  server.script = (_request, response) =>
    void response.writeHead(200).write(`${JSON.stringify({ type: 'ADDED', object: secret })}\n${JSON.stringify(end)}\n`);
  const { informer } = informers().acquire({ group: '', version: 'v1', resource: 'secrets' });
  await informer.whenSynced();
  expect(informer.get('n/s')).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, annotations: { kept: 'x' } },
    type: 'Opaque',
  });
});

test('transform drops more', async () => {
  api.put('a', '1');
  const { informer } = informers({ transform: ({ metadata, kind }) => ({ kind: kind ?? '', metadata }) }).acquire(configMaps);
  await informer.whenSynced();
  expect(informer.get('n/a')).not.toHaveProperty('data');
});

describe('lifetime', () => {
  test('a watch lingers after the last release, then ends and forgets; acquiring again starts anew', async () => {
    api.put('a', '1');
    const all = informers({ lingerMs: 5_000 });
    const handle = all.acquire(configMaps);
    await handle.informer.whenSynced();
    handle.release();
    handle.release();
    const again = all.acquire(configMaps);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(again.informer.size).toBe(1);
    again.release();
    await eventually(() => expect(api.watching).toBe(0));
    expect(again.informer.size).toBe(0);
    all.acquire(configMaps);
    await again.informer.whenSynced(AbortSignal.timeout(10_000));
    expect(api.watches).toHaveLength(2);
  });

  test('a listener that throws is reported and hurts nobody', async () => {
    const reported: unknown[] = [];
    const { informer } = informers({ report: (error) => reported.push(error) }).acquire(configMaps);
    await informer.whenSynced();
    informer.onChange(() => {
      throw new Error('mine');
    });
    const seen: string[] = [];
    const undo = informer.onChange(({ key }) => seen.push(key));
    api.put('a', '1');
    await eventually(() => expect(seen).toEqual(['n/a']));
    undo();
    api.put('b', '1');
    await eventually(() => expect(reported).toHaveLength(2));
    expect([seen, informer.state.state]).toEqual([['n/a'], 'live']);
  });

  test('waiting can be given up', async () => {
    api.refuse = { code: 403, reason: 'Forbidden' };
    const { informer } = informers().acquire(configMaps);
    await expect(informer.whenSynced(AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});
