import { gunzipSync } from 'node:zlib';
import { absent, match } from '../lib/expect.mjs';
import { configMap } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

export default suite(
  'http',
  { namespace: 'shared' },
  {
    'JSON is one line, with an end of line': async (t) => {
      const answer = await t.GET(t.path('configmaps', 'kube-root-ca.crt'));
      match(answer.headers, { 'content-type': 'application/json', 'cache-control': 'no-cache, private', 'audit-id': /^[0-9a-f-]{36}$/ });
      match(answer.text, /^\{"kind":"ConfigMap","apiVersion":"v1","metadata":\{"name":.*\}\n$/);
    },
    'pretty=true is many lines': async (t) => {
      match(
        (await t.GET(t.path('configmaps', 'kube-root-ca.crt'), { query: { pretty: 'true' } })).text,
        /^\{\n {2}"kind": "ConfigMap",\n {2}"apiVersion": "v1",\n/,
      );
    },
    ...table(
      ['curl/8.0', 'Mozilla/5.0 (X11)', 'Wget/1.21'],
      (agent) => `a person with ${agent.split('/')[0]} gets it pretty`,
      async (t, agent) => {
        match(
          (await t.GET(t.path('configmaps', 'kube-root-ca.crt'), { headers: { 'user-agent': agent } })).text,
          /^\{\n {2}"kind": "ConfigMap",\n/,
        );
      },
    ),
    'what is long is compressed for those who can read it': async (t) => {
      await t.create('configmaps', configMap('long', { a: 'x'.repeat(200_000) }));
      const answer = await t.GET(t.path('configmaps', 'long'), { headers: { 'accept-encoding': 'gzip' } });
      match(answer.headers['content-encoding'], 'gzip');
      match(JSON.parse(gunzipSync(answer.bytes).toString()).metadata.name, 'long');
    },
    'what is short is not': async (t) => {
      const answer = await t.GET(`/api/v1/namespaces/${t.ns}`, { headers: { 'accept-encoding': 'gzip' } });
      match(answer.headers['content-encoding'], absent);
    },
    'Accept: */* is JSON': async (t) => {
      match((await t.GET(t.path('configmaps'), { accept: '*/*' })).headers['content-type'], 'application/json');
    },
    'Accept with qualities': async (t) => {
      match(
        (await t.GET(t.path('configmaps'), { accept: 'text/html;q=0.9, application/json;q=0.8, */*;q=0.1' })).headers['content-type'],
        'application/json',
      );
    },
    'protobuf is not asked for in vain: JSON comes where the client takes it': async (t) => {
      const { headers } = await t.GET(t.path('configmaps'), { accept: 'application/json, application/vnd.kubernetes.protobuf' });
      match(headers['content-type'], 'application/json');
    },
    'parameters that nobody knows are passed over': async (t) => {
      await t.GET(t.path('configmaps'), { query: { nothing: 'at all' } }).is(200);
    },
    'any word but false and 0 is true': async (t) => {
      match((await t.GET(t.path('configmaps'), { query: { watch: 'perhaps', timeoutSeconds: 1 } })).text, /^\{"type":"ADDED","object":/);
      await t.GET(t.path('configmaps'), { query: { watch: 'false' } }).is(200, { kind: 'ConfigMapList' });
    },
    HEAD: async (t) => {
      match((await t.request('HEAD', t.path('configmaps'))).status, 405);
    },
    OPTIONS: async (t) => {
      match((await t.request('OPTIONS', t.path('configmaps'))).status, 405);
    },
    'a slash at the end': async (t) => {
      match((await t.GET(`${t.path('configmaps')}/`)).status, 200);
      match((await t.GET('/api/')).status, 200);
    },
    'two slashes in the middle': async (t) => {
      match((await t.GET(t.path('configmaps').replace('/api/v1', '/api//v1'))).status, 404);
    },
    'escapes in a name': async (t) => {
      await t.GET(`${t.path('configmaps')}/kube%2Droot-ca.crt`).is(200, { metadata: { name: 'kube-root-ca.crt' } });
    },
    'a name that no object can have': async (t) => {
      await t.GET(`${t.path('configmaps')}/UPPER_case`).is(404, { message: 'configmaps "UPPER_case" not found' });
    },
    'a body where none is read': async (t) => {
      await t.request('GET', t.path('configmaps'), { any: 'thing' }).is(200);
    },
    'DELETE with a body of another kind': async (t) => {
      await t.create('configmaps', configMap('kept'));
      await t
        .DELETE(t.path('configmaps', 'kept'), configMap('kept'))
        .is(500, { reason: absent, message: /^no kind "ConfigMap" is registered for version "v1" in scheme / });
    },
    'unknown verbs': async (t) => {
      match((await t.request('PROPFIND', t.path('configmaps'))).status, 405);
    },
  },
);
