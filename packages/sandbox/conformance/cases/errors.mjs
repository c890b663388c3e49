import { absent, match } from '../lib/expect.mjs';
import { configMap, deployment, failure, idlePod, secret, service } from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

const missing = [
  ['pods', { kind: 'pods', name: 'none' }, 'pods "none" not found'],
  ['services', { kind: 'services', name: 'none' }, 'services "none" not found'],
  ['deployments', { group: 'apps', kind: 'deployments', name: 'none' }, 'deployments.apps "none" not found'],
  ['jobs', { group: 'batch', kind: 'jobs', name: 'none' }, 'jobs.batch "none" not found'],
  ['ingresses', { group: 'networking.k8s.io', kind: 'ingresses', name: 'none' }, 'ingresses.networking.k8s.io "none" not found'],
  ['roles', { group: 'rbac.authorization.k8s.io', kind: 'roles', name: 'none' }, 'roles.rbac.authorization.k8s.io "none" not found'],
];

export default suite(
  'errors',
  { namespace: 'shared' },
  {
    ...table(
      missing,
      ([resource]) => `GET of a missing one of ${resource} is NotFound`,
      async (t, [resource, details, message]) => {
        await t.GET(t.path(resource, 'none')).is(404, failure(404, 'NotFound', message, details));
      },
    ),
    ...table(
      ['PUT', 'DELETE', 'PATCH'],
      (method) => `${method} of a missing ConfigMap is NotFound`,
      async (t, method) => {
        const path = t.path('configmaps', 'none');
        const answer =
          method === 'PATCH'
            ? t.PATCH(path, { data: { a: '1' } }, 'merge')
            : t.request(method, path, method === 'PUT' ? configMap('none') : undefined);
        await answer.is(404, failure(404, 'NotFound', 'configmaps "none" not found', { name: 'none', kind: 'configmaps' }));
      },
    ),
    'a list in a namespace that does not exist is empty': async (t) => {
      await t.GET('/api/v1/namespaces/no-such-namespace/pods').is(200, { kind: 'PodList', items: [] });
    },
    'creating twice is AlreadyExists': async (t) => {
      await t.create('configmaps', configMap('twice'));
      await t
        .POST(t.path('configmaps'), configMap('twice'))
        .is(409, failure(409, 'AlreadyExists', 'configmaps "twice" already exists', { name: 'twice', kind: 'configmaps' }));
    },
    'an update with an old resourceVersion is a Conflict': async (t) => {
      const old = await t.create('configmaps', configMap('stale'));
      await t.PATCH(t.path('configmaps', 'stale'), { data: { a: '2' } }, 'merge').is(200);
      await t
        .PUT(t.path('configmaps', 'stale'), { ...old, data: { a: '3' } })
        .is(
          409,
          failure(
            409,
            'Conflict',
            'Operation cannot be fulfilled on configmaps "stale": the object has been modified; please apply your changes to the latest version and try again',
            { name: 'stale', kind: 'configmaps' },
          ),
        );
    },
    'a conflict of a group names the group': async (t) => {
      const old = await t.create('deployments', deployment('stale', { replicas: 0 }));
      await t.PATCH(t.path('deployments', 'stale'), { spec: { paused: true } }, 'merge').is(200);
      await t.PUT(t.path('deployments', 'stale'), old).is(409, {
        message:
          'Operation cannot be fulfilled on deployments.apps "stale": the object has been modified; please apply your changes to the latest version and try again',
        details: { name: 'stale', group: 'apps', kind: 'deployments' },
      });
    },
    'an update with another uid is a Conflict': async (t) => {
      await t.create('configmaps', configMap('other-uid'));
      await t.PUT(t.path('configmaps', 'other-uid'), configMap('other-uid', {}, { uid: '00000000-0000-0000-0000-000000000000' })).is(409, {
        reason: 'Conflict',
        message:
          /^Operation cannot be fulfilled on configmaps "other-uid": StorageError: invalid object, Code: 4, Key: .*, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000, UID in object meta: /,
      });
    },
    'an update without a resourceVersion is unconditional': async (t) => {
      await t.create('configmaps', configMap('free'));
      await t.PUT(t.path('configmaps', 'free'), configMap('free', { b: '2' })).is(200, { data: { a: absent, b: '2' } });
    },
    'an update of a Service needs no resourceVersion either': async (t) => {
      await t.create('services', service('free'));
      await t.PUT(t.path('services', 'free'), service('free', { ports: [{ port: 81 }] })).is(200, { spec: { ports: [{ port: 81 }] } });
    },
    'the same resourceVersion twice: the second update conflicts': async (t) => {
      const made = await t.create('configmaps', configMap('race'));
      const path = t.path('configmaps', 'race');
      const answers = await Promise.all([1, 2].map((n) => t.PUT(path, { ...made, data: { a: `new ${n}` } })));
      match(answers.map((a) => a.status).sort(), [200, 409], 'statuses');
    },
    'delete with the wrong uid as a precondition is a Conflict': async (t) => {
      const { metadata } = await t.create('configmaps', configMap('guarded'));
      await t
        .DELETE(t.path('configmaps', 'guarded'), { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'wrong' } })
        .is(
          409,
          failure(
            409,
            'Conflict',
            `Operation cannot be fulfilled on ConfigMap "guarded": the UID in the precondition (wrong) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
            { name: 'guarded', kind: 'ConfigMap' },
          ),
        );
    },
    'delete with an old resourceVersion as a precondition is a Conflict': async (t) => {
      const { metadata } = await t.create('configmaps', configMap('guarded-rv'));
      await t.DELETE(t.path('configmaps', 'guarded-rv'), { preconditions: { resourceVersion: '1' } }).is(409, {
        message: `Operation cannot be fulfilled on ConfigMap "guarded-rv": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
      });
      await t.DELETE(t.path('configmaps', 'guarded-rv'), { preconditions: { resourceVersion: metadata.resourceVersion } }).is(200);
    },
    'the name in the body must be that of the path': async (t) => {
      await t.create('configmaps', configMap('named'));
      await t
        .PUT(t.path('configmaps', 'named'), configMap('other'))
        .is(400, failure(400, 'BadRequest', 'the name of the object (other) does not match the name on the URL (named)'));
    },
    'the namespace in the body must be that of the path': async (t) => {
      await t
        .POST(t.path('configmaps'), configMap('astray', {}, { namespace: 'default' }))
        .is(400, failure(400, 'BadRequest', 'the namespace of the provided object does not match the namespace sent on the request'));
    },
    'a body that is no JSON': async (t) => {
      await t.POST(t.path('configmaps'), '{"kind": ').is(400, {
        reason: 'BadRequest',
        message:
          'the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: unexpected end of JSON input ({"kind": )',
      });
    },
    'an empty body': async (t) => {
      await t.POST(t.path('configmaps'), '').is(400, {
        reason: 'BadRequest',
        message:
          "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
      });
    },
    'a body of another kind': async (t) => {
      await t.POST(t.path('configmaps'), secret('x')).is(400, {
        reason: 'BadRequest',
        message: 'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
      });
    },
    'a body of another version': async (t) => {
      await t.POST(t.path('configmaps'), { ...configMap('x'), apiVersion: 'v9' }).is(400, {
        reason: 'BadRequest',
        message: /ConfigMap in version "v9" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v9" in scheme/,
      });
    },
    'a body without kind and apiVersion takes those of the path': async (t) => {
      const { kind, apiVersion, ...rest } = configMap('bare');
      await t.POST(t.path('configmaps'), rest).is(201, { kind, apiVersion, data: { a: '1' } });
    },
    'a field of the wrong type': async (t) => {
      await t.POST(t.path('deployments'), deployment('x', { replicas: 'two' })).is(400, {
        reason: 'BadRequest',
        message:
          'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
      });
    },
    'a body in YAML': async (t) => {
      const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: from-yaml\ndata:\n  a: "1"\n';
      await t.POST(t.path('configmaps'), yaml, { type: 'application/yaml' }).is(201, { data: { a: '1' } });
    },
    'an answer in YAML': async (t) => {
      await t.create('configmaps', configMap('as-yaml'));
      const answer = await t.GET(t.path('configmaps', 'as-yaml'), { accept: 'application/yaml' });
      match(answer.headers['content-type'], 'application/yaml');
      match(answer.text, /^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\n/);
    },
    'a media type that is not known is 415': async (t) => {
      await t.POST(t.path('configmaps'), 'a=1', { type: 'application/x-www-form-urlencoded' }).is(415, {
        reason: 'UnsupportedMediaType',
        code: 415,
        message:
          /^the body of the request was in an unknown format - accepted media types include: application\/json, application\/yaml, application\/vnd\.kubernetes\.protobuf/,
      });
    },
    'a patch of a type that is not known is 415': async (t) => {
      await t.create('configmaps', configMap('patched-badly'));
      await t.PATCH(t.path('configmaps', 'patched-badly'), {}, 'application/json').is(415, {
        reason: 'UnsupportedMediaType',
        message: '415: Unsupported Media Type',
      });
    },
    'an answer that nobody can give is 406': async (t) => {
      await t.GET(t.path('configmaps'), { accept: 'text/html' }).is(406, {
        reason: 'NotAcceptable',
        code: 406,
        message:
          /^406: Not Acceptable\n\nAvailable representations: application\/json, application\/yaml, application\/vnd\.kubernetes\.protobuf/,
      });
    },
    'a verb that a path does not have is 405': async (t) => {
      await t.POST(t.path('configmaps', 'x'), configMap('x')).is(405, {
        reason: 'MethodNotAllowed',
        code: 405,
        message: 'the server does not allow this method on the requested resource',
      });
    },
    'PUT of a collection is 405': async (t) => {
      await t.PUT(t.path('configmaps'), configMap('x')).is(405);
    },
    'DELETE of all namespaces is 405': async (t) => {
      await t.DELETE('/api/v1/namespaces').is(405);
    },
    'a subresource that is not there is 404': async (t) => {
      await t.create('configmaps', configMap('plain'));
      await t
        .GET(t.path('configmaps', 'plain', 'scale'))
        .is(404, { reason: 'NotFound', message: 'the server could not find the requested resource' });
    },
    'a pod in a namespace that does not exist': async (t) => {
      await t
        .POST('/api/v1/namespaces/no-such-namespace/pods', idlePod('x'))
        .is(404, failure(404, 'NotFound', 'namespaces "no-such-namespace" not found', { name: 'no-such-namespace', kind: 'namespaces' }));
    },
    'create by update: most kinds refuse': async (t) => {
      await t.PUT(t.path('configmaps', 'brand-new'), configMap('brand-new')).is(404);
    },
    'resourceVersion must be empty at creation': async (t) => {
      await t.POST(t.path('configmaps'), configMap('x', {}, { resourceVersion: '5' })).is(500, {
        reason: absent,
        message: 'resourceVersion should not be set on objects to be created',
      });
    },
    'a body of more than 3 MiB is refused': async (t) => {
      await t.POST(t.path('configmaps'), configMap('x', { a: 'x'.repeat(3 * 1024 * 1024 + 1) })).is(413, {
        reason: 'RequestEntityTooLarge',
        code: 413,
      });
    },
    'kubectl get of what is not there': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('get deployment none').fails('Error from server (NotFound): deployments.apps "none" not found');
      },
    ],
    'kubectl get of a kind that is not there': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('get nothings').fails('error: the server doesn\'t have a resource type "nothings"');
      },
    ],
    'kubectl get where there is nothing': [
      ['kubectl'],
      async (t) => {
        const { stderr } = await t.kubectl('get jobs');
        match(stderr, `No resources found in ${t.ns} namespace.\n`);
      },
    ],
  },
);
