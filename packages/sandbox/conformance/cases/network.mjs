import { absent, match } from '../lib/expect.mjs';
import { deployment, ingress, pod, service } from '../lib/objects.mjs';
import { suite } from '../lib/suite.mjs';

const slicesOf = (t, name) => t.list('endpointslices', { labelSelector: `kubernetes.io/service-name=${name}` });
const addressesOf = (endpoints) => (endpoints.subsets ?? []).flatMap((s) => s.addresses ?? []);

export default suite(
  'services',
  { namespace: 'own' },
  {
    'endpoints follow the pods': async (t) => {
      await t.create('services', service('web'));
      await t.create('deployments', deployment('web', { replicas: 2 }));
      await t.untilObject('deployments', 'web', { status: { readyReplicas: 2 } });
      const endpoints = await t.until('two addresses', async () => {
        const answer = await t.GET(t.path('endpoints', 'web'));
        return answer.status === 200 && addressesOf(answer.body).length === 2 && answer.body;
      });
      match(endpoints.subsets, [
        {
          ports: [{ port: 80, protocol: 'TCP' }],
          addresses: [{ ip: /\./, nodeName: /./, targetRef: { kind: 'Pod', namespace: t.ns, name: /^web-/, uid: /-/ } }, {}],
        },
      ]);
      match(endpoints.metadata.labels, { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
      await t.PATCH(t.path('deployments', 'web', 'scale'), { spec: { replicas: 0 } }, 'merge').is(200);
      await t.until('none', async () => addressesOf(await t.read('endpoints', 'web')).length === 0);
    },
    'an EndpointSlice too, and better': async (t) => {
      await t.create('services', service('web', { ports: [{ name: 'http', port: 80, targetPort: 8080 }] }));
      await t.create('deployments', deployment('web'));
      const slice = await t.until('a ready endpoint', async () =>
        (await slicesOf(t, 'web')).find((s) => s.endpoints?.some((e) => e.conditions.ready)),
      );
      match(slice, {
        metadata: {
          name: /^web-[a-z0-9]{5}$/,
          labels: { 'kubernetes.io/service-name': 'web', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' },
          ownerReferences: [{ kind: 'Service', name: 'web', controller: true }],
        },
        addressType: 'IPv4',
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
        endpoints: [
          { addresses: [/\./], conditions: { ready: true, serving: true, terminating: false }, nodeName: /./, targetRef: { kind: 'Pod' } },
        ],
      });
    },
    'a port by its name': async (t) => {
      await t.create('services', service('web', { ports: [{ port: 80, targetPort: 'http' }] }));
      await t.create(
        'deployments',
        deployment('web', {}, { containers: [{ name: 'main', image: 'nginx:1.27', ports: [{ name: 'http', containerPort: 8081 }] }] }),
      );
      await t.until('the port of the container', async () => (await slicesOf(t, 'web')).some((s) => s.ports?.[0]?.port === 8081));
    },
    'without selector nothing is found for it': async (t) => {
      await t.create('services', service('web', { selector: undefined }));
      await t.create('services', service('other'));
      await t.until('endpoints of the other', async () => (await t.GET(t.path('endpoints', 'other'))).status === 200);
      await t.GET(t.path('endpoints', 'web')).is(404);
    },
    'hand-made endpoints are mirrored in a slice': async (t) => {
      await t.create('services', service('web', { selector: undefined }));
      await t.create('endpoints', { metadata: { name: 'web' }, subsets: [{ addresses: [{ ip: '192.0.2.7' }], ports: [{ port: 80 }] }] });
      const slice = await t.until('a slice', async () => (await slicesOf(t, 'web'))[0]);
      match(slice, {
        endpoints: [{ addresses: ['192.0.2.7'] }],
        metadata: { labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslicemirroring-controller.k8s.io' } },
      });
    },
    'they go with the Service': async (t) => {
      await t.create('services', service('web'));
      await t.until('endpoints', async () => (await t.GET(t.path('endpoints', 'web'))).status === 200);
      await t.DELETE(t.path('services', 'web')).is(200, { kind: 'Service', metadata: { name: 'web' } });
      await t.untilGone('endpoints', 'web');
      await t.until('no slices', async () => (await slicesOf(t, 'web')).length === 0);
    },
    'Endpoints are deprecated, and warn so': async (t) => {
      const answer = await t.GET(t.path('endpoints'));
      answer.is(200);
      match(answer.warnings, ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice']);
    },
    'a pod that is not ready is listed as not ready': [
      ['run'],
      async (t) => {
        await t.create('services', service('web'));
        await t.create('deployments', deployment('web', {}, { readinessGates: [{ conditionType: 'example.com/open' }] }));
        const endpoints = await t.until('an address that is not ready', async () => {
          const { body } = await t.GET(t.path('endpoints', 'web'));
          return body?.subsets?.[0]?.notReadyAddresses && body;
        });
        match(endpoints.subsets, [{ addresses: absent, notReadyAddresses: [{ targetRef: { kind: 'Pod' } }] }]);
      },
    ],
    publishNotReadyAddresses: async (t) => {
      await t.create('services', service('web', { publishNotReadyAddresses: true }));
      await t.create('deployments', deployment('web', {}, { readinessGates: [{ conditionType: 'example.com/open' }] }));
      await t.until('the address', async () => addressesOf((await t.GET(t.path('endpoints', 'web'))).body ?? {}).length === 1);
    },
    'the name of an ExternalName is needed': async (t) => {
      await t
        .POST(t.path('services'), { metadata: { name: 'x' }, spec: { type: 'ExternalName' } })
        .is(422, { message: 'Service "x" is invalid: spec.externalName: Required value' });
    },
    'an Ingress class that is the default is filled in': async (t) => {
      const { items } = await t.GET('/apis/networking.k8s.io/v1/ingressclasses').is(200);
      const standard = items.find((c) => c.metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true');
      const made = await t.create('ingresses', ingress('web'));
      match(made.spec.ingressClassName, standard ? standard.metadata.name : absent);
    },
    'kubectl expose': [
      ['kubectl'],
      async (t) => {
        await t.create('deployments', deployment('web', { replicas: 0 }));
        await t.kubectl('expose deploy web --port=80 --target-port=8080 --type=NodePort').ok('service/web exposed');
        match((await t.read('services', 'web')).spec, {
          type: 'NodePort',
          selector: { app: 'web' },
          ports: [{ port: 80, targetPort: 8080 }],
        });
      },
    ],
    'kubectl describe service': [
      ['kubectl'],
      async (t) => {
        await t.create('services', service('web'));
        const text = await t.kubectl('describe svc web').ok();
        for (const line of [
          /^Selector: +app=web$/m,
          /^Type: +ClusterIP$/m,
          /^IP Family Policy: +SingleStack$/m,
          /^Port: +<unset> +80\/TCP$/m,
          /^TargetPort: +80\/TCP$/m,
          /^Session Affinity: +None$/m,
        ])
          match(text, line);
      },
    ],
    'kubectl create service and ingress': [
      ['kubectl'],
      async (t) => {
        await t.kubectl('create service clusterip web --tcp=80:8080').ok('service/web created');
        await t.kubectl('create service nodeport np --tcp=80').ok('service/np created');
        await t.kubectl('create service externalname ext --external-name example.com').ok('service/ext created');
        await t.kubectl(['create', 'ingress', 'in', '--rule=web.example/path*=web:80']).ok('ingress.networking.k8s.io/in created');
        match((await t.read('ingresses', 'in')).spec.rules, [
          {
            host: 'web.example',
            http: { paths: [{ path: '/path', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] },
          },
        ]);
        match(
          await t.kubectl('describe ingress in').ok(),
          /^Rules:\n {2}Host +Path +Backends\n {2}---- +---- +--------\n {2}web\.example +\n +\/path +web:80 \(/m,
        );
      },
    ],
    'kubectl describe networkpolicy': [
      ['kubectl'],
      async (t) => {
        await t.create('networkpolicies', { metadata: { name: 'n' }, spec: { podSelector: {}, policyTypes: ['Ingress'] } });
        match(
          await t.kubectl('describe netpol n').ok(),
          /^Spec:\n {2}PodSelector: +<none> \(Allowing the specific traffic to all pods in this namespace\)\n {2}Allowing ingress traffic:\n {4}<none> \(Selected pods are isolated for ingress connectivity\)\n/m,
        );
      },
    ],
    'a pod on a Service’s name: environment of links': [
      ['run'],
      async (t) => {
        await t.create('services', service('web'));
        await t.create(
          'pods',
          pod('p', { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.36', command: ['env'] }] }),
        );
        await t.untilObject('pods', 'p', { status: { phase: 'Succeeded' } });
        const { text } = await t.GET(t.path('pods', 'p', 'log'));
        match(text, /^KUBERNETES_SERVICE_HOST=\d/m);
        match(text, /^WEB_SERVICE_PORT=80$/m);
      },
    ],
  },
);
