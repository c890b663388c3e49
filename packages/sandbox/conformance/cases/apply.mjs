import { customResource } from '../lib/custom-resource.mjs';
import { absent, match, none, same, some } from '../lib/expect.mjs';
import { configMap, deployment, idlePod, service } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const of = (object, manager, subresource) =>
  object.metadata.managedFields.find((f) => f.manager === manager && f.subresource === subresource);
const base = (name, data) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
const only = (name, spec) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec });

export default suite(
  'apply',
  { namespace: 'own' },
  {
    'creates with 201, and again with 200': async (t) => {
      await t.apply('configmaps', base('a', { x: '1' })).is(201, { data: { x: '1' } });
      await t.apply('configmaps', base('a', { x: '2' })).is(200, { data: { x: '2' } });
    },
    'the same again changes nothing': async (t) => {
      const first = await t.apply('configmaps', base('a', { x: '1' })).is(201);
      const second = await t.apply('configmaps', base('a', { x: '1' })).is(200);
      match(second.metadata.resourceVersion, first.metadata.resourceVersion);
    },
    'managedFields: Apply, with exactly the applied fields': async (t) => {
      const object = await t.apply('configmaps', { ...base('a', { x: '1' }), metadata: { name: 'a', labels: { l: '1' } } }).is(201);
      match(of(object, 'conformance'), { operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1' });
      same(of(object, 'conformance').fieldsV1, { 'f:data': { 'f:x': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } });
    },
    'fieldManager is required': async (t) => {
      await t.PATCH(t.path('configmaps', 'a'), base('a', {}), 'apply').is(422, {
        reason: 'Invalid',
        message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      });
    },
    'force is for apply only': async (t) => {
      await t.create('configmaps', configMap('a'));
      await t.PATCH(t.path('configmaps', 'a'), {}, 'merge', { query: { force: 'true' } }).is(422, {
        message: 'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
      });
    },
    'apiVersion and kind must be given': async (t) => {
      await t
        .PATCH(t.path('configmaps', 'a'), { metadata: { name: 'a' } }, 'apply', { query: { fieldManager: 'm' } })
        .is(400, { reason: 'BadRequest' });
    },
    'managedFields must not be sent': async (t) => {
      await t
        .apply('configmaps', { ...base('a', {}), metadata: { name: 'a', managedFields: [{ manager: 'x', operation: 'Apply' }] } })
        .is(400, { reason: 'BadRequest', message: 'metadata.managedFields must be nil' });
    },
    'the body may be YAML': async (t) => {
      const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: "1" # one\n';
      await t.PATCH(t.path('configmaps', 'a'), yaml, 'apply', { query: { fieldManager: 'm' } }).is(201, { data: { x: '1' } });
    },
    'a conflict names the manager and the field': async (t) => {
      await t.apply('configmaps', base('a', { x: '1' }), { manager: 'one' }).is(201);
      await t.apply('configmaps', base('a', { x: '2' }), { manager: 'two' }).is(409, {
        reason: 'Conflict',
        code: 409,
        message: 'Apply failed with 1 conflict: conflict with "one": .data.x',
        details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.x' }] },
      });
    },
    'a conflict with an update says with what': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 0 }), { query: { fieldManager: 'somebody' } });
      await t.apply('deployments', only('web', { replicas: 2 })).is(409, {
        message: /^Apply failed with 1 conflict: conflict with "somebody" using apps\/v1: \.spec\.replicas$/,
        details: {
          causes: [
            { reason: 'FieldManagerConflict', message: /^conflict with "somebody" using apps\/v1( at .*)?$/, field: '.spec.replicas' },
          ],
        },
      });
    },
    'an empty map is a field too': async (t) => {
      await t.apply('configmaps', base('a', {}), { manager: 'one' }).is(201);
      await t
        .apply('configmaps', base('a', {}), { manager: 'two' })
        .is(409, { message: 'Apply failed with 1 conflict: conflict with "one": .data' });
    },
    'several conflicts': async (t) => {
      await t.apply('configmaps', base('a', { x: '1', y: '1' }), { manager: 'one' }).is(201);
      await t.apply('configmaps', base('a', { x: '2', y: '2' }), { manager: 'two' }).is(409, {
        message: 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .data.y',
        details: { causes: [{ field: '.data.x' }, { field: '.data.y' }] },
      });
    },
    'the same value is no conflict: both own it': async (t) => {
      await t.apply('configmaps', base('a', { x: '1' }), { manager: 'one' }).is(201);
      const object = await t.apply('configmaps', base('a', { x: '1' }), { manager: 'two' }).is(200);
      for (const manager of ['one', 'two']) same(of(object, manager).fieldsV1, { 'f:data': { 'f:x': {} } });
    },
    'force takes the field over': async (t) => {
      await t.apply('configmaps', base('a', { x: '1', y: '1' }), { manager: 'one' }).is(201);
      const object = await t
        .apply('configmaps', base('a', { x: '2' }), { manager: 'two', force: true })
        .is(200, { data: { x: '2', y: '1' } });
      same(of(object, 'one').fieldsV1, { 'f:data': { 'f:y': {} } });
      same(of(object, 'two').fieldsV1, { 'f:data': { 'f:x': {} } });
    },
    'a field that is no longer applied goes': async (t) => {
      await t.apply('configmaps', base('a', { x: '1', y: '1' })).is(201);
      const object = await t.apply('configmaps', base('a', { x: '1' })).is(200);
      same(object.data, { x: '1' });
    },
    'a field that somebody else owns too stays': async (t) => {
      await t.apply('configmaps', base('a', { x: '1', y: '1' }), { manager: 'one' }).is(201);
      await t.apply('configmaps', base('a', { y: '1' }), { manager: 'two' }).is(200);
      const object = await t.apply('configmaps', base('a', { x: '1' }), { manager: 'one' }).is(200);
      same(object.data, { x: '1', y: '1' });
    },
    'a field that is no longer applied falls back to its default': async (t) => {
      await t.apply('deployments', deployment('web', { replicas: 3 })).is(201);
      const { spec, ...rest } = deployment('web');
      const { replicas, ...less } = spec;
      await t.apply('deployments', { ...rest, spec: less }).is(200, { spec: { replicas: 1 } });
    },
    'containers are merged by name': async (t) => {
      await t.apply('deployments', deployment('web', { replicas: 0 }), { manager: 'one' }).is(201);
      const added = only('web', { template: { spec: { containers: [{ name: 'side', image: 'busybox:1.36' }] } } });
      const object = await t.apply('deployments', added, { manager: 'two' }).is(200);
      match(object.spec.template.spec.containers.map((c) => c.name).sort(), ['main', 'side']);
      same(of(object, 'two').fieldsV1['f:spec']['f:template']['f:spec']['f:containers'], {
        'k:{"name":"side"}': { '.': {}, 'f:name': {}, 'f:image': {} },
      });
    },
    'an element that is no longer applied goes': async (t) => {
      const both = {
        containers: [
          { name: 'a', image: 'x:1' },
          { name: 'b', image: 'y:1' },
        ],
      };
      await t.apply('deployments', deployment('web', { replicas: 0 }, both)).is(201);
      const object = await t.apply('deployments', deployment('web', { replicas: 0 }, { containers: [both.containers[0]] })).is(200);
      match(object.spec.template.spec.containers, [{ name: 'a' }]);
    },
    'an element with fields of another stays with those fields': async (t) => {
      const both = {
        containers: [
          { name: 'a', image: 'x:1' },
          { name: 'b', image: 'y:1' },
        ],
      };
      await t.apply('deployments', deployment('web', { replicas: 0 }, both), { manager: 'one' }).is(201);
      const env = only('web', { template: { spec: { containers: [{ name: 'a', env: [{ name: 'E', value: '1' }] }] } } });
      const object = await t.apply('deployments', env, { manager: 'two' }).is(200);
      match(object.spec.template.spec.containers, [{ name: 'a', image: 'x:1', env: [{ name: 'E', value: '1' }] }, { name: 'b' }]);
      const after = await t.apply('deployments', only('web', { template: { spec: {} } }), { manager: 'two' }).is(200);
      match(after.spec.template.spec.containers, [{ name: 'a', env: absent }, { name: 'b' }]);
      none(after.metadata.managedFields, {
        manager: 'two',
        fieldsV1: (v) => 'f:containers' in (v['f:spec']?.['f:template']?.['f:spec'] ?? {}),
      });
    },
    'Service ports are merged by port and protocol': async (t) => {
      const ports = (list) => ({ ...service('web'), spec: { selector: { app: 'web' }, ports: list } });
      await t.apply('services', ports([{ name: 'a', port: 80, protocol: 'TCP' }]), { manager: 'one' }).is(201);
      const more = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web' },
        spec: { ports: [{ name: 'b', port: 81, protocol: 'TCP' }] },
      };
      const object = await t.apply('services', more, { manager: 'two' }).is(200);
      match(object.spec.ports.map((p) => p.port).sort(), [80, 81]);
    },
    'a set is joined: finalizers': async (t) => {
      const final = (list) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', finalizers: list } });
      t.cleanup(() => t.PATCH(t.path('configmaps', 'a'), { metadata: { finalizers: null } }, 'merge'));
      await t.apply('configmaps', final(['example.com/a']), { manager: 'one' }).is(201);
      const object = await t.apply('configmaps', final(['example.com/b']), { manager: 'two' }).is(200);
      same([...object.metadata.finalizers].sort(), ['example.com/a', 'example.com/b']);
      same(of(object, 'two').fieldsV1['f:metadata']['f:finalizers'], { 'v:"example.com/b"': {} });
    },
    'an atomic list belongs to one: args': async (t) => {
      const args = (list) => deployment('web', { replicas: 0 }, { containers: [{ name: 'main', image: 'x:1', args: list }] });
      await t.apply('deployments', args(['1']), { manager: 'one' }).is(201);
      await t.apply('deployments', args(['1', '2']), { manager: 'two' }).is(409, {
        details: { causes: [{ field: '.spec.template.spec.containers[name="main"].args' }] },
      });
    },
    'an atomic map belongs to one: the selector': async (t) => {
      const chosen = (selector) => ({ ...service('web'), spec: { ports: [{ port: 80, protocol: 'TCP' }], selector } });
      const object = await t.apply('services', chosen({ a: '1' }), { manager: 'one' }).is(201);
      same(of(object, 'one').fieldsV1['f:spec']['f:selector'], {});
      await t
        .apply('services', chosen({ a: '1', b: '2' }), { manager: 'two' })
        .is(409, { details: { causes: [{ field: '.spec.selector' }] } });
    },
    'two elements of one key are refused': async (t) => {
      const twice = deployment(
        'web',
        { replicas: 0 },
        {
          containers: [
            { name: 'a', image: 'x:1' },
            { name: 'a', image: 'y:1' },
          ],
        },
      );
      await t.apply('deployments', twice).is(500, { message: /duplicate entries for key \[name="a"\]/ });
    },
    'a field that the schema does not know': async (t) => {
      await t.apply('configmaps', { ...base('a', {}), nothing: 1 }).is(500, {
        message: /failed to create typed patch object \(.*; \/v1, Kind=ConfigMap\): \.nothing: field not declared in schema/,
      });
    },
    'dryRun keeps nothing': async (t) => {
      await t.apply('configmaps', base('a', { x: '1' }), { dryRun: 'All' }).is(201, { data: { x: '1' }, metadata: { uid: /-/ } });
      await t.GET(t.path('configmaps', 'a')).is(404);
    },
    'the status has a record of its own': async (t) => {
      await t.create('pods', idlePod('p'));
      const said = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, status: { message: 'said' } };
      const object = await t.apply('pods', said, { manager: 'speaker', sub: ['status'] }).is(200, { status: { message: 'said' } });
      match(of(object, 'speaker', 'status'), { operation: 'Apply', subresource: 'status', fieldsV1: { 'f:status': { 'f:message': {} } } });
    },
    'a status in an apply of the object is left out': async (t) => {
      const boast = { ...deployment('web', { replicas: 0 }), status: { readyReplicas: 9 } };
      const object = await t.apply('deployments', boast).is(201, { status: { readyReplicas: absent } });
      match(of(object, 'conformance').fieldsV1['f:status'], absent);
    },
    'scale through apply': async (t) => {
      await t.create('deployments', deployment('web', { replicas: 0 }), { query: { fieldManager: 'one' } });
      const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'web', namespace: t.ns }, spec: { replicas: 2 } };
      await t
        .apply('deployments', scale, { manager: 'scaler', sub: ['scale'], force: true })
        .is(200, { kind: 'Scale', spec: { replicas: 2 } });
      const object = await t.read('deployments', 'web');
      match(object.spec.replicas, 2);
      some(object.metadata.managedFields, {
        manager: 'scaler',
        operation: 'Apply',
        subresource: 'scale',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      });
    },
    'an update by somebody takes the field out of the applier record': async (t) => {
      await t.apply('configmaps', base('a', { x: '1', y: '1' })).is(201);
      const object = await t.PATCH(t.path('configmaps', 'a'), { data: { x: '9' } }, 'merge', { query: { fieldManager: 'editor' } }).is(200);
      same(of(object, 'conformance').fieldsV1, { 'f:data': { 'f:y': {} } });
      same(of(object, 'editor').fieldsV1, { 'f:data': { 'f:x': {} } });
    },
    'an old resourceVersion in an apply conflicts': async (t) => {
      const made = await t.apply('configmaps', base('a', { x: '1' })).is(201);
      await t.PATCH(t.path('configmaps', 'a'), { data: { z: '1' } }, 'merge').is(200);
      await t
        .apply('configmaps', { ...base('a', { x: '2' }), metadata: { name: 'a', resourceVersion: made.metadata.resourceVersion } })
        .is(409, { reason: 'Conflict', message: /the object has been modified/ });
    },
    'a custom list with keys': async (t) => {
      const items = { type: 'object', required: ['id'], properties: { id: { type: 'string' }, n: { type: 'integer' } } };
      const { path, item } = await customResource(t, {
        properties: { parts: { type: 'array', items, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'] } },
      });
      const put = (manager, parts, more) =>
        t.PATCH(`${path}/w`, item('w', { parts }), 'apply', { query: { fieldManager: manager, ...more } });
      await put('one', [{ id: 'a', n: 1 }]).is(201);
      await put('two', [{ id: 'b', n: 2 }]).is(200, { spec: { parts: [{ id: 'a' }, { id: 'b' }] } });
      await put('two', [{ id: 'a', n: 2 }]).is(409, { details: { causes: [{ field: '.spec.parts[id="a"].n' }] } });
    },
    'kubectl apply, three ways of merging': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('apply -f -', { stdin: configMap('k', { a: '1', b: '2' }) }).ok('configmap/k created');
        await t.kubectl('apply -f -', { stdin: configMap('k', { a: '1', b: '2' }) }).ok('configmap/k unchanged');
        await t.PATCH(t.path('configmaps', 'k'), { data: { c: '3' } }, 'merge').is(200);
        await t.kubectl('apply -f -', { stdin: configMap('k', { a: '9' }) }).ok('configmap/k configured');
        const object = await t.read('configmaps', 'k');
        same(object.data, { a: '9', c: '3' });
        match(object.metadata.annotations['kubectl.kubernetes.io/last-applied-configuration'], /"data":{"a":"9"}/);
        match(await t.kubectl('apply view-last-applied cm k -o json').ok(), /"a": "9"/);
      },
    ],
    'kubectl apply of what was created warns': [
      ['kubectl'],
      async (t) => {
        await t.create('configmaps', configMap('k'));
        const { stderr } = await t.kubectl('apply -f -', { stdin: configMap('k', { a: '2' }) });
        match(stderr, /missing the kubectl\.kubernetes\.io\/last-applied-configuration annotation which is required by kubectl apply/);
      },
    ],
    'kubectl apply --server-side, with conflicts': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('apply --server-side --field-manager=one -f -', { stdin: configMap('k') }).ok('configmap/k serverside-applied');
        await t
          .kubectl('apply --server-side --field-manager=two -f -', { stdin: configMap('k', { a: '2' }) })
          .fails(/^error: Apply failed with 1 conflict: conflict with "one": \.data\.a\nPlease review the fields above/);
        await t
          .kubectl('apply --server-side --field-manager=two --force-conflicts -f -', { stdin: configMap('k', { a: '2' }) })
          .ok('configmap/k serverside-applied');
      },
    ],
    'kubectl apply --server-side after a client-side apply': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('apply -f -', { stdin: configMap('k', { a: '1', b: '1' }) }).ok();
        await t.kubectl('apply --server-side -f -', { stdin: configMap('k', { a: '2' }) }).ok('configmap/k serverside-applied');
        same((await t.read('configmaps', 'k')).data, { a: '2' });
      },
    ],
    'kubectl apply --prune': [
      ['kubectl'],
      async (t) => {
        const labels = { labels: { set: 'mine' } };
        await t.kubectl('apply -f -', { stdin: configMap('gone', {}, labels) }).ok();
        const out = await t
          .kubectl('apply --prune -l set=mine --prune-allowlist=core/v1/ConfigMap -f -', { stdin: configMap('kept', {}, labels) })
          .ok();
        match(out, 'configmap/kept created\nconfigmap/gone pruned\n');
      },
    ],
    'kubectl diff': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('apply -f -', { stdin: configMap('k') }).ok();
        match((await t.kubectl('diff -f -', { stdin: configMap('k') })).code, 0);
        const { code, stdout } = await t.kubectl('diff -f -', { stdin: configMap('k', { a: '2' }) });
        match(code, 1);
        match(stdout, /^- {2}a: "1"\n\+ {2}a: "2"$/m);
      },
    ],
  },
);
