import { customResource } from '../lib/custom-resource.mjs';
import { absent, match } from '../lib/expect.mjs';
import { configMap } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const change = (t, name, data) => t.PATCH(t.path('configmaps', name), { data }, 'merge').is(200);
const label = (t, name, labels) => t.PATCH(t.path('configmaps', name), { metadata: { labels } }, 'merge').is(200);
const here = (e) => e.object.metadata?.name !== 'kube-root-ca.crt';

export default suite(
  'watch',
  { namespace: 'own' },
  {
    'added, modified and deleted, from a resourceVersion': async (t) => {
      const { metadata } = await t.GET(t.path('configmaps')).is(200);
      const watch = await t.watch(t.path('configmaps'), { resourceVersion: metadata.resourceVersion });
      match(watch.headers['content-type'], 'application/json');
      await t.create('configmaps', configMap('one'));
      await change(t, 'one', { a: '2' });
      await t.DELETE(t.path('configmaps', 'one')).is(200);
      match(await watch.next(here), {
        type: 'ADDED',
        object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'one' }, data: { a: '1' } },
      });
      match(await watch.next(here), { type: 'MODIFIED', object: { data: { a: '2' } } });
      match(await watch.next(here), { type: 'DELETED', object: { metadata: { name: 'one' }, data: { a: '2' } } });
    },
    'the event of a deletion has a resourceVersion of its own': async (t) => {
      const made = await t.create('configmaps', configMap('one'));
      const watch = await t.watch(t.path('configmaps'), { resourceVersion: made.metadata.resourceVersion });
      await t.DELETE(t.path('configmaps', 'one')).is(200);
      const { object } = await watch.nextFor('one', 'DELETED');
      match(BigInt(object.metadata.resourceVersion) > BigInt(made.metadata.resourceVersion), true);
    },
    'events come in the order of their resourceVersions': async (t) => {
      const { metadata } = await t.GET(t.path('configmaps')).is(200);
      const watch = await t.watch(t.path('configmaps'), { resourceVersion: metadata.resourceVersion, labelSelector: 'many' });
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => t.create('configmaps', configMap(`cm-${i}`, {}, { labels: { many: 'yes' } }))),
      );
      let last = 0n;
      for (let i = 0; i < 20; i += 1) {
        const { object } = await watch.next();
        match(BigInt(object.metadata.resourceVersion) > last, true, `event ${i} is later than the one before`);
        last = BigInt(object.metadata.resourceVersion);
      }
    },
    'without resourceVersion what is there comes first': async (t) => {
      await t.create('configmaps', configMap('one'));
      const watch = await t.watch(t.path('configmaps'), {});
      await watch.nextFor('one', 'ADDED');
    },
    'resourceVersion=0 begins with what is there': async (t) => {
      await t.create('configmaps', configMap('one'));
      const watch = await t.watch(t.path('configmaps'), { resourceVersion: '0' });
      await watch.nextFor('one', 'ADDED');
    },
    'an object that begins to match is added': async (t) => {
      const made = await t.create('configmaps', configMap('one'));
      const watch = await t.watch(t.path('configmaps'), { resourceVersion: made.metadata.resourceVersion, labelSelector: 'tier=web' });
      await label(t, 'one', { tier: 'web' });
      match(await watch.next(), { type: 'ADDED', object: { metadata: { name: 'one' } } });
    },
    'an object that no longer matches is deleted': async (t) => {
      const made = await t.create('configmaps', configMap('one', {}, { labels: { tier: 'web' } }));
      const watch = await t.watch(t.path('configmaps'), { resourceVersion: made.metadata.resourceVersion, labelSelector: 'tier=web' });
      await label(t, 'one', { tier: 'db' });
      match(await watch.next(), { type: 'DELETED', object: { metadata: { name: 'one', labels: { tier: 'web' } } } });
    },
    'a change that never matched is not told': async (t) => {
      const made = await t.create('configmaps', configMap('one'));
      const watch = await t.watch(t.path('configmaps'), { resourceVersion: made.metadata.resourceVersion, labelSelector: 'tier=web' });
      await change(t, 'one', { a: '2' });
      await t.create('configmaps', configMap('two', {}, { labels: { tier: 'web' } }));
      match(await watch.next(), { type: 'ADDED', object: { metadata: { name: 'two' } } });
    },
    'one object by its name': async (t) => {
      const made = await t.create('configmaps', configMap('one'));
      const watch = await t.watch(t.path('configmaps'), {
        resourceVersion: made.metadata.resourceVersion,
        fieldSelector: 'metadata.name=one',
      });
      await t.create('configmaps', configMap('two'));
      await change(t, 'one', { a: '2' });
      match(await watch.next(), { type: 'MODIFIED', object: { metadata: { name: 'one' } } });
    },
    'the old path of watches still watches': async (t) => {
      const { metadata } = await t.GET(t.path('configmaps')).is(200);
      const watch = await t.watch(`/api/v1/watch/namespaces/${t.ns}/configmaps`, { resourceVersion: metadata.resourceVersion });
      await t.create('configmaps', configMap('one'));
      await watch.nextFor('one', 'ADDED');
    },
    'over all namespaces': async (t) => {
      const { metadata } = await t.GET('/api/v1/configmaps', { query: { limit: 1 } }).is(200);
      const watch = await t.watch('/api/v1/configmaps', { resourceVersion: metadata.resourceVersion });
      await t.create('configmaps', configMap(`only-${t.id}`));
      match((await watch.nextFor(`only-${t.id}`, 'ADDED')).object.metadata.namespace, t.ns);
    },
    'from an earlier resourceVersion everything since is told again': async (t) => {
      const made = await t.create('configmaps', configMap('one'));
      for (const a of ['2', '3', '4']) await change(t, 'one', { a });
      const watch = await t.watch(t.path('configmaps'), {
        resourceVersion: made.metadata.resourceVersion,
        fieldSelector: 'metadata.name=one',
      });
      for (const a of ['2', '3', '4']) match(await watch.next(), { type: 'MODIFIED', object: { data: { a } } });
    },
    // Of a kind that is new: what a server remembers of the others depends on how long it has been running.
    'a resourceVersion that is too old is 410 in the stream': async (t) => {
      const { path } = await customResource(t);
      const watch = await t.watch(path, { resourceVersion: '1' });
      match(await watch.next(), {
        type: 'ERROR',
        object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410, message: /^too old resource version: 1 \(\d+\)$/ },
      });
      await watch.end();
    },
    'a resourceVersion that is no number is refused': async (t) => {
      await t.GET(t.path('configmaps'), { query: { watch: 'true', resourceVersion: 'abc' } }).is(500, {
        reason: absent,
        message: 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
      });
    },
    'timeoutSeconds ends the stream': async (t) => {
      const since = performance.now();
      const watch = await t.watch(t.path('configmaps'), { timeoutSeconds: 1 });
      await watch.end({ ms: 10_000 });
      match(performance.now() - since, (ms) => ms > 900 && ms < 9000, 'milliseconds until the end');
    },
    'bookmarks: one comes before the end, with how far it saw': async (t) => {
      const made = await t.create('configmaps', configMap('one'));
      const watch = await t.watch(t.path('configmaps'), {
        resourceVersion: made.metadata.resourceVersion,
        allowWatchBookmarks: 'true',
        timeoutSeconds: 5,
      });
      const { object } = await watch.next((e) => e.type === 'BOOKMARK', { what: 'a bookmark' });
      match(object, {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: absent, resourceVersion: /^\d+$/, creationTimestamp: absent },
      });
      match(BigInt(object.metadata.resourceVersion) >= BigInt(made.metadata.resourceVersion), true);
    },
    'without allowWatchBookmarks there are none': async (t) => {
      const { metadata } = await t.GET(t.path('configmaps')).is(200);
      const watch = await t.watch(t.path('configmaps'), { resourceVersion: metadata.resourceVersion, timeoutSeconds: 3 });
      await watch.end();
      match(
        watch.events.filter((e) => e.type === 'BOOKMARK'),
        [],
      );
    },
    'sendInitialEvents: what is there, then a bookmark that says so': async (t) => {
      await t.create('configmaps', configMap('one'));
      const watch = await t.watch(t.path('configmaps'), {
        sendInitialEvents: 'true',
        allowWatchBookmarks: 'true',
        resourceVersionMatch: 'NotOlderThan',
      });
      const added = [];
      const mark = await watch.next((e) => {
        if (e.type === 'ADDED') added.push(e.object.metadata.name);
        return e.type === 'BOOKMARK';
      });
      match(added.includes('one'), true, `"one" is among the initial events`);
      match(mark.object, {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: absent, resourceVersion: /^\d+$/, annotations: { 'k8s.io/initial-events-end': 'true' } },
      });
      await change(t, 'one', { a: '2' });
      await watch.nextFor('one', 'MODIFIED');
    },
    'sendInitialEvents needs resourceVersionMatch': async (t) => {
      await t.GET(t.path('configmaps'), { query: { watch: 'true', sendInitialEvents: 'true', allowWatchBookmarks: 'true' } }).is(422, {
        reason: 'Invalid',
        message:
          'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      });
    },
    'sendInitialEvents is for watches only': async (t) => {
      await t.GET(t.path('configmaps'), { query: { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' } }).is(422, {
        message: /sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list/,
      });
    },
    'a watch as Table has the columns once': async (t) => {
      const made = await t.create('configmaps', configMap('one'));
      const watch = await t.watch(
        t.path('configmaps'),
        { resourceVersion: made.metadata.resourceVersion, fieldSelector: 'metadata.name=one' },
        { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
      );
      await change(t, 'one', { a: '2', b: '3' });
      await change(t, 'one', { a: '3' });
      const isRow = (e) => e.object.rows?.[0]?.object?.metadata?.name === 'one';
      const first = await watch.next(isRow);
      match(first, {
        type: 'MODIFIED',
        object: {
          kind: 'Table',
          columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }],
          rows: [{ cells: ['one', 2, (v) => typeof v === 'string'], object: { kind: 'PartialObjectMetadata' } }],
        },
      });
      match((await watch.next(isRow)).object.columnDefinitions, (v) => v === null || v === undefined, 'columns of the second event');
    },
    'a watch of PartialObjectMetadata': async (t) => {
      const made = await t.create('configmaps', configMap('one'));
      const watch = await t.watch(
        t.path('configmaps'),
        { resourceVersion: made.metadata.resourceVersion },
        { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' },
      );
      await change(t, 'one', { a: '2' });
      match(await watch.nextFor('one'), { object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', data: absent } });
    },
    'a quiet watch has its headers at once': async (t) => {
      const watch = await t.watch(t.path('secrets'), {
        resourceVersion: (await t.GET(t.path('secrets')).is(200)).metadata.resourceVersion,
      });
      match(watch.headers['content-type'], /json/);
    },
    'kubectl get -w shows each state': [
      ['kubectl'],
      async (t) => {
        await t.create('configmaps', configMap('one', { a: '1' }));
        const kubectl = t.startKubectl('get cm one -w');
        await t.until('the first row', () => /one +1 /.test(kubectl.output()));
        await change(t, 'one', { b: '2' });
        await t.until('the second row', () => /one +2 /.test(kubectl.output()));
      },
    ],
    'kubectl get -w --output-watch-events': [
      ['kubectl'],
      async (t) => {
        const kubectl = t.startKubectl('get cm -w --output-watch-events -l tier');
        await t.create('configmaps', configMap('one', {}, { labels: { tier: 'web' } }));
        await t.until('ADDED', () => /ADDED +one /.test(kubectl.output()));
        await t.DELETE(t.path('configmaps', 'one')).is(200);
        await t.until('DELETED', () => /DELETED +one /.test(kubectl.output()));
      },
    ],
  },
);
