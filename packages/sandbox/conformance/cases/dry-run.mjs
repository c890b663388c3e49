import { absent, match } from '../lib/expect.mjs';
import { configMap, deployment, idlePod } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const dry = { query: { dryRun: 'All' } };
const typo = (name) => ({ ...deployment(name, { replicas: 0, replica: 3 }) });
const twice = (name) => `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"${name}"},"data":{"a":"1","a":"2"}}`;

export default [
  suite(
    'dry run',
    { namespace: 'shared' },
    {
      create: async (t) => {
        await t
          .POST(t.path('configmaps'), configMap('c'), dry)
          .is(201, { metadata: { uid: /-/, creationTimestamp: /T/, resourceVersion: absent } });
        await t.GET(t.path('configmaps', 'c')).is(404);
      },
      'create is validated': async (t) => {
        await t.POST(t.path('configmaps'), configMap('C'), dry).is(422);
      },
      'create of what exists': async (t) => {
        await t.create('configmaps', configMap('exists'));
        await t.POST(t.path('configmaps'), configMap('exists'), dry).is(409, { reason: 'AlreadyExists' });
      },
      update: async (t) => {
        const made = await t.create('configmaps', configMap('u'));
        await t
          .PUT(t.path('configmaps', 'u'), configMap('u', { a: '2' }), dry)
          .is(200, { data: { a: '2' }, metadata: { resourceVersion: made.metadata.resourceVersion } });
        match((await t.read('configmaps', 'u')).data, { a: '1' });
      },
      patch: async (t) => {
        await t.create('configmaps', configMap('p'));
        await t.PATCH(t.path('configmaps', 'p'), { data: { a: '2' } }, 'merge', dry).is(200, { data: { a: '2' } });
        match((await t.read('configmaps', 'p')).data, { a: '1' });
      },
      delete: async (t) => {
        await t.create('configmaps', configMap('d'));
        await t.DELETE(t.path('configmaps', 'd'), undefined, dry).is(200, { kind: 'Status', status: 'Success' });
        await t.read('configmaps', 'd');
      },
      'delete, told in the body': async (t) => {
        await t.create('configmaps', configMap('d-body'));
        await t.DELETE(t.path('configmaps', 'd-body'), { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] }).is(200);
        await t.read('configmaps', 'd-body');
      },
      'delete of a collection': async (t) => {
        await t.create('configmaps', configMap('dc', {}, { labels: { dc: 'yes' } }));
        await t.DELETE(t.path('configmaps'), undefined, { query: { dryRun: 'All', labelSelector: 'dc=yes' } }).is(200);
        await t.read('configmaps', 'dc');
      },
      scale: async (t) => {
        await t.create('deployments', deployment('s', { replicas: 0 }));
        await t.PATCH(t.path('deployments', 's', 'scale'), { spec: { replicas: 3 } }, 'merge', dry).is(200, { spec: { replicas: 3 } });
        match((await t.read('deployments', 's')).spec.replicas, 0);
      },
      eviction: async (t) => {
        await t.create('pods', idlePod('e'));
        await t
          .POST(t.path('pods', 'e', 'eviction'), {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name: 'e' },
            deleteOptions: { dryRun: ['All'] },
          })
          .is(201);
        match((await t.read('pods', 'e')).metadata.deletionTimestamp, absent);
      },
      'any other word is refused': async (t) => {
        await t.POST(t.path('configmaps'), configMap('w'), { query: { dryRun: 'Some' } }).is(422, {
          message: 'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
        });
      },
      'kubectl create --dry-run=server': [
        ['kubectl'],
        async (t) => {
          await t.kubectl('create configmap k --from-literal=a=1 --dry-run=server').ok('configmap/k created (server dry run)');
          await t.GET(t.path('configmaps', 'k')).is(404);
        },
      ],
      'kubectl delete --dry-run=server': [
        ['kubectl'],
        async (t) => {
          await t.create('configmaps', configMap('kd'));
          await t.kubectl('delete cm kd --dry-run=server').ok(/^configmap "kd" deleted (from \S+ namespace )?\(server dry run\)$/);
          await t.read('configmaps', 'kd');
        },
      ],
    },
  ),
  suite(
    'field validation',
    { namespace: 'shared' },
    {
      'Strict refuses an unknown field': async (t) => {
        await t.POST(t.path('deployments'), typo('strict'), { query: { fieldValidation: 'Strict' } }).is(400, {
          reason: 'BadRequest',
          message: 'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
        });
      },
      'Strict refuses a field given twice': async (t) => {
        await t.POST(t.path('configmaps'), twice('strict'), { query: { fieldValidation: 'Strict' } }).is(400, {
          message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a"',
        });
      },
      'Strict names all of them': async (t) => {
        const object = deployment('strict', { replicas: 0, replica: 1, other: 2 });
        await t.POST(t.path('deployments'), object, { query: { fieldValidation: 'Strict' } }).is(400, {
          message:
            /strict decoding error: unknown field "spec\.other", unknown field "spec\.replica"|strict decoding error: unknown field "spec\.replica", unknown field "spec\.other"/,
        });
      },
      'Warn takes it and warns': async (t) => {
        const answer = await t.POST(t.path('deployments'), typo('warn'), { query: { fieldValidation: 'Warn' } });
        answer.is(201, { spec: { replica: absent } });
        match(answer.warnings, ['unknown field "spec.replica"']);
      },
      'Warn of a field given twice': async (t) => {
        const answer = await t.POST(t.path('configmaps'), twice('warn'), { query: { fieldValidation: 'Warn' } });
        answer.is(201, { data: { a: '2' } });
        match(answer.warnings, ['duplicate field "data.a"']);
      },
      'Ignore says nothing': async (t) => {
        const answer = await t.POST(t.path('deployments'), typo('ignore'), { query: { fieldValidation: 'Ignore' } });
        answer.is(201);
        match(answer.warnings, []);
      },
      'the default is Warn': async (t) => {
        const answer = await t.POST(t.path('deployments'), typo('default'));
        answer.is(201);
        match(answer.warnings, ['unknown field "spec.replica"']);
      },
      'Strict on update and patch': async (t) => {
        await t.create('deployments', deployment('again', { replicas: 0 }));
        const path = t.path('deployments', 'again');
        await t
          .PUT(path, typo('again'), { query: { fieldValidation: 'Strict' } })
          .is(400, { message: /strict decoding error: unknown field "spec\.replica"$/ });
        for (const kind of ['merge', 'strategic'])
          await t.PATCH(path, { spec: { replica: 3 } }, kind, { query: { fieldValidation: 'Strict' } }).is(422, {
            reason: 'Invalid',
            message: /strict decoding error: unknown field "spec\.replica"/,
          });
      },
      ...table(
        ['Sometimes', 'strict'],
        (word) => `${word} is no kind of validation`,
        async (t, word) => {
          await t.POST(t.path('configmaps'), configMap('x'), { query: { fieldValidation: word } }).is(422, {
            message: `CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "${word}": supported values: "", "Ignore", "Strict", "Warn"`,
          });
        },
      ),
      'a duplicated environment variable warns': async (t) => {
        const object = idlePod('env', {
          containers: [
            {
              name: 'main',
              image: 'x:1',
              env: [
                { name: 'A', value: '1' },
                { name: 'A', value: '2' },
              ],
            },
          ],
        });
        const answer = await t.POST(t.path('pods'), object);
        answer.is(201);
        match(answer.warnings, [/spec\.containers\[0\]\.env\[1\]: hides previous definition of "A"/]);
      },
      'kubectl create refuses an unknown field': [
        ['kubectl'],
        async (t) => {
          await t
            .kubectl('create -f -', { stdin: typo('kubectl') })
            .fails(
              /^Error from server \(BadRequest\): error when creating "STDIN": Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec\.replica"$/,
            );
          await t.kubectl('create --validate=false -f -', { stdin: typo('kubectl') }).ok('deployment.apps/kubectl created');
        },
      ],
    },
  ),
];
