import { absent, match, same } from '../lib/expect.mjs';
import { configMap, deployment, idlePod, image, service } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

/** JSON patches of a ConfigMap {data: {a: '1', b: '2'}}: [title, operations, data after it, or a refusal]. */
const jsonPatches = [
  ['add', [{ op: 'add', path: '/data/c', value: '3' }], { a: '1', b: '2', c: '3' }],
  ['replace', [{ op: 'replace', path: '/data/a', value: '9' }], { a: '9', b: '2' }],
  ['remove', [{ op: 'remove', path: '/data/a' }], { b: '2' }],
  ['move', [{ op: 'move', from: '/data/a', path: '/data/c' }], { b: '2', c: '1' }],
  ['copy', [{ op: 'copy', from: '/data/a', path: '/data/c' }], { a: '1', b: '2', c: '1' }],
  [
    'a test that holds',
    [
      { op: 'test', path: '/data/a', value: '1' },
      { op: 'add', path: '/data/a', value: '5' },
    ],
    { a: '5', b: '2' },
  ],
  ['replace of what is not there adds it', [{ op: 'replace', path: '/data/none', value: '3' }], { a: '1', b: '2', none: '3' }],
  [
    'an escaped path',
    [
      { op: 'add', path: '/metadata/annotations', value: {} },
      { op: 'add', path: '/metadata/annotations/a~1b', value: 'x' },
    ],
    { a: '1', b: '2' },
  ],
];
const badJsonPatches = [
  [
    'a test that fails',
    [{ op: 'test', path: '/data/a', value: 'other' }],
    422,
    { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' },
  ],
  [
    'remove of what is not there',
    [{ op: 'remove', path: '/data/none' }],
    422,
    { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' },
  ],
  ['add below what is not there', [{ op: 'add', path: '/none/a', value: '1' }], 422, { reason: 'Invalid' }],
  ['an operation that is none', [{ op: 'twist', path: '/data/a' }], 422, { reason: 'Invalid' }],
  [
    'no list',
    { op: 'remove', path: '/data/a' },
    400,
    { reason: 'BadRequest', message: /^error decoding patch: json: cannot unmarshal object/ },
  ],
];

const mergePatches = [
  ['a key is added', { data: { c: '3' } }, { a: '1', b: '2', c: '3' }],
  ['null removes', { data: { a: null } }, { b: '2' }],
  ['null for everything', { data: null }, undefined],
];

const two = {
  containers: [
    { name: 'a', image: 'x:1', args: ['1', '2'] },
    {
      name: 'b',
      image: 'y:1',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ],
};
const containersOf = (body) => body.spec.template.spec.containers;
const inTemplate = (podSpec) => ({ spec: { template: { spec: podSpec } } });

/** Strategic merge patches of a Deployment with the containers above: [title, patch of the pod's spec, check of its containers]. */
const strategic = [
  [
    'a container is found by its name',
    { containers: [{ name: 'b', image: 'y:2' }] },
    [
      { name: 'a', image: 'x:1' },
      { name: 'b', image: 'y:2', env: [{ name: 'A' }, { name: 'B' }] },
    ],
  ],
  [
    'a new name is a new container, and comes first',
    { containers: [{ name: 'c', image: 'z:1' }] },
    [{ name: 'c' }, { name: 'a' }, { name: 'b' }],
  ],
  ['$patch: delete takes one out', { containers: [{ name: 'a', $patch: 'delete' }] }, [{ name: 'b' }]],
  ['$patch: replace takes the list as it is', { containers: [{ $patch: 'replace' }, { name: 'z', image: 'z:1' }] }, [{ name: 'z' }]],
  ['$setElementOrder orders', { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }, [{ name: 'b' }, { name: 'a' }]],
  [
    '$setElementOrder with a new one',
    { '$setElementOrder/containers': [{ name: 'a' }, { name: 'c' }, { name: 'b' }], containers: [{ name: 'c', image: 'z:1' }] },
    [{ name: 'a' }, { name: 'c' }, { name: 'b' }],
  ],
  ['a list without keys is replaced', { containers: [{ name: 'a', args: ['3'] }] }, [{ name: 'a', args: ['3'] }, { name: 'b' }]],
  [
    'an environment is merged by name',
    { containers: [{ name: 'b', env: [{ name: 'B', value: '9' }] }] },
    [
      { name: 'a' },
      {
        name: 'b',
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '9' },
        ],
      },
    ],
  ],
  [
    'deleting inside two lists',
    { containers: [{ name: 'b', env: [{ name: 'A', $patch: 'delete' }] }] },
    [{ name: 'a' }, { name: 'b', env: [{ name: 'B' }] }],
  ],
  ['null removes a field of an element', { containers: [{ name: 'a', args: null }] }, [{ name: 'a', args: absent }, { name: 'b' }]],
];

export default suite(
  'patch',
  { namespace: 'shared' },
  {
    ...table(
      jsonPatches,
      ([title]) => `JSON patch: ${title}`,
      async (t, [title, operations, data]) => {
        const name = `json-${title.replaceAll(' ', '-')}`;
        await t.create('configmaps', configMap(name, { a: '1', b: '2' }));
        same((await t.PATCH(t.path('configmaps', name), operations, 'json').is(200)).data, data, 'data');
      },
    ),
    ...table(
      badJsonPatches,
      ([title]) => `JSON patch: ${title} is refused`,
      async (t, [title, operations, status, body]) => {
        const name = `bad-json-${title.replaceAll(' ', '-')}`;
        await t.create('configmaps', configMap(name, { a: '1', b: '2' }));
        await t.PATCH(t.path('configmaps', name), operations, 'json').is(status, body);
      },
    ),
    ...table(
      mergePatches,
      ([title]) => `merge patch: ${title}`,
      async (t, [title, patch, data]) => {
        const name = `merge-${title.replaceAll(' ', '-')}`;
        await t.create('configmaps', configMap(name, { a: '1', b: '2' }));
        const after = await t.PATCH(t.path('configmaps', name), patch, 'merge').is(200);
        if (data === undefined) match(after.data, absent, 'data');
        else same(after.data, data, 'data');
      },
    ),
    'merge patch: a list is replaced': async (t) => {
      await t.create('deployments', deployment('merge-list', { replicas: 0 }, two));
      const after = await t
        .PATCH(t.path('deployments', 'merge-list'), inTemplate({ containers: [{ name: 'z', image: 'z:1' }] }), 'merge')
        .is(200);
      match(containersOf(after), [{ name: 'z', image: 'z:1' }]);
    },
    'merge patch: an old resourceVersion conflicts': async (t) => {
      await t.create('configmaps', configMap('merge-old'));
      await t
        .PATCH(t.path('configmaps', 'merge-old'), { metadata: { resourceVersion: '1' }, data: { a: '2' } }, 'merge')
        .is(409, { reason: 'Conflict' });
    },
    'merge patch: what is not JSON': async (t) => {
      await t.create('configmaps', configMap('merge-broken'));
      await t
        .PATCH(t.path('configmaps', 'merge-broken'), '{"data"', 'merge')
        .is(400, { reason: 'BadRequest', message: /^error decoding patch: / });
    },
    'merge patch: the result is validated': async (t) => {
      await t.create('deployments', deployment('merge-bad', { replicas: 0 }));
      await t.PATCH(t.path('deployments', 'merge-bad'), { spec: { replicas: -1 } }, 'merge').is(422, {
        message: 'Deployment.apps "merge-bad" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
      });
    },
    'merge patch: a name cannot be changed': async (t) => {
      await t.create('configmaps', configMap('merge-name'));
      await t.PATCH(t.path('configmaps', 'merge-name'), { metadata: { name: 'other' } }, 'merge').is(400, {
        reason: 'BadRequest',
        message: 'the name of the object (other) does not match the name on the URL (merge-name)',
      });
    },
    ...table(
      strategic,
      ([title]) => `strategic patch: ${title}`,
      async (t, [title, podSpec, expected]) => {
        const name = `s-${title.toLowerCase().replace(/[^a-z]+/g, '-')}`.slice(0, 40).replace(/-$/, '');
        await t.create('deployments', deployment(name, { replicas: 0 }, two));
        match(containersOf(await t.PATCH(t.path('deployments', name), inTemplate(podSpec), 'strategic').is(200)), expected, 'containers');
      },
    ),
    'strategic patch: $retainKeys switches the strategy': async (t) => {
      await t.create('deployments', deployment('retain', { replicas: 0 }));
      const { spec } = await t
        .PATCH(t.path('deployments', 'retain'), { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }, 'strategic')
        .is(200);
      same(spec.strategy, { type: 'Recreate' });
    },
    'strategic patch: without $retainKeys the old strategy is in the way': async (t) => {
      await t.create('deployments', deployment('no-retain', { replicas: 0 }));
      await t.PATCH(t.path('deployments', 'no-retain'), { spec: { strategy: { type: 'Recreate' } } }, 'strategic').is(422, {
        message: /spec\.strategy\.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'$/,
      });
    },
    'strategic patch: $patch: replace on a map': async (t) => {
      await t.create('configmaps', configMap('map-replace', { a: '1', b: '2' }));
      same((await t.PATCH(t.path('configmaps', 'map-replace'), { data: { $patch: 'replace', c: '3' } }, 'strategic').is(200)).data, {
        c: '3',
      });
    },
    'strategic patch: $patch: delete on a map': async (t) => {
      await t.create('configmaps', configMap('map-delete', { a: '1', b: '2' }));
      match(await t.PATCH(t.path('configmaps', 'map-delete'), { data: { $patch: 'delete' } }, 'strategic').is(200), {
        data: (v) => v === undefined || Object.keys(v).length === 0,
      });
    },
    'strategic patch: $deleteFromPrimitiveList': async (t) => {
      await t.create('configmaps', configMap('finals', {}, { finalizers: ['example.com/a', 'example.com/b'] }));
      const path = t.path('configmaps', 'finals');
      t.cleanup(() => t.PATCH(path, { metadata: { finalizers: null } }, 'merge'));
      await t
        .PATCH(path, { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] } }, 'strategic')
        .is(200, { metadata: { finalizers: ['example.com/b'] } });
    },
    'strategic patch: a list of plain values with a merge rule is joined': async (t) => {
      await t.create('configmaps', configMap('join', {}, { finalizers: ['example.com/a'] }));
      const path = t.path('configmaps', 'join');
      t.cleanup(() => t.PATCH(path, { metadata: { finalizers: null } }, 'merge'));
      await t
        .PATCH(path, { metadata: { finalizers: ['example.com/b'] } }, 'strategic')
        .is(200, { metadata: { finalizers: (v) => v.length === 2 && v.includes('example.com/a') } });
    },
    'strategic patch: Service ports are merged by port': async (t) => {
      await t.create(
        'services',
        service('ports', {
          ports: [
            { name: 'a', port: 80 },
            { name: 'b', port: 81 },
          ],
        }),
      );
      const { spec } = await t.PATCH(t.path('services', 'ports'), { spec: { ports: [{ port: 81, name: 'c' }] } }, 'strategic').is(200);
      match(spec.ports, [
        { name: 'a', port: 80 },
        { name: 'c', port: 81 },
      ]);
    },
    'strategic patch: an element without its key is refused': async (t) => {
      await t.create('deployments', deployment('keyless', { replicas: 0 }, two));
      await t.PATCH(t.path('deployments', 'keyless'), inTemplate({ containers: [{ image: 'z:1' }] }), 'strategic').is(500, {
        reason: absent,
        message: 'map: map[image:z:1] does not contain declared merge key: name',
      });
    },
    'a change of a pod that is not allowed': async (t) => {
      await t.create('pods', idlePod('fixed'));
      await t.PATCH(t.path('pods', 'fixed'), { spec: { containers: [{ name: 'main', command: ['x'] }] } }, 'strategic').is(422, {
        message:
          /^Pod "fixed" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers\[\*\]\.image`,`spec.initContainers\[\*\]\.image`,`spec.activeDeadlineSeconds`,`spec.tolerations` \(only additions to existing tolerations\),`spec.terminationGracePeriodSeconds` \(allow it to be set to 1 if it was previously negative\)/,
      });
    },
    'the image of a pod may change': async (t) => {
      await t.create('pods', idlePod('reimaged'));
      const { spec } = await t
        .PATCH(t.path('pods', 'reimaged'), { spec: { containers: [{ name: 'main', image: 'nginx:1.28' }] } }, 'strategic')
        .is(200);
      match(spec.containers, [{ name: 'main', image: 'nginx:1.28' }]);
    },
    'a patch of a missing object is NotFound': async (t) => {
      await t.PATCH(t.path('deployments', 'none'), { spec: {} }, 'strategic').is(404, { message: 'deployments.apps "none" not found' });
    },
    'kubectl patch in its three kinds': [
      ['kubectl'],
      async (t) => {
        await t.create('deployments', deployment('three', { replicas: 0 }, two));
        await t
          .kubectl(['patch', 'deploy', 'three', '-p', '{"spec":{"template":{"spec":{"containers":[{"name":"a","image":"x:2"}]}}}}'])
          .ok('deployment.apps/three patched');
        await t
          .kubectl(['patch', 'deploy', 'three', '--type=merge', '-p', '{"metadata":{"labels":{"x":"y"}}}'])
          .ok('deployment.apps/three patched');
        await t
          .kubectl([
            'patch',
            'deploy',
            'three',
            '--type=json',
            '-p',
            '[{"op":"replace","path":"/spec/template/spec/containers/1/image","value":"y:2"}]',
          ])
          .ok('deployment.apps/three patched');
        await t.until('no change', async () =>
          match(
            await t.kubectl(['patch', 'deploy', 'three', '--type=merge', '-p', '{"metadata":{"labels":{"x":"y"}}}']).ok(),
            'deployment.apps/three patched (no change)\n',
          ),
        );
        match(containersOf(await t.read('deployments', 'three')), [{ image: 'x:2' }, { image: 'y:2' }]);
      },
    ],
    'kubectl patch of the status': [
      ['kubectl'],
      async (t) => {
        await t.create('pods', idlePod('status'));
        await t.kubectl(['patch', 'pod', 'status', '--subresource=status', '-p', '{"status":{"message":"said"}}']).ok('pod/status patched');
        match((await t.read('pods', 'status')).status.message, 'said');
      },
    ],
    'kubectl set image, env and resources': [
      ['kubectl'],
      async (t) => {
        await t.create('deployments', deployment('set', { replicas: 0 }));
        await t.kubectl(`set image deploy/set main=nginx:1.28`).ok('deployment.apps/set image updated');
        await t.kubectl('set env deploy/set COLOUR=blue').ok('deployment.apps/set env updated');
        await t
          .kubectl('set resources deploy/set --limits=cpu=200m,memory=64Mi --requests=cpu=100m')
          .ok('deployment.apps/set resource requirements updated');
        match(containersOf(await t.read('deployments', 'set')), [
          {
            image: 'nginx:1.28',
            env: [{ name: 'COLOUR', value: 'blue' }],
            resources: { limits: { cpu: '200m', memory: '64Mi' }, requests: { cpu: '100m' } },
          },
        ]);
        match(await t.kubectl('set env deploy/set --list').ok(), /COLOUR=blue/);
        await t.kubectl('set env deploy/set COLOUR-').ok('deployment.apps/set env updated');
        match(containersOf(await t.read('deployments', 'set'))[0].env, absent);
      },
    ],
    'kubectl set serviceaccount and selector': [
      ['kubectl'],
      async (t) => {
        await t.create('deployments', deployment('account', { replicas: 0 }));
        await t.create('services', service('chosen'));
        await t.kubectl('set serviceaccount deploy account default').ok('deployment.apps/account serviceaccount updated');
        await t.kubectl('set selector svc chosen app=other').ok('service/chosen selector updated');
        same((await t.read('services', 'chosen')).spec.selector, { app: 'other' });
      },
    ],
    'kubectl edit with a script for an editor': [
      ['kubectl'],
      async (t) => {
        await t.create('deployments', deployment('edited', { replicas: 0 }));
        await t.kubectl('edit deploy edited', { env: { EDITOR: `sed -i s#${image}#nginx:1.28#` } }).ok('deployment.apps/edited edited');
        match(containersOf(await t.read('deployments', 'edited')), [{ image: 'nginx:1.28' }]);
        const { stdout, stderr } = await t.kubectl('edit deploy edited', { env: { EDITOR: 'true' } });
        match(stdout + stderr, 'Edit cancelled, no changes made.\n');
      },
    ],
    'kubectl replace': [
      ['kubectl'],
      async (t) => {
        const made = await t.create('configmaps', configMap('replaced'));
        await t.kubectl('replace -f -', { stdin: { ...made, data: { b: '2' } } }).ok('configmap/replaced replaced');
        same((await t.read('configmaps', 'replaced')).data, { b: '2' });
        await t
          .kubectl('replace --force -f -', { stdin: configMap('replaced', { c: '3' }) })
          .ok(/^configmap "replaced" deleted( from \S+ namespace)?\nconfigmap\/replaced replaced$/);
      },
    ],
  },
);
