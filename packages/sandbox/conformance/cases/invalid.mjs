import { match } from '../lib/expect.mjs';
import * as make from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

/** Changes a copy: `{'spec.replicas': -1}`; undefined takes away. */
function put(object, changes) {
  const copy = structuredClone(object);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    let at = copy;
    for (const key of keys.slice(0, -1)) at = at[key];
    const last = keys.at(-1);
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return copy;
}

const dns1123 =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const dns1123label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const dns1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const dep = make.deployment('web');
const pod = make.idlePod('web');

/** [title, resource, object, the message after `Kind "name" is invalid: `, one of its causes]. */
const rows = [
  [
    'a name with capitals',
    'configmaps',
    make.configMap('Bad_Name'),
    `metadata.name: Invalid value: "Bad_Name": ${dns1123}`,
    { reason: 'FieldValueInvalid', field: 'metadata.name' },
  ],
  ['a Service name that begins with a digit', 'services', make.service('1web'), `metadata.name: Invalid value: "1web": ${dns1035}`],
  [
    'a label value with blanks',
    'configmaps',
    make.configMap('x', {}, { labels: { a: 'b c' } }),
    "metadata.labels: Invalid value: \"b c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  ],
  [
    'a ConfigMap key with a slash',
    'configmaps',
    make.configMap('x', { 'a/b': '1' }),
    "data[a/b]: Invalid value: \"a/b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
  ],
  [
    'a Deployment without selector',
    'deployments',
    put(dep, { 'spec.selector': undefined }),
    '[spec.selector: Required value, spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`]',
    { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.selector' },
  ],
  [
    'a Deployment whose selector does not match',
    'deployments',
    put(dep, { 'spec.selector': { matchLabels: { app: 'other' } } }),
    'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
  ],
  [
    'negative replicas',
    'deployments',
    put(dep, { 'spec.replicas': -1 }),
    'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  ],
  [
    'a Deployment whose pods may not restart',
    'deployments',
    put(dep, { 'spec.template.spec.restartPolicy': 'Never' }),
    'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    { reason: 'FieldValueNotSupported' },
  ],
  [
    'an unknown strategy',
    'deployments',
    put(dep, { 'spec.strategy': { type: 'Sometimes' } }),
    /^spec\.strategy: Unsupported value: .*"Sometimes".*: supported values: "Recreate", "RollingUpdate"$/,
  ],
  [
    'Recreate with rollingUpdate',
    'deployments',
    put(dep, { 'spec.strategy': { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
    { reason: 'FieldValueForbidden' },
  ],
  [
    'neither surge nor unavailable',
    'deployments',
    put(dep, { 'spec.strategy': { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0',
  ],
  ['a pod without containers', 'pods', put(pod, { 'spec.containers': [] }), 'spec.containers: Required value'],
  ['a container without image', 'pods', put(pod, { 'spec.containers': [{ name: 'main' }] }), 'spec.containers[0].image: Required value'],
  ['a container without name', 'pods', put(pod, { 'spec.containers': [{ image: make.image }] }), 'spec.containers[0].name: Required value'],
  [
    'two containers of one name',
    'pods',
    put(pod, {
      'spec.containers': [
        { name: 'a', image: 'x' },
        { name: 'a', image: 'y' },
      ],
    }),
    'spec.containers[1].name: Duplicate value: "a"',
    { reason: 'FieldValueDuplicate' },
  ],
  [
    'a container name with capitals',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'Main', image: 'x' }] }),
    `spec.containers[0].name: Invalid value: "Main": ${dns1123label}`,
  ],
  [
    'a port that is none',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'main', image: 'x', ports: [{ containerPort: 70000 }] }] }),
    'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
  ],
  [
    'a pull policy that is none',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'main', image: 'x', imagePullPolicy: 'Maybe' }] }),
    'spec.containers[0].imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"',
  ],
  [
    'a restart policy that is none',
    'pods',
    put(pod, { 'spec.restartPolicy': 'Maybe' }),
    'spec.restartPolicy: Unsupported value: "Maybe": supported values: "Always", "OnFailure", "Never"',
  ],
  [
    'a request above its limit',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'main', image: 'x', resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }] }),
    'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  ],
  [
    'a mount without a volume',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'main', image: 'x', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] }),
    'spec.containers[0].volumeMounts[0].name: Not found: "data"',
    { reason: 'FieldValueNotFound' },
  ],
  [
    'an environment variable without name',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'main', image: 'x', env: [{ value: '1' }] }] }),
    'spec.containers[0].env[0].name: Required value',
  ],
  [
    'a probe with two handlers',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'main', image: 'x', readinessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } }] }),
    'spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type',
  ],
  [
    'a probe without handler',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'main', image: 'x', livenessProbe: { periodSeconds: 3 } }] }),
    'spec.containers[0].livenessProbe: Required value: must specify a handler type',
  ],
  [
    'a liveness probe that must succeed twice',
    'pods',
    put(pod, { 'spec.containers': [{ name: 'main', image: 'x', livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }] }),
    'spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1',
  ],
  ['a Service without ports', 'services', put(make.service('web'), { 'spec.ports': undefined }), 'spec.ports: Required value'],
  [
    'two Service ports without names',
    'services',
    put(make.service('web'), { 'spec.ports': [{ port: 80 }, { port: 81 }] }),
    '[spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
  ],
  [
    'a Service type that is none',
    'services',
    put(make.service('web'), { 'spec.type': 'Balanced' }),
    'spec.type: Unsupported value: "Balanced": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
  ],
  [
    'a nodePort outside the range',
    'services',
    put(make.service('web'), { 'spec.type': 'NodePort', 'spec.ports': [{ port: 80, nodePort: 80 }] }),
    'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
  ],
  [
    'a Job that may always restart',
    'jobs',
    put(make.job('x'), { 'spec.template.spec.restartPolicy': 'Always' }),
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    'a Job without restart policy',
    'jobs',
    put(make.job('x'), { 'spec.template.spec.restartPolicy': undefined }),
    'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
  ],
  [
    'a schedule that is none',
    'cronjobs',
    make.cronJob('x', { schedule: 'sometimes' }),
    'spec.schedule: Invalid value: "sometimes": expected exactly 5 fields, found 1: [sometimes]',
  ],
  [
    'a concurrency policy that is none',
    'cronjobs',
    make.cronJob('x', { concurrencyPolicy: 'Maybe' }),
    'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
  ],
  [
    'a time zone that is none',
    'cronjobs',
    make.cronJob('x', { timeZone: 'Here/There' }),
    'spec.timeZone: Invalid value: "Here/There": unknown time zone Here/There',
  ],
  [
    'an autoscaler without maximum',
    'horizontalpodautoscalers',
    make.autoscaler('x', { maxReplicas: 0 }),
    '[spec.maxReplicas: Invalid value: 0: must be greater than 0, spec.maxReplicas: Invalid value: 0: must be greater than or equal to `minReplicas`]',
  ],
  [
    'an autoscaler with the minimum above the maximum',
    'horizontalpodautoscalers',
    make.autoscaler('x', { minReplicas: 5 }),
    'spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`',
  ],
  [
    'a budget with both bounds',
    'poddisruptionbudgets',
    make.budget('x', { maxUnavailable: 1 }),
    /^spec: Invalid value: .*: minAvailable and maxUnavailable cannot be both set$/,
  ],
  [
    'an Ingress without rules',
    'ingresses',
    make.ingress('x', { rules: undefined }),
    'spec: Invalid value: null: either `defaultBackend` or `rules` must be specified',
  ],
  [
    'an Ingress path without type',
    'ingresses',
    make.ingress('x', { rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 'web', port: { number: 80 } } } }] } }] }),
    'spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified',
  ],
  [
    'an Ingress path that is not absolute',
    'ingresses',
    make.ingress('x', {
      rules: [{ http: { paths: [{ path: 'a', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }],
    }),
    'spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path',
  ],
  [
    'a claim without access mode',
    'persistentvolumeclaims',
    make.claim('x', { accessModes: [] }),
    'spec.accessModes: Required value: at least 1 access mode is required',
  ],
  ['a claim without size', 'persistentvolumeclaims', make.claim('x', { resources: {} }), 'spec.resources[storage]: Required value'],
  [
    'a Secret of type TLS without certificate',
    'secrets',
    make.secret('x', { 'tls.key': 'k' }, { type: 'kubernetes.io/tls' }),
    'data[tls.crt]: Required value',
  ],
  [
    'a Secret for a registry that is no JSON',
    'secrets',
    make.secret('x', { '.dockerconfigjson': 'no' }, { type: 'kubernetes.io/dockerconfigjson' }),
    "data[.dockerconfigjson]: Invalid value: \"<secret contents redacted>\": invalid character 'o' in literal null (expecting 'u')",
  ],
  [
    'a quota that is negative',
    'resourcequotas',
    make.quota('x', { pods: '-1' }),
    'spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0',
  ],
  [
    'a role that names nothing',
    'roles',
    make.role('x', [{ verbs: ['get'] }]),
    '[rules[0].apiGroups: Required value: resource rules must supply at least one api group, rules[0].resources: Required value: resource rules must supply at least one resource]',
  ],
  [
    'a role without verbs',
    'roles',
    make.role('x', [{ apiGroups: [''], resources: ['pods'] }]),
    'rules[0].verbs: Required value: verbs must contain at least one value',
  ],
  [
    'a DaemonSet with another selector',
    'daemonsets',
    make.daemonSet('x', { selector: { matchLabels: { app: 'y' } } }),
    'spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
  ],
];

const kinds = {
  configmaps: 'ConfigMap',
  services: 'Service',
  deployments: 'Deployment.apps',
  pods: 'Pod',
  jobs: 'Job.batch',
  cronjobs: 'CronJob.batch',
  horizontalpodautoscalers: 'HorizontalPodAutoscaler.autoscaling',
  poddisruptionbudgets: 'PodDisruptionBudget.policy',
  ingresses: 'Ingress.networking.k8s.io',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  secrets: 'Secret',
  resourcequotas: 'ResourceQuota',
  roles: 'Role.rbac.authorization.k8s.io',
  daemonsets: 'DaemonSet.apps',
};

export default suite(
  'invalid',
  { namespace: 'shared' },
  {
    ...table(
      rows,
      ([title]) => title,
      async (t, [, resource, object, message, cause]) => {
        const [kind, ...group] = kinds[resource].split('.');
        const { message: got } = await t.POST(t.path(resource), object).is(422, {
          kind: 'Status',
          status: 'Failure',
          reason: 'Invalid',
          code: 422,
          details: {
            name: object.metadata.name,
            kind,
            ...(group.length > 0 ? { group: group.join('.') } : {}),
            causes: (causes) => causes.length > 0 && (!cause || causes.some((c) => Object.entries(cause).every(([k, v]) => c[k] === v))),
          },
        });
        const prefix = `${kinds[resource]} "${object.metadata.name}" is invalid: `;
        match(got.slice(0, prefix.length), prefix, 'the beginning of the message');
        match(got.slice(prefix.length), message, 'message');
      },
    ),
    'a Deployment without name': async (t) => {
      await t.POST(t.path('deployments'), put(dep, { 'metadata.name': undefined })).is(422, {
        reason: 'Invalid',
        message: 'Deployment.apps "" is invalid: metadata.name: Required value: name or generateName is required',
        details: {
          group: 'apps',
          kind: 'Deployment',
          causes: [{ reason: 'FieldValueRequired', message: 'Required value: name or generateName is required', field: 'metadata.name' }],
        },
      });
    },
    'kubectl prints each cause': [
      ['kubectl'],
      async (t) => {
        const object = put(make.service('web'), { 'spec.ports': [{ port: 80 }, { port: 81 }] });
        await t
          .kubectl('create -f -', { stdin: object })
          .fails('The Service "web" is invalid: \n* spec.ports[0].name: Required value\n* spec.ports[1].name: Required value');
      },
    ],
  },
);
