import { absent, match, same } from '../lib/expect.mjs';
import { configMap, failure, idlePod, job, secret } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const names = (list) => list.items.map((item) => item.metadata.name);
const five = async (t, prefix = 'cm') => {
  for (let i = 0; i < 5; i += 1)
    await t.create('configmaps', configMap(`${prefix}-${i}`, {}, { labels: { set: prefix, odd: String(i % 2 === 1), n: String(i) } }));
};
const mine = (t, query) => t.GET(t.path('configmaps'), { query: { labelSelector: 'set', ...query } });

/** [selector, names of cm-N that it finds]. */
const labelSelectors = [
  ['set=cm,odd=true', [1, 3]],
  ['set==cm,odd!=true', [0, 2, 4]],
  ['n in (1,2)', [1, 2]],
  ['set,n notin (1,2)', [0, 3, 4]],
  ['set,!odd', []],
  ['set,odd', [0, 1, 2, 3, 4]],
  ['n>2', [3, 4]],
  ['n<1', [0]],
];
const badLabelSelectors = [
  ['a in b', /^unable to parse requirement: found 'b' expected: '\('$/],
  ['a=b c', /^found 'c', expected: ',' or 'end of string'$/],
  ['n>x', /for 'Gt', 'Lt' operators, the value must be an integer/],
];

/** [resource, field selector, does it find the pod or Secret of the case]. */
const fieldSelectors = [
  ['pods', 'metadata.name=sought', true],
  ['pods', 'metadata.name!=sought', false],
  ['pods', 'status.phase=Pending', true],
  ['pods', 'status.phase=Running', false],
  ['pods', 'spec.nodeName=', true],
  ['pods', 'spec.schedulerName=nobody,spec.restartPolicy=Always', true],
  ['pods', 'spec.serviceAccountName=default', true],
  ['pods', 'status.phase!=Succeeded,status.phase!=Failed', true],
  ['secrets', 'type=Opaque', true],
  ['secrets', 'type=kubernetes.io/tls', false],
  ['jobs', 'status.successful=0', true],
];
const badFieldSelectors = [
  ['pods', 'spec.hostname=x', 'field label not supported: spec.hostname'],
  ['configmaps', 'data.a=1', '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"'],
  ['deployments', 'spec.replicas=1', '"spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"'],
];

export default [
  suite(
    'lists',
    { namespace: 'own' },
    {
      'a list has a kind and a resourceVersion': async (t) => {
        await five(t);
        const list = await mine(t).is(200, {
          kind: 'ConfigMapList',
          apiVersion: 'v1',
          metadata: { resourceVersion: /^\d+$/, continue: absent },
        });
        same(names(list), ['cm-0', 'cm-1', 'cm-2', 'cm-3', 'cm-4'], 'names, in order');
        match(list.items[0], { kind: absent, apiVersion: absent });
      },
      'a list of a group': async (t) => {
        await t.GET(t.path('deployments')).is(200, { kind: 'DeploymentList', apiVersion: 'apps/v1', items: [] });
      },
      'limit and continue go through everything once': async (t) => {
        await five(t);
        const first = await t.GET(t.path('configmaps'), { query: { limit: 2 } }).is(200);
        match(first.metadata, { continue: (v) => v.length > 0, remainingItemCount: 4 }); // with kube-root-ca.crt
        const second = await t.GET(t.path('configmaps'), { query: { limit: 2, continue: first.metadata.continue } }).is(200);
        match(second.metadata, { resourceVersion: first.metadata.resourceVersion, remainingItemCount: 2 });
        const third = await t.GET(t.path('configmaps'), { query: { limit: 2, continue: second.metadata.continue } }).is(200);
        match(third.metadata, { continue: absent, remainingItemCount: absent });
        same([first, second, third].flatMap(names), ['cm-0', 'cm-1', 'cm-2', 'cm-3', 'cm-4', 'kube-root-ca.crt']);
      },
      'pages are of the moment of the first page': async (t) => {
        await five(t);
        const first = await mine(t, { limit: 2 }).is(200);
        await t.create('configmaps', configMap('cm-9', {}, { labels: { set: 'cm' } }));
        await t.DELETE(t.path('configmaps', 'cm-4')).is(200);
        const rest = await mine(t, { continue: first.metadata.continue }).is(200);
        same(names(rest), ['cm-2', 'cm-3', 'cm-4']);
      },
      'with a selector nobody counts what remains': async (t) => {
        await five(t);
        await mine(t, { limit: 2 }).is(200, { metadata: { continue: (v) => v.length > 0, remainingItemCount: absent } });
      },
      'a limit that is as long as the list needs no continue': async (t) => {
        await five(t);
        await t.GET(t.path('configmaps'), { query: { limit: 6 } }).is(200, { metadata: { continue: absent } });
      },
      'continue with a resourceVersion is refused': async (t) => {
        await five(t);
        const first = await mine(t, { limit: 2 }).is(200);
        await mine(t, { limit: 2, continue: first.metadata.continue, resourceVersion: first.metadata.resourceVersion }).is(400, {
          reason: 'BadRequest',
          message: 'specifying resource version is not allowed when using continue',
        });
      },
      'a list at its own resourceVersion, exactly': async (t) => {
        await five(t);
        const { metadata } = await mine(t).is(200);
        await t.DELETE(t.path('configmaps', 'cm-0')).is(200);
        const list = await mine(t, { resourceVersion: metadata.resourceVersion, resourceVersionMatch: 'Exact' }).is(200, {
          metadata: { resourceVersion: metadata.resourceVersion },
        });
        match(names(list).length, 5);
      },
      'a list not older than a resourceVersion': async (t) => {
        await five(t);
        const { metadata } = await t.create('configmaps', configMap('newest'));
        const list = await t
          .GET(t.path('configmaps'), { query: { resourceVersion: metadata.resourceVersion, resourceVersionMatch: 'NotOlderThan' } })
          .is(200);
        match(names(list).includes('newest'), true);
      },
      'resourceVersion=0 answers from what is at hand': async (t) => {
        await five(t);
        await t.until('the list has five', async () => names(await mine(t, { resourceVersion: '0' }).is(200)).length === 5);
      },
      'a get not older than a resourceVersion': async (t) => {
        const { metadata } = await t.create('configmaps', configMap('read'));
        await t.GET(t.path('configmaps', 'read'), { query: { resourceVersion: metadata.resourceVersion } }).is(200);
      },
      ...table(
        labelSelectors,
        ([selector]) => `label selector ${selector}`,
        async (t, [labelSelector, wanted]) => {
          await five(t);
          same(
            names(await t.GET(t.path('configmaps'), { query: { labelSelector } }).is(200)),
            wanted.map((n) => `cm-${n}`),
          );
        },
      ),
      'delete of a collection by label': async (t) => {
        await five(t);
        await t
          .DELETE(t.path('configmaps'), undefined, { query: { labelSelector: 'odd=true' } })
          .is(200, { kind: 'ConfigMapList', items: (v) => v.length === 2 });
        same(names(await mine(t).is(200)), ['cm-0', 'cm-2', 'cm-4']);
      },
      'delete of a collection is told item by item': async (t) => {
        await t.create('secrets', secret('only'));
        await t.DELETE(t.path('secrets'), undefined, { query: { fieldSelector: 'metadata.name=only' } }).is(200, {
          kind: 'SecretList',
          items: [{ metadata: { name: 'only' } }],
        });
        await t.untilGone('secrets', 'only');
      },
      'kubectl get -l, --chunk-size, --sort-by': [
        ['kubectl'],
        async (t) => {
          await five(t);
          match(await t.kubectl('get cm -l odd=true --chunk-size=1 -o name').ok(), 'configmap/cm-1\nconfigmap/cm-3\n');
          match(
            await t.kubectl('get cm -l set --sort-by=.metadata.labels.odd --no-headers -o custom-columns=N:.metadata.name').ok(),
            /^cm-[024]\n/,
          );
        },
      ],
    },
  ),
  suite(
    'list requests',
    { namespace: 'shared' },
    {
      ...table(
        badLabelSelectors,
        ([selector]) => `label selector "${selector}" is refused`,
        async (t, [labelSelector, message]) => {
          await t.GET(t.path('configmaps'), { query: { labelSelector } }).is(400, { reason: 'BadRequest', message });
        },
      ),
      ...table(
        fieldSelectors,
        ([resource, selector]) => `field selector ${selector} of ${resource}`,
        async (t, [resource, fieldSelector, found]) => {
          const objects = { pods: idlePod('sought'), secrets: secret('sought'), jobs: job('sought', { suspend: true }) };
          const made = await t.POST(t.path(resource), objects[resource]);
          match(made.status === 201 || made.status === 409, true, 'made, by this case or another');
          const list = await t.GET(t.path(resource), { query: { fieldSelector } }).is(200);
          match(names(list).includes('sought'), found);
        },
      ),
      ...table(
        badFieldSelectors,
        ([resource, selector]) => `field selector ${selector} of ${resource} is not supported`,
        async (t, [resource, fieldSelector, message]) => {
          await t.GET(t.path(resource), { query: { fieldSelector } }).is(400, failure(400, 'BadRequest', message));
        },
      ),
      'metadata.namespace is a field of any kind': async (t) => {
        const list = await t.GET('/api/v1/configmaps', { query: { fieldSelector: `metadata.namespace=${t.ns}` } }).is(200);
        match(
          list.items.every(({ metadata }) => metadata.namespace === t.ns),
          true,
        );
      },
      'an unreadable continue is refused': async (t) => {
        await t.GET(t.path('configmaps'), { query: { limit: 1, continue: 'rubbish!' } }).is(400, {
          reason: 'BadRequest',
          message: /^invalid continue token: continue key is not valid: /,
        });
      },
      'a continue that is too old is expired, and says how to go on': async (t) => {
        const { metadata } = await t.GET(t.path('configmaps'), { query: { limit: 1 } }).is(200);
        if (!metadata.continue) await t.create('configmaps', configMap('second'));
        const token = (await t.GET(t.path('configmaps'), { query: { limit: 1 } }).is(200)).metadata.continue;
        const old = JSON.parse(Buffer.from(token, 'base64url').toString());
        const aged = Buffer.from(JSON.stringify({ ...old, rv: 1 })).toString('base64url');
        const answer = await t.GET(t.path('configmaps'), { query: { limit: 1, continue: aged } });
        if (answer.status === 200) return; // on a young cluster nothing has been compacted
        const { metadata: way } = answer.is(410, {
          reason: 'Expired',
          message:
            'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
          metadata: { continue: (v) => v.length > 0 },
        });
        await t.GET(t.path('configmaps'), { query: { limit: 1, continue: way.continue } }).is(200);
      },
      'resourceVersionMatch needs a resourceVersion': async (t) => {
        await t.GET(t.path('configmaps'), { query: { resourceVersionMatch: 'Exact' } }).is(422, {
          reason: 'Invalid',
          message: /resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided/,
        });
      },
      'resourceVersionMatch=Exact cannot be of 0': async (t) => {
        await t.GET(t.path('configmaps'), { query: { resourceVersionMatch: 'Exact', resourceVersion: '0' } }).is(422, {
          message: /resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"/,
        });
      },
      'a resourceVersion that is no number': async (t) => {
        await t.GET(t.path('configmaps'), { query: { resourceVersion: 'abc' } }).is(400, {
          reason: 'BadRequest',
          message: 'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
        });
      },
      'a resourceVersion of the future': async (t) => {
        const { metadata } = await t.GET(t.path('configmaps')).is(200);
        const resourceVersion = String(BigInt(metadata.resourceVersion) + 1_000_000n);
        await t.GET(t.path('configmaps'), { query: { resourceVersion } }).is(504, {
          reason: 'Timeout',
          message: new RegExp(`^Timeout: Too large resource version: ${resourceVersion}, current: \\d+$`),
          details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
        });
      },
      'a limit that is no number': async (t) => {
        await t
          .GET(t.path('configmaps'), { query: { limit: 'two' } })
          .is(400, { reason: 'BadRequest', message: 'strconv.ParseInt: parsing "two": invalid syntax' });
      },
      'a list over all namespaces': async (t) => {
        await t.create('configmaps', configMap('anywhere'));
        const list = await t.GET('/api/v1/configmaps', { query: { fieldSelector: 'metadata.name=anywhere' } }).is(200);
        match(
          list.items.some(({ metadata }) => metadata.namespace === t.ns),
          true,
        );
      },
      'kubectl get -A and --field-selector': [
        ['kubectl'],
        async (t) => {
          await t.create('configmaps', configMap('wanted'));
          match(
            await t.kubectl('get cm -A --field-selector metadata.name=wanted').ok(),
            new RegExp(`^NAMESPACE +NAME +DATA +AGE\\n(.*\\n)*${t.ns} +wanted +1 `),
          );
        },
      ],
    },
  ),
];
