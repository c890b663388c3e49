import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api } from '../../api/api.js';
import { type Fields, fields, isSet, items } from '../../kinds/parts/values.js';
import { invalid } from '../../machinery/api-error.js';
import { equal, groupResource } from '../../machinery/object.js';
import type { AdmissionPlugin, AdmissionRequest } from '../admission.js';
import { admissionForbidden } from '../forbidden.js';
import type { Pod } from './checks.js';
import { describeFindings, findingsOf, isStricter, labelErrors, type Policy, policyOf, shownPolicy } from './levels.js';

const looked = new Set(['', 'ephemeralcontainers', 'resize']);
const mostPods = 3000;

/** The Pod Security Standards, by the labels of namespaces: pods are refused or warned of, what makes pods is warned of. */
export const podSecurity: AdmissionPlugin = {
  name: 'PodSecurity',
  validate(request, api) {
    const { operation, definition, subresource, object } = request;
    if ((operation !== 'CREATE' && operation !== 'UPDATE') || !object) return;
    const resource = groupResource(definition.group, definition.resource);
    if (resource === 'namespaces') {
      if (subresource === '') checkNamespace(request, object, api);
      return;
    }
    const template = templates[resource];
    if (!template || !(resource === 'pods' ? looked.has(subresource) : subresource === '')) return;
    const labels = api.get('namespaces', '', request.namespace)?.metadata.labels;
    if (resource === 'pods') checkPod(request, object, labels);
    else warn(request, template(fields(object.spec)), policyOf(labels, 'warn'));
  },
};

const ofTemplate = (spec: Fields): Pod | undefined => (isSet(spec.template) ? podOf(fields(spec.template)) : undefined);
const podOf = ({ metadata, spec }: Fields): Pod => ({ metadata: fields(metadata) as Pod['metadata'], spec: fields(spec) });

/** Where pods come from, and where they are described in it. */
const templates: Readonly<Record<string, (spec: Fields) => Pod | undefined>> = {
  pods: () => undefined,
  replicationcontrollers: ofTemplate,
  'replicasets.apps': ofTemplate,
  'deployments.apps': ofTemplate,
  'statefulsets.apps': ofTemplate,
  'daemonsets.apps': ofTemplate,
  'jobs.batch': ofTemplate,
  'cronjobs.batch': (spec) => ofTemplate(fields(fields(spec.jobTemplate).spec)),
};

function checkPod(request: AdmissionRequest, object: KubeObject, labels: Record<string, string> | undefined): void {
  if (request.operation === 'UPDATE' && request.oldObject && !changesMuch(object, request.oldObject)) return;
  const pod = { metadata: object.metadata, spec: fields(object.spec) };
  const policy = policyOf(labels, 'enforce');
  const findings = findingsOf(policy, pod);
  if (findings.length > 0)
    throw admissionForbidden(request, `violates PodSecurity "${shownPolicy(policy)}": ${describeFindings(findings)}`);
  warn(request, pod, policyOf(labels, 'warn'));
}

function warn(request: AdmissionRequest, pod: Pod | undefined, policy: Policy): void {
  const findings = pod ? findingsOf(policy, pod) : [];
  if (findings.length > 0) request.warn(`would violate PodSecurity "${shownPolicy(policy)}": ${describeFindings(findings)}`);
}

/** Of a pod that runs only images, deadlines, tolerations and ephemeral containers change; the first and the last can matter. */
function changesMuch(next: KubeObject, old: KubeObject): boolean {
  const shape = ({ metadata, spec: given }: KubeObject): object => {
    const spec = fields(given);
    const bare = (value: unknown): object[] => items(value).map(({ image: _, resources: __, ...rest }) => rest);
    const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => /seccomp|apparmor/.test(key));
    return {
      annotations: Object.fromEntries(annotations),
      containers: bare(spec.containers),
      init: bare(spec.initContainers),
      ephemeral: items(spec.ephemeralContainers),
    };
  };
  return !equal(shape(next), shape(old));
}

function checkNamespace(request: AdmissionRequest, namespace: KubeObject, api: Api): void {
  const before = request.oldObject?.metadata.labels;
  const errors = labelErrors(namespace.metadata.labels);
  if (errors.length > 0 && !(request.operation === 'UPDATE' && equal(errors, labelErrors(before))))
    throw invalid({ group: '', kind: 'Namespace' }, namespace.metadata.name, errors);
  if (request.operation !== 'UPDATE') return;
  const [next, old] = [policyOf(namespace.metadata.labels, 'enforce'), policyOf(before, 'enforce')];
  if (next.level === 'privileged' || equal(next, old)) return;
  if (next.version === old.version && !isStricter(next.level, old.level)) return;
  for (const text of warningsFor(namespace.metadata.name, next, api)) request.warn(text);
}

/** Whom a stricter level would not let in again. */
function warningsFor(namespace: string, policy: Policy, api: Api): string[] {
  const pods = api.list('pods', namespace);
  const byReason = new Map<string, string[]>();
  for (const pod of pods.slice(0, mostPods)) {
    const reason = findingsOf(policy, { metadata: pod.metadata, spec: fields(pod.spec) })
      .map((finding) => finding.reason)
      .join(', ');
    if (reason !== '') byReason.set(reason, [...(byReason.get(reason) ?? []), pod.metadata.name]);
  }
  if (byReason.size === 0) return [];
  const lines = [...byReason].map(([reason, names]) => {
    const others = names.length - 1;
    const more = others === 0 ? '' : ` (and ${others} other pod${others > 1 ? 's' : ''})`;
    return `${names.sort()[0]}${more}: ${reason}`;
  });
  return [`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${shownPolicy(policy)}"`, ...lines.sort()];
}
