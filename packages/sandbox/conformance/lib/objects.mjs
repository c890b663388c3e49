// The plainest object of each kind that the cases change.

export const image = 'nginx:1.27';
const container = (name = 'main', more = {}) => ({ name, image, ...more });

export const configMap = (name, data = { a: '1' }, metadata = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...metadata },
  data,
});

export const secret = (name, stringData = { a: '1' }, more = {}) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  stringData,
  ...more,
});

export const pod = (name, spec = {}, metadata = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { containers: [container()], terminationGracePeriodSeconds: 1, ...spec },
});

/** A pod that no scheduler will take up: it stays Pending, whatever the target runs. */
export const idlePod = (name, spec = {}, metadata = {}) => pod(name, { schedulerName: 'nobody', ...spec }, metadata);

export const template = (labels, spec = {}) => ({
  metadata: { labels },
  spec: { containers: [container()], terminationGracePeriodSeconds: 1, ...spec },
});

export const deployment = (name, spec = {}, podSpec = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: { replicas: 1, selector: { matchLabels: { app: name } }, template: template({ app: name }, podSpec), ...spec },
});

export const replicaSet = (name, spec = {}) => ({ ...deployment(name, spec), kind: 'ReplicaSet' });

export const statefulSet = (name, spec = {}) => ({
  ...deployment(name, { serviceName: name, ...spec }),
  kind: 'StatefulSet',
});

export const daemonSet = (name, spec = {}, podSpec = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, template: template({ app: name }, podSpec), ...spec },
});

export const job = (name, spec = {}, podSpec = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: {
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1.36', command: ['true'] }], ...podSpec },
    },
    ...spec,
  },
});

export const cronJob = (name, spec = {}) => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name },
  spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: job('x').spec }, ...spec },
});

export const service = (name, spec = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec },
});

export const claim = (name, spec = {}) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});

export const ingress = (name, spec = {}) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name },
  spec: {
    rules: [
      {
        host: 'web.example',
        http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] },
      },
    ],
    ...spec,
  },
});

export const autoscaler = (name, spec = {}) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name },
  spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, maxReplicas: 3, ...spec },
});

export const budget = (name, spec = {}) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name },
  spec: { minAvailable: 1, selector: { matchLabels: { app: name } }, ...spec },
});

export const role = (name, rules) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name }, rules });

export const binding = (name, roleName, user, kind = 'Role') => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: roleName },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
});

export const quota = (name, hard) => ({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name }, spec: { hard } });

/** A Status of a failure, as far as a case names it. */
export const failure = (code, reason, message, details) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  code,
  reason,
  message,
  ...(details ? { details } : {}),
});
