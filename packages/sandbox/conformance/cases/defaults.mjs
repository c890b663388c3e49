import { absent, match, same } from '../lib/expect.mjs';
import * as make from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

/** [title, resource, object, what the server makes of it]. */
const rows = [
  [
    'Deployment',
    'deployments',
    make.deployment('x', { replicas: undefined, paused: true }),
    {
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      },
    },
  ],
  [
    'pod template',
    'deployments',
    make.deployment('tmpl', { replicas: 0 }),
    {
      spec: {
        template: {
          metadata: { creationTimestamp: (v) => v === null || v === undefined },
          spec: {
            restartPolicy: 'Always',
            dnsPolicy: 'ClusterFirst',
            schedulerName: 'default-scheduler',
            securityContext: {},
            terminationGracePeriodSeconds: 1,
            containers: [
              {
                imagePullPolicy: 'IfNotPresent',
                terminationMessagePath: '/dev/termination-log',
                terminationMessagePolicy: 'File',
                resources: {},
              },
            ],
          },
        },
      },
    },
  ],
  [
    'pull policy of latest',
    'pods',
    make.idlePod('latest', {
      containers: [
        { name: 'a', image: 'nginx' },
        { name: 'b', image: 'nginx:latest' },
        { name: 'c', image: 'nginx:1' },
      ],
    }),
    { spec: { containers: [{ imagePullPolicy: 'Always' }, { imagePullPolicy: 'Always' }, { imagePullPolicy: 'IfNotPresent' }] } },
  ],
  [
    'pod',
    'pods',
    make.idlePod('x', { terminationGracePeriodSeconds: undefined }),
    {
      spec: { terminationGracePeriodSeconds: 30, enableServiceLinks: true, nodeName: absent, hostNetwork: absent },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    },
  ],
  [
    'quality of service: burstable',
    'pods',
    make.idlePod('burst', { containers: [{ name: 'a', image: 'x:1', resources: { requests: { cpu: '1m' } } }] }),
    { status: { qosClass: 'Burstable' } },
  ],
  [
    'quality of service: guaranteed; requests are the limits',
    'pods',
    make.idlePod('sure', { containers: [{ name: 'a', image: 'x:1', resources: { limits: { cpu: '1', memory: '1Gi' } } }] }),
    { status: { qosClass: 'Guaranteed' }, spec: { containers: [{ resources: { requests: { cpu: '1', memory: '1Gi' } } }] } },
  ],
  [
    'quantities are written in their shortest form',
    'pods',
    make.idlePod('qty', {
      containers: [
        { name: 'a', image: 'x:1', resources: { limits: { cpu: '1000m', memory: '1024Mi' }, requests: { cpu: 0.5, memory: '1000000' } } },
      ],
    }),
    { spec: { containers: [{ resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m', memory: '1M' } } }] } },
  ],
  [
    'probes',
    'pods',
    make.idlePod('probe', { containers: [{ name: 'a', image: 'x:1', livenessProbe: { httpGet: { port: 80 } } }] }),
    {
      spec: {
        containers: [
          {
            livenessProbe: {
              httpGet: { path: '/', port: 80, scheme: 'HTTP' },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
          },
        ],
      },
    },
  ],
  [
    'volumes',
    'pods',
    make.idlePod('vol', {
      volumes: [{ name: 's', secret: { secretName: 'x' } }, { name: 'c', configMap: { name: 'x' } }, { name: 'e' }],
      automountServiceAccountToken: false,
    }),
    { spec: { volumes: [{ secret: { defaultMode: 420 } }, { configMap: { defaultMode: 420 } }, { emptyDir: {} }] } },
  ],
  [
    'field references',
    'pods',
    make.idlePod('ref', {
      containers: [{ name: 'a', image: 'x:1', env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }],
    }),
    { spec: { containers: [{ env: [{ valueFrom: { fieldRef: { apiVersion: 'v1' } } }] }] } },
  ],
  [
    'container ports',
    'pods',
    make.idlePod('port', { containers: [{ name: 'a', image: 'x:1', ports: [{ containerPort: 80 }] }] }),
    { spec: { containers: [{ ports: [{ containerPort: 80, protocol: 'TCP' }] }] } },
  ],
  [
    'host network: the host port is the port',
    'pods',
    make.idlePod('host', { hostNetwork: true, containers: [{ name: 'a', image: 'x:1', ports: [{ containerPort: 80 }] }] }),
    { spec: { containers: [{ ports: [{ hostPort: 80 }] }] } },
  ],
  [
    'Service',
    'services',
    make.service('x'),
    {
      spec: {
        type: 'ClusterIP',
        clusterIP: /^\d+\.\d+\.\d+\.\d+$/,
        clusterIPs: (v) => v.length === 1,
        sessionAffinity: 'None',
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      },
      status: { loadBalancer: {} },
    },
  ],
  [
    'Service with node ports',
    'services',
    make.service('node', { type: 'NodePort' }),
    { spec: { externalTrafficPolicy: 'Cluster', ports: [{ nodePort: (v) => v >= 30000 && v <= 32767 }] } },
  ],
  [
    'Service with a load balancer',
    'services',
    make.service('lb', { type: 'LoadBalancer' }),
    { spec: { allocateLoadBalancerNodePorts: true, ports: [{ nodePort: (v) => v >= 30000 }] } },
  ],
  ['headless Service', 'services', make.service('none', { clusterIP: 'None' }), { spec: { clusterIP: 'None', clusterIPs: ['None'] } }],
  [
    'Service by another name',
    'services',
    { metadata: { name: 'ext' }, spec: { type: 'ExternalName', externalName: 'example.com' } },
    { spec: { clusterIP: absent, sessionAffinity: 'None', externalName: 'example.com' } },
  ],
  [
    'Service with client affinity',
    'services',
    make.service('aff', { sessionAffinity: 'ClientIP' }),
    { spec: { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } } },
  ],
  [
    'StatefulSet',
    'statefulsets',
    make.statefulSet('x', { replicas: 0, volumeClaimTemplates: [make.claim('data')] }),
    {
      spec: {
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        volumeClaimTemplates: [
          { kind: 'PersistentVolumeClaim', apiVersion: 'v1', spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
        ],
      },
    },
  ],
  [
    'DaemonSet',
    'daemonsets',
    make.daemonSet('x', {}, { nodeSelector: { none: 'such' } }),
    { spec: { revisionHistoryLimit: 10, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } } },
  ],
  [
    'Job',
    'jobs',
    make.job('x', { suspend: true }),
    {
      spec: {
        parallelism: 1,
        completions: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: true,
        manualSelector: false,
        podReplacementPolicy: 'TerminatingOrFailed',
      },
    },
  ],
  [
    'Job with its own selector and labels',
    'jobs',
    make.job('sel', { suspend: true }),
    {
      spec: {
        selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': /-/ } },
        template: {
          metadata: {
            labels: {
              'job-name': 'sel',
              'controller-uid': /-/,
              'batch.kubernetes.io/job-name': 'sel',
              'batch.kubernetes.io/controller-uid': /-/,
            },
          },
        },
      },
    },
  ],
  ['Job of a work queue', 'jobs', make.job('queue', { suspend: true, parallelism: 3 }), { spec: { parallelism: 3, completions: absent } }],
  [
    'CronJob',
    'cronjobs',
    make.cronJob('x', { suspend: undefined }),
    {
      spec: {
        concurrencyPolicy: 'Allow',
        suspend: false,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 1,
        jobTemplate: { spec: { template: { spec: { dnsPolicy: 'ClusterFirst' } } } },
      },
    },
  ],
  [
    'autoscaler without metrics',
    'horizontalpodautoscalers',
    make.autoscaler('x'),
    {
      spec: {
        minReplicas: 1,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
      },
    },
  ],
  [
    'autoscaler with a behaviour',
    'horizontalpodautoscalers',
    make.autoscaler('behave', { behavior: { scaleDown: { stabilizationWindowSeconds: 60 } } }),
    {
      spec: {
        behavior: {
          scaleDown: {
            stabilizationWindowSeconds: 60,
            selectPolicy: 'Max',
            policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
          },
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: 'Max',
            policies: [
              { type: 'Pods', value: 4, periodSeconds: 15 },
              { type: 'Percent', value: 100, periodSeconds: 15 },
            ],
          },
        },
      },
    },
  ],
  [
    'claim',
    'persistentvolumeclaims',
    make.claim('x', { storageClassName: 'some' }),
    { spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
  ],
  ['Secret', 'secrets', make.secret('x', { a: 'ä' }), { type: 'Opaque', data: { a: 'w6Q=' }, stringData: absent }],
  [
    'Secret: stringData wins over data',
    'secrets',
    { ...make.secret('wins', { a: 'new' }), data: { a: 'b2xk', b: 'Yg==' } },
    { data: { a: 'bmV3', b: 'Yg==' } },
  ],
  [
    'ConfigMap with binary data',
    'configmaps',
    { ...make.configMap('bin'), binaryData: { b: 'AAE=' } },
    { data: { a: '1' }, binaryData: { b: 'AAE=' } },
  ],
  [
    'Ingress',
    'ingresses',
    make.ingress('x', { ingressClassName: 'some' }),
    { spec: { rules: [{ http: { paths: [{ pathType: 'Prefix', path: '/' }] } }] }, status: { loadBalancer: {} } },
  ],
  [
    'network policy',
    'networkpolicies',
    { metadata: { name: 'x' }, spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } },
    { spec: { policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }] } },
  ],
  [
    'role binding: the groups of its names',
    'rolebindings',
    {
      metadata: { name: 'x' },
      roleRef: { kind: 'Role', name: 'r', apiGroup: 'rbac.authorization.k8s.io' },
      subjects: [
        { kind: 'User', name: 'ann' },
        { kind: 'ServiceAccount', name: 's', namespace: 'n' },
      ],
    },
    { subjects: [{ apiGroup: 'rbac.authorization.k8s.io' }, { apiGroup: absent }] },
  ],
];

export default suite(
  'defaults',
  { namespace: 'shared' },
  {
    ...table(
      rows,
      ([title]) => title,
      async (t, [, resource, object, expected]) => {
        match(await t.create(resource, object), expected, resource);
      },
    ),
    'autoscaling/v1 is v2 in other words': async (t) => {
      const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
      const path = `/apis/autoscaling/v1/namespaces/${t.ns}/horizontalpodautoscalers`;
      await t
        .POST(path, {
          apiVersion: 'autoscaling/v1',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'old' },
          spec: { scaleTargetRef: target, maxReplicas: 4, targetCPUUtilizationPercentage: 70 },
        })
        .is(201, { apiVersion: 'autoscaling/v1', spec: { minReplicas: 1, targetCPUUtilizationPercentage: 70 } });
      match(await t.read('horizontalpodautoscalers', 'old'), {
        apiVersion: 'autoscaling/v2',
        spec: { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }] },
      });
    },
    'two Services have two addresses, and an address may be asked for': async (t) => {
      const one = await t.create('services', make.service('one'));
      const two = await t.create('services', make.service('two'));
      match(one.spec.clusterIP !== two.spec.clusterIP, true);
      await t.POST(t.path('services'), make.service('three', { clusterIP: one.spec.clusterIP })).is(422, {
        message: `Service "three" is invalid: spec.clusterIPs: Invalid value: ["${one.spec.clusterIP}"]: failed to allocate IP ${one.spec.clusterIP}: provided IP is already allocated`,
      });
    },
    'an address outside the range': async (t) => {
      await t.POST(t.path('services'), make.service('far', { clusterIP: '192.0.2.1' })).is(422, {
        message:
          /spec\.clusterIPs: Invalid value: \["192\.0\.2\.1"\]: failed to allocate IP 192\.0\.2\.1: (the )?provided (IP \(192\.0\.2\.1\)|network) (is not in the valid range|does not match).*/,
      });
    },
    'a node port is given once': async (t) => {
      const one = await t.create('services', make.service('np1', { type: 'NodePort' }));
      const { nodePort } = one.spec.ports[0];
      await t.POST(t.path('services'), make.service('np2', { type: 'NodePort', ports: [{ port: 80, nodePort }] })).is(422, {
        message: `Service "np2" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
      });
    },
    'a Service that becomes ClusterIP gives its node port back': async (t) => {
      await t.create('services', make.service('back', { type: 'NodePort' }));
      const { spec } = await t.PATCH(t.path('services', 'back'), { spec: { type: 'ClusterIP' } }, 'merge').is(200);
      match(spec, { type: 'ClusterIP', ports: [{ nodePort: absent }], externalTrafficPolicy: absent });
    },
    'a Lease keeps its microseconds': async (t) => {
      const { spec } = await t.create('leases', {
        metadata: { name: 'l' },
        spec: { holderIdentity: 'me', leaseDurationSeconds: 15, acquireTime: '2024-01-02T03:04:05.678901Z' },
      });
      same(spec, { holderIdentity: 'me', leaseDurationSeconds: 15, acquireTime: '2024-01-02T03:04:05.678901Z' });
    },
  },
);
