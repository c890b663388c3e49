import * as make from '../lib/objects.mjs';
import { suite, table } from '../lib/suite.mjs';

/** [title, resource, object, merge patch, message]. */
const fixed = [
  [
    'the selector of a Deployment',
    'deployments',
    make.deployment('f', { replicas: 0 }),
    { spec: { selector: { matchLabels: { app: 'g' } }, template: { metadata: { labels: { app: 'g' } } } } },
    'Deployment.apps "f" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"g"}}: field is immutable',
  ],
  [
    'the selector of a ReplicaSet',
    'replicasets',
    make.replicaSet('f', { replicas: 0 }),
    { spec: { selector: { matchLabels: { app: 'g' } }, template: { metadata: { labels: { app: 'g' } } } } },
    'ReplicaSet.apps "f" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"g"}}: field is immutable',
  ],
  [
    'the selector of a DaemonSet',
    'daemonsets',
    make.daemonSet('f', {}, { nodeSelector: { none: 'such' } }),
    { spec: { selector: { matchLabels: { app: 'g' } }, template: { metadata: { labels: { app: 'g' } } } } },
    'DaemonSet.apps "f" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"g"}}: field is immutable',
  ],
  [
    'the service name of a StatefulSet',
    'statefulsets',
    make.statefulSet('f', { replicas: 0 }),
    { spec: { serviceName: 'other' } },
    "StatefulSet.apps \"f\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ],
  [
    'the claims of a StatefulSet',
    'statefulsets',
    make.statefulSet('claims', { replicas: 0 }),
    { spec: { volumeClaimTemplates: [make.claim('data')] } },
    /^StatefulSet\.apps "claims" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas'/,
  ],
  [
    'the template of a Job',
    'jobs',
    make.job('f', { suspend: true }),
    { spec: { template: { spec: { containers: [{ name: 'main', image: 'other:1' }] } } } },
    /^Job\.batch "f" is invalid: spec\.template: Invalid value: .*: field is immutable$/s,
  ],
  [
    'the completions of a Job',
    'jobs',
    make.job('c', { suspend: true }),
    { spec: { completions: 5 } },
    'Job.batch "c" is invalid: spec.completions: Invalid value: 5: field is immutable',
  ],
  [
    'the address of a Service',
    'services',
    make.service('f'),
    { spec: { clusterIP: '10.96.200.200', clusterIPs: ['10.96.200.200'] } },
    'Service "f" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.200.200"]: may not change once set',
  ],
  [
    'the address of a Service cannot be taken away',
    'services',
    make.service('g'),
    { spec: { clusterIP: 'None', clusterIPs: ['None'] } },
    /spec\.clusterIPs\[0\]: Invalid value: \["None"\]: may not change once set$/,
  ],
  [
    'the mode of a claim',
    'persistentvolumeclaims',
    make.claim('f', { storageClassName: 'some' }),
    { spec: { accessModes: ['ReadWriteMany'] } },
    /^PersistentVolumeClaim "f" is invalid: spec: Forbidden: spec is immutable after creation except resources\.requests and volumeAttributesClassName for bound claims/,
  ],
  [
    'a claim cannot shrink',
    'persistentvolumeclaims',
    make.claim('s', { storageClassName: 'some' }),
    { spec: { resources: { requests: { storage: '1Mi' } } } },
    /^PersistentVolumeClaim "s" is invalid: spec: Forbidden: spec is immutable after creation except resources\.requests and volumeAttributesClassName for bound claims/,
  ],
];

export default suite(
  'immutable',
  { namespace: 'shared' },
  table(
    fixed,
    ([title]) => title,
    async (t, [, resource, object, patch, message]) => {
      await t.create(resource, object);
      await t.PATCH(t.path(resource, object.metadata.name), patch, 'merge').is(422, { reason: 'Invalid', message });
    },
  ),
);
