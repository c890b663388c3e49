import { customResource } from '../lib/custom-resource.mjs';
import { absent, match, none, same, some } from '../lib/expect.mjs';
import { suite } from '../lib/suite.mjs';

const strings = { type: 'array', items: { type: 'string' } };

export default suite(
  'custom resources',
  { namespace: 'own' },
  {
    'a definition becomes established': async (t) => {
      const { definition } = await customResource(t);
      const { status, spec } = await t.untilObject('customresourcedefinitions', definition.metadata.name, {
        status: { conditions: (v) => v?.some((c) => c.type === 'Established' && c.status === 'True') },
      });
      some(status.conditions, { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' });
      some(status.conditions, {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      });
      match(status, {
        acceptedNames: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
        storedVersions: ['v1'],
      });
      match(spec.conversion, { strategy: 'None' });
    },
    'it is discovered': async (t) => {
      const { group } = await customResource(t, {
        spec: {
          names: {
            plural: 'widgets',
            singular: 'widget',
            kind: 'Widget',
            listKind: 'WidgetList',
            shortNames: ['wd'],
            categories: ['toys'],
          },
        },
      });
      await t.until('its group', async () => (await t.GET(`/apis/${group}/v1`)).status === 200);
      const list = await t.GET(`/apis/${group}/v1`).is(200, { kind: 'APIResourceList', groupVersion: `${group}/v1` });
      some(list.resources, {
        name: 'widgets',
        singularName: 'widget',
        kind: 'Widget',
        namespaced: true,
        shortNames: ['wd'],
        categories: ['toys'],
      });
      await t.until('in the list of groups', async () =>
        some((await t.GET('/apis').is(200)).groups, { name: group, preferredVersion: { version: 'v1' } }),
      );
    },
    'create, list, update, patch and delete': async (t) => {
      const { path, item, group } = await customResource(t);
      const made = await t
        .POST(path, item('w', { size: 1 }))
        .is(201, { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { generation: 1, uid: /-/ }, spec: { size: 1 } });
      await t.GET(path).is(200, { kind: 'WidgetList', apiVersion: `${group}/v1`, items: [{ kind: 'Widget', apiVersion: `${group}/v1` }] });
      await t.PUT(`${path}/w`, { ...made, spec: { size: 2 } }).is(200, { spec: { size: 2 }, metadata: { generation: 2 } });
      await t.PATCH(`${path}/w`, { spec: { size: 3 } }, 'merge').is(200, { spec: { size: 3 }, metadata: { generation: 3 } });
      await t.DELETE(`${path}/w`).is(200, { status: 'Success', details: { name: 'w', group, kind: 'widgets' } });
      await t.GET(`${path}/w`).is(404, { message: `widgets.${group} "w" not found` });
    },
    'an update needs a resourceVersion': async (t) => {
      const { path, item, group } = await customResource(t);
      await t.POST(path, item('w', { size: 1 })).is(201);
      await t.PUT(`${path}/w`, item('w', { size: 2 })).is(422, {
        message: `widgets.${group} "w" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
      });
    },
    'a strategic patch is not for them': async (t) => {
      const { path, item } = await customResource(t);
      await t.POST(path, item('w', { size: 1 })).is(201);
      await t.PATCH(`${path}/w`, { spec: { size: 2 } }, 'strategic').is(415, { reason: 'UnsupportedMediaType' });
    },
    'labels change without a new generation': async (t) => {
      const { path, item } = await customResource(t);
      await t.POST(path, item('w', { size: 1 })).is(201);
      await t.PATCH(`${path}/w`, { metadata: { labels: { a: 'b' } } }, 'merge').is(200, { metadata: { generation: 1 } });
    },
    'a wrong type is invalid': async (t) => {
      const { path, item } = await customResource(t);
      await t.POST(path, item('w', { size: 'big' })).is(422, {
        reason: 'Invalid',
        message: 'Widget.'.concat(
          t.id,
          '.example.dev "w" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
        ),
        details: {
          name: 'w',
          group: `${t.id}.example.dev`,
          kind: 'Widget',
          causes: [{ reason: 'FieldValueTypeInvalid', field: 'spec.size' }],
        },
      });
    },
    'the rules of a schema, each in its words': async (t) => {
      const { path, item } = await customResource(t, {
        properties: {
          size: { type: 'integer', minimum: 1, maximum: 5 },
          colour: { type: 'string', enum: ['red', 'blue'] },
          code: { type: 'string', pattern: '^[a-z]+$', maxLength: 3 },
          parts: { ...strings, minItems: 1, maxItems: 2 },
          many: { type: 'integer', multipleOf: 2 },
        },
      });
      const causes = async (spec) => (await t.POST(path, item('w', spec)).is(422)).details.causes.map((c) => `${c.field}: ${c.message}`);
      same(await causes({ size: 0 }), ['spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1']);
      same(await causes({ size: 9 }), ['spec.size: Invalid value: 9: spec.size in body should be less than or equal to 5']);
      same(await causes({ colour: 'green' }), ['spec.colour: Unsupported value: "green": supported values: "red", "blue"']);
      same(await causes({ code: 'A' }), ['spec.code: Invalid value: "A": spec.code in body should match \'^[a-z]+$\'']);
      same(await causes({ code: 'abcd' }), ['spec.code: Too long: may not be more than 3 bytes']);
      same(await causes({ parts: [] }), ['spec.parts: Invalid value: 0: spec.parts in body should have at least 1 items']);
      same(await causes({ parts: ['a', 'b', 'c'] }), ['spec.parts: Too many: 3: must have at most 2 items']);
      same(await causes({ many: 3 }), ['spec.many: Invalid value: 3: spec.many in body should be a multiple of 2']);
    },
    'a required field': async (t) => {
      const schema = {
        type: 'object',
        required: ['spec'],
        properties: { spec: { type: 'object', required: ['size'], properties: { size: { type: 'integer' } } } },
      };
      const { path, item, group } = await customResource(t, { schema });
      await t.POST(path, item('w', {})).is(422, {
        message: `Widget.${group} "w" is invalid: spec.size: Required value`,
        details: { causes: [{ reason: 'FieldValueRequired', field: 'spec.size' }] },
      });
      await t.POST(path, { ...item('w'), spec: undefined }).is(422, { message: `Widget.${group} "w" is invalid: spec: Required value` });
    },
    'defaults are filled in, also in what is older': async (t) => {
      const { path, item, definition } = await customResource(t, {
        properties: {
          size: { type: 'integer', default: 7 },
          parts: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer', default: 1 } } } },
        },
      });
      await t.POST(path, item('w', { parts: [{}, { n: 2 }] })).is(201, { spec: { size: 7, parts: [{ n: 1 }, { n: 2 }] } });
      const properties = {
        spec: {
          type: 'object',
          properties: {
            size: { type: 'integer', default: 7 },
            parts: { type: 'array', items: { type: 'object', properties: { n: { type: 'integer' } } } },
            late: { type: 'string', default: 'yes' },
          },
        },
      };
      await t
        .PATCH(
          t.path('customresourcedefinitions', definition.metadata.name),
          [{ op: 'replace', path: '/spec/versions/0/schema/openAPIV3Schema/properties', value: properties }],
          'json',
        )
        .is(200);
      await t.until('the new default', async () => (await t.GET(`${path}/w`)).body.spec.late === 'yes');
    },
    'unknown fields are pruned, with a warning': async (t) => {
      const { path, item } = await customResource(t);
      const answer = await t.POST(path, item('w', { size: 1, other: 2 }));
      answer.is(201, { spec: { size: 1, other: absent } });
      match(answer.warnings, ['unknown field "spec.other"']);
    },
    'unknown fields: Strict refuses': async (t) => {
      const { path, item } = await customResource(t);
      await t.POST(path, item('w', { other: 2 }), { query: { fieldValidation: 'Strict' } }).is(400, {
        reason: 'BadRequest',
        message: `Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.other"`,
      });
    },
    'x-kubernetes-preserve-unknown-fields keeps them': async (t) => {
      const { path, item } = await customResource(t, {
        properties: { free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      });
      await t.POST(path, item('w', { free: { any: { thing: [1] } } })).is(201, { spec: { free: { any: { thing: [1] } } } });
    },
    'additionalProperties and x-kubernetes-int-or-string': async (t) => {
      const { path, item } = await customResource(t, {
        properties: { map: { type: 'object', additionalProperties: { type: 'integer' } }, either: { 'x-kubernetes-int-or-string': true } },
      });
      await t.POST(path, item('w', { map: { a: 1 }, either: '50%' })).is(201, { spec: { map: { a: 1 }, either: '50%' } });
      await t
        .POST(path, item('v', { map: { a: 'x' } }))
        .is(422, { message: /spec\.map\.a: Invalid value: "string": spec\.map\.a in body must be of type integer: "string"$/ });
      await t
        .POST(path, item('u', { either: true }))
        .is(422, { message: /spec\.either: Invalid value: "boolean": spec\.either in body must be of type integer,string: "boolean"/ });
    },
    'null of a field that is not nullable is left out, where there is a default': async (t) => {
      const { path, item } = await customResource(t, {
        properties: { size: { type: 'integer', default: 7 }, maybe: { type: 'string', nullable: true } },
      });
      await t.POST(path, item('w', { size: null, maybe: null })).is(201, { spec: { size: 7, maybe: null } });
    },
    'without the subresource a status is data like any other': async (t) => {
      const { path, item } = await customResource(t);
      await t.POST(path, item('w', {}, { status: { phase: 'done' } })).is(201, { status: { phase: 'done' } });
      await t.GET(`${path}/w/status`).is(404);
    },
    'the status subresource': async (t) => {
      const { path, item } = await customResource(t, { version: { subresources: { status: {} } } });
      const made = await t.POST(path, item('w', { size: 1 }, { status: { phase: 'boast' } })).is(201, { status: absent });
      await t
        .PUT(`${path}/w/status`, { ...made, spec: { size: 9 }, status: { phase: 'done' } })
        .is(200, { spec: { size: 1 }, status: { phase: 'done' }, metadata: { generation: 1 } });
      await t
        .PATCH(`${path}/w`, { spec: { size: 2 }, status: { phase: 'no' } }, 'merge')
        .is(200, { spec: { size: 2 }, status: { phase: 'done' }, metadata: { generation: 2 } });
    },
    'the scale subresource': async (t) => {
      const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.count' };
      const { path, item } = await customResource(t, { version: { subresources: { status: {}, scale } } });
      await t.POST(path, item('w', { size: 3 })).is(201);
      await t
        .GET(`${path}/w/scale`)
        .is(200, { kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 3 }, status: { replicas: 0 } });
      await t.PATCH(`${path}/w/scale`, { spec: { replicas: 5 } }, 'merge').is(200, { spec: { replicas: 5 } });
      await t.GET(`${path}/w`).is(200, { spec: { size: 5 } });
    },
    'columns of its own': async (t) => {
      const additionalPrinterColumns = [
        { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
        { name: 'Colour', type: 'string', jsonPath: '.spec.colour', priority: 1, description: 'of the paint' },
        { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      ];
      const { path, item } = await customResource(t, { version: { additionalPrinterColumns } });
      await t.POST(path, item('w', { size: 3, colour: 'red' })).is(201);
      await t.GET(path, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }).is(200, {
        kind: 'Table',
        columnDefinitions: [
          { name: 'Name' },
          { name: 'Size', type: 'integer' },
          { name: 'Colour', priority: 1, description: 'of the paint' },
          { name: 'Age', type: 'date' },
        ],
        rows: [{ cells: ['w', 3, 'red', /^\d+s$/] }],
      });
    },
    'without columns of its own: name and age': async (t) => {
      const { path, item } = await customResource(t);
      await t.POST(path, item('w')).is(201);
      await t
        .GET(path, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })
        .is(200, { columnDefinitions: [{ name: 'Name' }, { name: 'Age' }] });
    },
    'two versions of one object': async (t) => {
      const schema = {
        openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } },
      };
      const versions = [
        { name: 'v1', served: true, storage: true, schema },
        { name: 'v1beta1', served: true, storage: false, deprecated: true, deprecationWarning: 'use v1', schema },
        { name: 'v1alpha1', served: false, storage: false, schema },
      ];
      const { path, item, group } = await customResource(t, { versions });
      await t.POST(path, item('w', { size: 1 })).is(201);
      const old = path.replace('/v1/', '/v1beta1/');
      await t.until('the other version', async () => (await t.GET(old)).status === 200);
      const answer = await t.GET(`${old}/w`);
      answer.is(200, { apiVersion: `${group}/v1beta1`, spec: { size: 1 } });
      match(answer.warnings, ['use v1']);
      await t.GET(path.replace('/v1/', '/v1alpha1/')).is(404);
      await t.until('both in discovery', async () => {
        const { versions: found } = await t.GET(`/apis/${group}`).is(200);
        return found.map((v) => v.version).join() === 'v1,v1beta1';
      });
    },
    'CEL rules': async (t) => {
      const spec = {
        type: 'object',
        properties: {
          min: { type: 'integer' },
          max: { type: 'integer' },
          kind: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'kind is for ever' }] },
        },
        'x-kubernetes-validations': [
          { rule: 'self.min <= self.max', message: 'min is at most max' },
          { rule: 'self.max < 100', messageExpression: "'max is too ' + 'much'", reason: 'FieldValueForbidden', fieldPath: '.max' },
        ],
      };
      const { path, item, group } = await customResource(t, { schema: { type: 'object', properties: { spec } } });
      await t.POST(path, item('w', { min: 5, max: 1 })).is(422, {
        message: `Widget.${group} "w" is invalid: spec: Invalid value: "object": min is at most max`,
        details: { causes: [{ reason: 'FieldValueInvalid', field: 'spec' }] },
      });
      await t.POST(path, item('w', { min: 5, max: 200 })).is(422, {
        message: `Widget.${group} "w" is invalid: spec.max: Forbidden: max is too much`,
        details: { causes: [{ reason: 'FieldValueForbidden', field: 'spec.max' }] },
      });
      await t.POST(path, item('w', { min: 1, max: 2, kind: 'a' })).is(201);
      await t
        .PATCH(`${path}/w`, { spec: { kind: 'b' } }, 'merge')
        .is(422, { message: `Widget.${group} "w" is invalid: spec.kind: Invalid value: "string": kind is for ever` });
      await t.PATCH(`${path}/w`, { spec: { max: 3 } }, 'merge').is(200);
    },
    'a CEL rule that does not compile is refused': async (t) => {
      const group = `${t.id}.example.dev`;
      const openAPIV3Schema = {
        type: 'object',
        properties: {
          spec: { type: 'object', properties: { a: { type: 'integer' } }, 'x-kubernetes-validations': [{ rule: 'self.b > 1' }] },
        },
      };
      await t
        .POST('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
          metadata: { name: `widgets.${group}` },
          spec: {
            group,
            scope: 'Namespaced',
            names: { plural: 'widgets', kind: 'Widget' },
            versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
          },
        })
        .is(422, {
          message:
            /spec\.validation\.openAPIV3Schema\.properties\[spec\]\.x-kubernetes-validations\[0\]\.rule: Invalid value: .*compilation failed: ERROR: <input>:1:5: undefined field 'b'/s,
        });
    },
    'a name that does not fit is refused': async (t) => {
      const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
      await t
        .POST('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
          metadata: { name: 'wrong.example.dev' },
          spec: { group: 'example.dev', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions },
        })
        .is(422, {
          message:
            'CustomResourceDefinition.apiextensions.k8s.io "wrong.example.dev" is invalid: metadata.name: Invalid value: "wrong.example.dev": must be spec.names.plural+"."+spec.group',
        });
    },
    'a schema without types is not structural': async (t) => {
      const group = `${t.id}.example.dev`;
      const versions = [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: { properties: { a: { type: 'string' } } } } } },
        },
      ];
      await t
        .POST('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
          metadata: { name: `widgets.${group}` },
          spec: { group, scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions },
        })
        .is(422, { message: /openAPIV3Schema\.properties\[spec\]\.type: Required value: must not be empty for specified object fields/ });
    },
    'deleting the definition deletes the objects': async (t) => {
      const { path, item, definition } = await customResource(t);
      await t.POST(path, item('w')).is(201);
      await t.DELETE(t.path('customresourcedefinitions', definition.metadata.name)).is(200);
      await t.untilGone('customresourcedefinitions', definition.metadata.name);
      await t.until('404', async () => (await t.GET(path)).status === 404);
      await t.until(
        'no more in discovery',
        async () => !(await t.GET('/apis').is(200)).groups.some((g) => g.name === `${t.id}.example.dev`),
      );
    },
    'a kind of the whole cluster': async (t) => {
      const { group, item, path } = await customResource(t, { spec: { scope: 'Cluster' } });
      match(path, `/apis/${group}/v1/widgets`);
      await t.POST(path, item('w')).is(201, { metadata: { namespace: absent } });
    },
    watch: async (t) => {
      const { path, item } = await customResource(t);
      const { metadata } = await t.GET(path).is(200);
      const watch = await t.watch(path, { resourceVersion: metadata.resourceVersion });
      await t.POST(path, item('w', { size: 1 })).is(201);
      match((await watch.nextFor('w', 'ADDED')).object, { kind: 'Widget', spec: { size: 1 } });
    },
    'selectable fields': async (t) => {
      const { path, item } = await customResource(t, { version: { selectableFields: [{ jsonPath: '.spec.colour' }] } });
      await t.POST(path, item('r', { colour: 'red' })).is(201);
      await t.POST(path, item('b', { colour: 'blue' })).is(201);
      await t.GET(path, { query: { fieldSelector: 'spec.colour=red' } }).is(200, { items: [{ metadata: { name: 'r' } }] });
      await t.GET(path, { query: { fieldSelector: 'spec.size=1' } }).is(400, { message: 'field label not supported: spec.size' });
    },
    'server-side apply': async (t) => {
      const { path, item } = await customResource(t);
      const apply = (manager, spec, more) => t.PATCH(`${path}/w`, item('w', spec), 'apply', { query: { fieldManager: manager, ...more } });
      await apply('one', { size: 1 }).is(201);
      await apply('two', { size: 2 }).is(409, { message: 'Apply failed with 1 conflict: conflict with "one": .spec.size' });
      const { metadata } = await apply('two', { colour: 'red' }).is(200);
      same(metadata.managedFields.find((f) => f.manager === 'two').fieldsV1, { 'f:spec': { 'f:colour': {} } });
    },
    'names that are taken are not accepted': async (t) => {
      const { group } = await customResource(t);
      const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }];
      await t.create('customresourcedefinitions', {
        metadata: { name: `gadgets.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural: 'gadgets', singular: 'gadget', kind: 'Widget', listKind: 'GadgetList' },
          versions,
        },
      });
      const { status } = await t.untilObject('customresourcedefinitions', `gadgets.${group}`, {
        status: { conditions: (v) => v?.some((c) => c.type === 'NamesAccepted' && c.status === 'False') },
      });
      some(status.conditions, { type: 'NamesAccepted', status: 'False', reason: 'KindConflict', message: '"Widget" is already in use' });
      none(status.conditions, { type: 'Established', status: 'True' });
    },
    'kubectl get, explain, api-resources and delete': [
      ['kubectl'],
      async (t) => {
        const { group, item } = await customResource(t);
        await t.until('kubectl knows it', async () => (await t.kubectl(`get widgets.${group}`)).code === 0);
        await t.kubectl('create -f -', { stdin: item('w', { size: 1 }) }).ok(`widget.${group}/w created`);
        match(await t.kubectl(`get widgets.${group}`).ok(), /^NAME +AGE\nw +\d+s\n$/);
        match(await t.kubectl(`api-resources --api-group=${group}`).ok(), new RegExp(`^widgets +${group}/v1 +true +Widget$`, 'm'));
        await t.until('its schema is published', async () =>
          /FIELD: size <integer>/.test((await t.kubectl(`explain widgets.${group}.spec.size`)).stdout),
        );
        match(await t.kubectl(`describe widgets.${group} w`).ok(), /^Name: +w\n(.*\n)*Spec:\n {2}Size: +1\n/);
        await t.kubectl(`delete widgets.${group} w`).ok(new RegExp(`^widget.${group} "w" deleted`));
      },
    ],
    'kubectl apply of a custom resource, twice': [
      ['kubectl'],
      async (t) => {
        const { group, item } = await customResource(t);
        await t.until('kubectl knows it', async () => (await t.kubectl(`get widgets.${group}`)).code === 0);
        await t.kubectl('apply -f -', { stdin: item('w', { size: 1, colour: 'red' }) }).ok(`widget.${group}/w created`);
        await t.kubectl('apply -f -', { stdin: item('w', { size: 2 }) }).ok(`widget.${group}/w configured`);
        await t.kubectl('apply -f -', { stdin: item('w', { size: 2 }) }).ok(`widget.${group}/w unchanged`);
      },
    ],
  },
);
