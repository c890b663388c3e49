import { match, same } from '../lib/expect.mjs';
import * as make from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

/** What `kubectl create` makes by itself: [words, what it prints, resource, name, the object]. */
const generators = [
  ['create configmap c --from-literal=a=1 --from-literal=b=two', 'configmap/c created', 'configmaps', 'c', { data: { a: '1', b: 'two' } }],
  ['create secret generic s --from-literal=password=x', 'secret/s created', 'secrets', 's', { type: 'Opaque', data: { password: 'eA==' } }],
  [
    'create secret docker-registry r --docker-server=example.com --docker-username=u --docker-password=p',
    'secret/r created',
    'secrets',
    'r',
    { type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': /./ } },
  ],
  ['create serviceaccount robot', 'serviceaccount/robot created', 'serviceaccounts', 'robot', {}],
  [
    'create deployment web --image=nginx:1.27 --replicas=0 --port=80',
    'deployment.apps/web created',
    'deployments',
    'web',
    {
      metadata: { labels: { app: 'web' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: { spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] } },
      },
    },
  ],
  [
    'create quota q --hard=pods=5,requests.cpu=2',
    'resourcequota/q created',
    'resourcequotas',
    'q',
    { spec: { hard: { pods: '5', 'requests.cpu': '2' } } },
  ],
  [
    'create poddisruptionbudget b --selector=app=x --max-unavailable=1',
    'poddisruptionbudget.policy/b created',
    'poddisruptionbudgets',
    'b',
    { spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'x' } } } },
  ],
  [
    'create role see --verb=get --verb=list --resource=pods --resource-name=p',
    'role.rbac.authorization.k8s.io/see created',
    'roles',
    'see',
    { rules: [{ resources: ['pods'], resourceNames: ['p'], verbs: ['get', 'list'] }] },
  ],
  [
    'create rolebinding see --clusterrole=view --user=ann',
    'rolebinding.rbac.authorization.k8s.io/see created',
    'rolebindings',
    'see',
    { roleRef: { kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'User', name: 'ann' }] },
  ],
  [
    'create service loadbalancer lb --tcp=80:8080',
    'service/lb created',
    'services',
    'lb',
    { spec: { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 8080 }] } },
  ],
];

/** What `kubectl describe` says of each kind: [resource, object, lines]. */
const described = [
  ['configmaps', make.configMap('d', { a: 'words' }), [/^Data\n====\na:\n----\nwords\n/m, /^BinaryData\n====\n/m]],
  ['secrets', make.secret('d', { a: 'four' }), [/^Type: +Opaque$/m, /^a: +4 bytes$/m]],
  ['serviceaccounts', { metadata: { name: 'd' } }, [/^Image pull secrets: +<none>$/m, /^Tokens: +<none>$/m]],
  [
    'replicasets',
    make.replicaSet('d', { replicas: 0 }),
    [/^Replicas: +0 current \/ 0 desired$/m, /^Pods Status: +0 Running \/ 0 Waiting \/ 0 Succeeded \/ 0 Failed$/m],
  ],
  ['statefulsets', make.statefulSet('d', { replicas: 0 }), [/^Replicas: +0 desired \| 0 total$/m, /^Update Strategy: +RollingUpdate$/m]],
  [
    'daemonsets',
    make.daemonSet('d', {}, { nodeSelector: { none: 'such' } }),
    [/^Desired Number of Nodes Scheduled: 0$/m, /^Node-Selector: +none=such$/m],
  ],
  ['jobs', make.job('d', { suspend: true }), [/^Parallelism: +1$/m, /^Completions: +1$/m, /^Suspend: +true$/m]],
  [
    'horizontalpodautoscalers',
    make.autoscaler('d'),
    [/^Reference: +Deployment\/d$/m, /^Min replicas: +1$/m, /^ +resource cpu on pods +\(as a percentage of request\): +<unknown> \/ 80%$/m],
  ],
  ['ingresses', make.ingress('d', { ingressClassName: 'some' }), [/^Ingress Class: +some$/m, /^ +\/ +web:80 \(/m]],
  [
    'persistentvolumeclaims',
    make.claim('d', { storageClassName: 'some' }),
    [/^StorageClass: +some$/m, /^Status: +Pending$/m, /^VolumeMode: +Filesystem$/m],
  ],
  ['poddisruptionbudgets', make.budget('d'), [/^Min available: +1$/m, /^Selector: +app=d$/m]],
  ['limitranges', { metadata: { name: 'd' }, spec: { limits: [{ type: 'Pod', max: { cpu: '2' } }] } }, [/^Pod +cpu +- +2 +-/m]],
  [
    'networkpolicies',
    { metadata: { name: 'd' }, spec: { podSelector: { matchLabels: { a: 'b' } }, ingress: [{}] } },
    [/^ +PodSelector: +a=b$/m, /To Port: <any>/],
  ],
  ['leases', { metadata: { name: 'd' }, spec: { holderIdentity: 'me' } }, [/^ {2}Holder Identity: +me$/m]],
  [
    'pods',
    make.idlePod('d', {
      containers: [{ name: 'main', image: 'x:1', env: [{ name: 'A', value: 'b' }], resources: { limits: { cpu: '1' } } }],
    }),
    [/^Node: +<none>$/m, /^ {6}A: +b$/m, /^ {6}cpu: +1$/m, /^Tolerations: +node\.kubernetes\.io\/not-ready:NoExecute op=Exists for 300s$/m],
  ],
];

const everyKind =
  'configmaps,secrets,services,deployments,replicasets,statefulsets,daemonsets,jobs,cronjobs,horizontalpodautoscalers,ingresses,persistentvolumeclaims,poddisruptionbudgets,resourcequotas,limitranges,roles,rolebindings,networkpolicies,leases,serviceaccounts,endpoints,endpointslices,events,pods,controllerrevisions,replicationcontrollers';

export default suite(
  'kubectl',
  { namespace: 'own', needs: ['kubectl'] },
  {
    ...table(
      generators,
      ([words]) => words.split(' --')[0],
      async (t, [words, printed, resource, name, expected]) => {
        await t.kubectl(words).ok(printed);
        match(await t.read(resource, name), expected, resource);
      },
    ),
    ...table(
      described,
      ([resource]) => `describe ${resource}`,
      async (t, [resource, object, lines]) => {
        await t.create(resource, object);
        const text = await t.kubectl(`describe ${resource} d`).ok();
        match(text, /^Name: +d\n/);
        for (const line of lines) match(text, line, `describe ${resource}`);
      },
    ),
    'create priorityclass': async (t) => {
      t.cleanup(() => t.DELETE(t.path('priorityclasses', t.id)));
      await t
        .kubectl(['create', 'priorityclass', t.id, '--value=1000', '--description=for cases'])
        .ok(`priorityclass.scheduling.k8s.io/${t.id} created`);
      match(await t.kubectl(`describe priorityclass ${t.id}`).ok(), /^Value: +1000$/m);
      match(
        await t.kubectl(`get priorityclass ${t.id}`).ok(),
        new RegExp(`^NAME +VALUE +GLOBAL-DEFAULT +AGE +PREEMPTIONPOLICY\n${t.id} +1000 +false +\\d+s +PreemptLowerPriority\n$`),
      );
    },
    'create secret tls wants a certificate': async (t) => {
      await t.kubectl('create secret tls s --cert=/none --key=/none').fails(/no such file or directory/);
    },
    'create twice': async (t) => {
      await t.kubectl('create configmap c').ok();
      await t.kubectl('create configmap c').fails('error: failed to create configmap: configmaps "c" already exists');
    },
    'create -f of several documents': async (t) => {
      const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n';
      await t.kubectl('create -f -', { stdin: yaml }).ok('configmap/a created\nconfigmap/b created');
      await t.kubectl('delete -f -', { stdin: yaml }).ok(/^configmap "a" deleted.*\nconfigmap "b" deleted/);
    },
    'create -f with generateName': async (t) => {
      await t
        .kubectl('create -f -', { stdin: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'g-' } } })
        .ok(/^configmap\/g-[a-z0-9]{5} created$/);
    },
    'create -f of a kind that nobody knows': async (t) => {
      await t
        .kubectl('create -f -', { stdin: { apiVersion: 'none.example/v1', kind: 'Nothing', metadata: { name: 'x' } } })
        .fails(/no matches for kind "Nothing" in version "none\.example\/v1"/);
    },
    run: async (t) => {
      await t.kubectl('run web --image=nginx:1.27 --labels=a=b --env=X=y --port=80 --restart=Never').ok('pod/web created');
      match(await t.read('pods', 'web'), {
        metadata: { labels: { a: 'b' } },
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'web', image: 'nginx:1.27', env: [{ name: 'X', value: 'y' }], ports: [{ containerPort: 80 }] }],
        },
      });
    },
    'run --expose': async (t) => {
      await t.kubectl('run web --image=nginx:1.27 --port=80 --expose').ok('service/web created\npod/web created');
    },
    'get every kind that a namespace has': async (t) => {
      for (const kind of everyKind.split(',')) match((await t.kubectl(`get ${kind}`)).code, 0, kind);
    },
    'get several kinds at once, all namespaces': async (t) => {
      match((await t.kubectl('get pods,deployments,services -A')).code, 0);
    },
    'describe of nothing': async (t) => {
      await t.kubectl('describe deploy none').fails('Error from server (NotFound): deployments.apps "none" not found');
    },
    'cluster-info': async (t) => {
      match(await t.kubectl('cluster-info').ok(), /Kubernetes control plane.* is running at .*https:/);
    },
    'apply of the textbook: a Deployment and its Service in one file': async (t) => {
      const yaml = [make.deployment('web', { replicas: 2 }), make.service('web')].map((o) => `---\n${JSON.stringify(o)}\n`).join('');
      await t.kubectl('apply -f -', { stdin: yaml }).ok('deployment.apps/web created\nservice/web created');
      await t.kubectl('wait deploy/web --for=condition=Available --timeout=60s').ok();
      await t.kubectl('apply -f -', { stdin: yaml }).ok('deployment.apps/web unchanged\nservice/web unchanged');
      await t.kubectl('delete -f -', { stdin: yaml }).ok();
    },
    'label and annotate several at once': async (t) => {
      await t.create('configmaps', make.configMap('a'));
      await t.create('configmaps', make.configMap('b'));
      await t.kubectl('label cm a b x=y').ok('configmap/a labeled\nconfigmap/b labeled');
      await t.kubectl('label cm a --list').ok('x=y');
      await t.kubectl('annotate cm -l x=y note=1').ok('configmap/a annotated\nconfigmap/b annotated');
    },
    'replace of what is not there': async (t) => {
      await t
        .kubectl('replace -f -', { stdin: make.configMap('none') })
        .fails(/^Error from server \(NotFound\): error when replacing "STDIN": configmaps "none" not found$/);
    },
    'replace with an old resourceVersion': async (t) => {
      const made = await t.create('configmaps', make.configMap('c'));
      await t.PATCH(t.path('configmaps', 'c'), { data: { a: '2' } }, 'merge').is(200);
      await t
        .kubectl('replace -f -', { stdin: made })
        .fails(
          /^Error from server \(Conflict\): error when replacing "STDIN": Operation cannot be fulfilled on configmaps "c": the object has been modified/,
        );
    },
    'autoscale, and get hpa': async (t) => {
      await t.create('deployments', make.deployment('web', { replicas: 0 }));
      await t.kubectl('autoscale deploy web --max=4').ok('horizontalpodautoscaler.autoscaling/web autoscaled');
      match(
        await t.kubectl('get hpa web').ok(),
        /^NAME +REFERENCE +TARGETS +MINPODS +MAXPODS +REPLICAS +AGE\nweb +Deployment\/web +cpu: <unknown>\/80% +1 +4 +0 +\d+s\n$/,
      );
    },
    'set env from a ConfigMap': async (t) => {
      await t.create('configmaps', make.configMap('c', { COLOUR: 'red' }));
      await t.create('deployments', make.deployment('web', { replicas: 0 }));
      await t.kubectl('set env deploy/web --from=configmap/c').ok('deployment.apps/web env updated');
      match((await t.read('deployments', 'web')).spec.template.spec.containers[0].env, [
        { name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'c', key: 'COLOUR' } } },
      ]);
    },
    'get --ignore-not-found': async (t) => {
      await t.kubectl('get cm none --ignore-not-found').ok('');
    },
    'get -o jsonpath with a range': async (t) => {
      await t.create('configmaps', make.configMap('a', {}, { labels: { x: '1' } }));
      await t.create('configmaps', make.configMap('b', {}, { labels: { x: '1' } }));
      await t.kubectl(['get', 'cm', '-l', 'x=1', '-o', 'jsonpath={range .items[*]}{.metadata.name}{";"}{end}']).ok('a;b;');
    },
    'a token of a user with few rights sees what is his': async (t) => {
      await t.create('rolebindings', make.binding('view', 'view', 'ann', 'ClusterRole'));
      await t.until('the right', async () => (await t.kubectl('get pods --as=ann')).code === 0);
      await t
        .kubectl('get secrets --as=ann')
        .fails(
          `Error from server (Forbidden): secrets is forbidden: User "ann" cannot list resource "secrets" in API group "" in the namespace "${t.ns}"`,
        );
      await t
        .kubectl('create configmap x --as=ann')
        .fails(
          `error: failed to create configmap: configmaps is forbidden: User "ann" cannot create resource "configmaps" in API group "" in the namespace "${t.ns}"`,
        );
    },
    'managed fields are left out of what is edited': async (t) => {
      await t.create('configmaps', make.configMap('c'));
      const seen = await t.kubectl('edit cm c', { env: { EDITOR: 'grep -c managedFields' } });
      match(seen.stdout + seen.stderr, /^0$/m);
    },
    'edit that is refused keeps a copy': async (t) => {
      await t.create('deployments', make.deployment('web', { replicas: 0 }));
      const { code, stderr } = await t.kubectl('edit deploy web', { env: { EDITOR: 'sed -i s/replicas:.0/replicas:\\ -1/' } });
      match(code, 1);
      match(stderr, /spec\.replicas: Invalid value: -1: must be greater than or equal to 0|deployments\.apps "web" (is|was not valid)/);
    },
    'get -o name is in the order of the names': async (t) => {
      for (const name of ['c', 'a', 'b']) await t.create('configmaps', make.configMap(name, {}, { labels: { x: '1' } }));
      same((await t.kubectl('get cm -l x=1 -o name').ok()).trim().split('\n'), ['configmap/a', 'configmap/b', 'configmap/c']);
    },
  },
);
