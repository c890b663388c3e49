import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainKinds } from '../../test/support/plain-kinds.js';
import { type TestDoor, testDoor } from '../../test/support/test-door.js';

const pods = '/api/v1/namespaces/default/pods';
const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

describe('the door', () => {
  let door: TestDoor;
  beforeAll(async () => {
    door = await testDoor(plainKinds);
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await door.call('POST', pods, { metadata: { name, labels: { odd: String(name > 'b') } } });
  });
  afterAll(() => door.close());

  it.each([
    ['GET', '/healthz', 200, 'ok'],
    ['GET', '/version', 200, '"gitVersion": "v1.34'],
    ['GET', '/readyz?verbose', 200, '[+]ping ok'],
    ['HEAD', pods, 405, ''],
    ['HEAD', `${pods}/a/nothing`, 404, ''],
    ['HEAD', '/api/v1', 405, ''],
    ['HEAD', '/apis/apps', 200, ''],
    ['HEAD', '/healthz', 200, ''],
    ['GET', '/nowhere', 404, '404 page not found'],
    ['GET', '/apis/none.example.com/v1', 404, '404 page not found'],
    ['GET', '/api', 200, '"versions":["v1"]'],
    ['GET', '/apis', 200, '"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}'],
    ['GET', '/api/v1', 200, '"name":"pods/status"'],
    [
      'GET',
      '/apis/apps/v1',
      200,
      '{"name":"deployments/scale","singularName":"","namespaced":true,"group":"autoscaling","version":"v1","kind":"Scale"',
    ],
    ['GET', '/api/v1/nothings', 404, 'the server could not find the requested resource'],
    ['GET', `${pods}/z`, 404, 'pods \\"z\\" not found'],
    ['POST', '/api/v1/pods', 405, 'the server does not allow this method on the requested resource'],
    ['GET', `${pods}/a/nothing`, 404, 'the server could not find the requested resource'],
    ['GET', `${pods}?fieldSelector=spec.x%3Dy`, 400, '\\"spec.x\\" is not a known field selector'],
    ['GET', `${pods}?resourceVersion=99999`, 504, 'Timeout: Too large resource version: 99999, current: '],
    ['GET', `${pods}?resourceVersionMatch=Exact`, 422, 'resourceVersionMatch is forbidden unless resourceVersion is provided'],
    ['GET', `${pods}/../a`, 404, 'the server could not find the requested resource'],
    ['GET', '/api//v1/namespaces/default/pods', 404, 'the server could not find the requested resource'],
    ['GET', '//api/v1/namespaces/default/pods', 404, '404 page not found'],
    ['GET', '/apis//apps/v1/deployments', 404, '404 page not found'],
  ])('answers %s %s with %i', async (method, path, code, text) => {
    const answer = await door.call(method, path);
    expect({ code: answer.code, text: answer.text }).toEqual({ code, text: expect.stringContaining(text) });
    expect(answer.headers['audit-id']).toMatch(/.{36}/);
  });

  it('knows nobody without a certificate, and forbids in the words of the API server', async () => {
    const answer = await door.call('GET', pods, undefined, { 'X-Test-User': 'jane' });
    expect(answer.body).toMatchObject({
      code: 403,
      message: 'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
      details: { kind: 'pods' },
    });
    expect((await door.call('GET', '/x', undefined, { 'X-Test-User': 'jane' })).body).toMatchObject({
      message: 'forbidden: User "jane" cannot get path "/x"',
    });
  });

  it('creates, reads, replaces and removes', async () => {
    const made = await door.call('POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'm' }, data: { a: '1' } });
    expect(made).toMatchObject({ code: 201, body: { kind: 'ConfigMap', apiVersion: 'v1', data: { a: '1' } } });
    const path = '/api/v1/namespaces/default/configmaps/m';
    const replaced = await door.call('PUT', path, { metadata: { name: 'm' }, data: { a: '2' } });
    expect(replaced).toMatchObject({ code: 200, body: { data: { a: '2' } } });
    expect((await door.call('PUT', path, { metadata: { name: 'n' } })).body).toMatchObject({
      code: 400,
      message: 'the name of the object (n) does not match the name on the URL (m)',
    });
    expect(await door.call('DELETE', path)).toMatchObject({
      code: 200,
      body: { status: 'Success', details: { name: 'm', kind: 'configmaps' } },
    });
    expect((await door.call('GET', path)).code).toBe(404);
  });

  it.each([
    [
      { kind: 'ConfigMap', apiVersion: 'v1' },
      500,
      'no kind "ConfigMap" is registered for version "v1" in scheme "pkg/runtime/scheme.go:110"',
    ],
    [{ kind: 'Foo' }, 500, 'no kind "Foo" is registered for version "meta.k8s.io/v1" in scheme "pkg/runtime/scheme.go:110"'],
    [{ kind: 'Status', apiVersion: 'v1' }, 500, 'converting (v1.Status) to (v1.DeleteOptions): unknown conversion'],
    [{ gracePeriodSeconds: 'x' }, 500, 'json: cannot unmarshal string into Go struct field DeleteOptions.gracePeriodSeconds of type int64'],
    [
      [],
      500,
      'couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
    ],
    [{ kind: 'DeleteOptions', apiVersion: 'apps/v1' }, 404, 'pods "none" not found'],
    [{}, 404, 'pods "none" not found'],
  ])('answers a DELETE with %j with %i', async (options, code, message) => {
    const { body } = await door.call('DELETE', `${pods}/none`, options);
    expect(body).toMatchObject({ code, message });
    expect('reason' in body).toBe(code !== 500);
  });

  it('takes and gives YAML', async () => {
    const yaml = 'metadata:\n  name: yam\ndata:\n  a: "1"\n';
    const made = await door.call('POST', '/api/v1/namespaces/default/configmaps', yaml, {
      'content-type': 'application/yaml',
      accept: 'application/yaml',
    });
    expect(made.code).toBe(201);
    expect(made.text).toContain('kind: ConfigMap\n');
  });

  it('answers in protobuf only where nothing else is taken', async () => {
    const protobuf = 'application/vnd.kubernetes.protobuf';
    const alone = await door.call('GET', pods, undefined, { accept: protobuf });
    expect([alone.code, alone.headers['content-type'], alone.text.slice(0, 4)]).toEqual([200, protobuf, 'k8s\0']);
    expect((await door.call('GET', pods, undefined, { accept: `${protobuf},application/json` })).body.kind).toBe('PodList');
    expect((await door.call('GET', pods, undefined, { accept: 'application/cbor' })).body).toMatchObject({
      code: 406,
      reason: 'NotAcceptable',
    });
    expect((await door.call('POST', pods, 'x', { 'content-type': protobuf })).body).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect((await door.call('POST', pods, 'x', { 'content-type': 'application/cbor' })).body).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
    });
  });

  it('gives tables and metadata alone', async () => {
    const rows = await door.call('GET', pods, undefined, { accept: table });
    expect(rows.body).toMatchObject({ kind: 'Table', columnDefinitions: [{ name: 'Name' }, { name: 'Created At' }] });
    expect(rows.body.rows).toMatchObject([
      { cells: ['a', '2026-01-01T00:00:00Z'], object: { kind: 'PartialObjectMetadata' } },
      {},
      {},
      {},
      {},
    ]);
    const partial = await door.call('GET', `${pods}/a`, undefined, {
      accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    });
    expect(Object.keys(partial.body)).toEqual(['kind', 'apiVersion', 'metadata']);
  });

  it('pages through one state of a list', async () => {
    const first = await door.call('GET', `${pods}?limit=2`);
    const { metadata } = first.body as unknown as { metadata: { continue: string; remainingItemCount: number; resourceVersion: string } };
    expect(metadata.remainingItemCount).toBe(3);
    await door.call('POST', pods, { metadata: { name: 'bb' } });
    await door.call('DELETE', `${pods}/e`);
    const rest = await door.call('GET', `${pods}?limit=9&continue=${encodeURIComponent(metadata.continue)}`);
    const found = rest.body as unknown as { items: { metadata: { name: string } }[]; metadata: { resourceVersion: string } };
    expect(found.items.map((each) => each.metadata.name)).toEqual(['c', 'd', 'e']);
    expect(found.metadata.resourceVersion).toBe(metadata.resourceVersion);
    door.api.store.compact();
    const late = await door.call('GET', `${pods}?continue=${encodeURIComponent(metadata.continue)}`);
    expect(late.body).toMatchObject({ code: 410, reason: 'Expired', metadata: { continue: expect.any(String) } });
    await door.call('DELETE', `${pods}/bb`);
  });

  it('tells of what enters and leaves a selection', async () => {
    const { resourceVersion } = (await door.call('GET', pods)).body.metadata as unknown as { resourceVersion: string };
    const watch = door.follow(`${pods}?watch=1&labelSelector=odd%3Dtrue&resourceVersion=${resourceVersion}`);
    const label = (name: string, odd: string) =>
      door.api.change('pods', 'default', name, ({ metadata }) => {
        metadata.labels = { odd };
      });
    label('a', 'true');
    label('c', 'false');
    label('a', 'x');
    const lines = await watch.until(3);
    expect(lines.map(({ type, object }) => `${type} ${object.metadata.name} ${(object.metadata.labels as { odd: string }).odd}`)).toEqual([
      'ADDED a true',
      'DELETED c true',
      'DELETED a true',
    ]);
    const versions = lines.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    watch.stop();
  });

  it('begins a watch with what is there, marks the end of it, and sends bookmarks', async () => {
    const watch = door.follow(`${pods}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);
    const count = door.api.list('pods', 'default').length;
    const lines = await watch.until(count + 1);
    expect(lines.at(-1)).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    door.clock.advance(60_000);
    expect((await watch.until(count + 2)).at(-1)).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'Pod', metadata: { resourceVersion: String(door.api.store.revision) } },
    });
    watch.stop();
  });

  it('ends a watch in time, and one from too long ago at once', async () => {
    const watch = door.follow(`${pods}?watch=1&timeoutSeconds=5`);
    await watch.until(1);
    door.clock.advance(5000);
    await watch.ended;
    door.api.store.compact();
    const late = door.follow(`${pods}?watch=1&resourceVersion=2`);
    expect(await late.until(1)).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
    await late.ended;
  });

  it('scales', async () => {
    const path = '/apis/apps/v1/namespaces/default/deployments';
    await door.call('POST', path, { metadata: { name: 'web' }, spec: { replicas: 1, selector: { matchLabels: { app: 'web', a: 'b' } } } });
    const scale = await door.call('PUT', `${path}/web/scale`, { metadata: { name: 'web' }, spec: { replicas: 3 } });
    expect(scale.body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 3 },
      status: { selector: 'a=b,app=web' },
    });
    const shown = await door.call('GET', `${path}/web/scale`, undefined, { Accept: table });
    expect(shown.body).toMatchObject({ kind: 'Table', rows: [{ cells: ['web', 3, 0, expect.any(String)] }] });
    expect(shown.body.columnDefinitions).toMatchObject(['Name', 'Desired', 'Available', 'Age'].map((name) => ({ name })));
    expect(door.api.get('deployments.apps', 'default', 'web')).toMatchObject({ spec: { replicas: 3 }, metadata: { generation: 2 } });
  });

  it('answers a question about everything in two requests, and not again', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const first = await door.call('GET', '/apis', undefined, { accept });
    expect(first.body).toMatchObject({
      kind: 'APIGroupDiscoveryList',
      items: [{ metadata: { name: 'apps' }, versions: [{ version: 'v1', freshness: 'Current' }] }],
    });
    const again = await door.call('GET', '/apis', undefined, { accept, 'if-none-match': String(first.headers.etag) });
    expect(again.code).toBe(304);
  });

  it('refuses what is too large', async () => {
    const answer = await door.call('POST', pods, { metadata: { name: 'x', annotations: { a: 'x'.repeat(3 * 1024 * 1024) } } });
    expect(answer.body).toMatchObject({ code: 413, reason: 'RequestEntityTooLarge' });
  });
});
