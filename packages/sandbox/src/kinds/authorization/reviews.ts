import type { KubeObject } from '@fairlead/kube/protocol';
import { ruleResolver } from '../../access/rbac/rules.js';
import { badRequest, invalid } from '../../machinery/api-error.js';
import { type FieldError, invalidValue } from '../../machinery/field-error.js';
import type { UserInfo } from '../../machinery/user.js';
import type { ResourceDefinition, WriteContext } from '../../registry/definition.js';
import type { Attributes } from '../../server/access.js';
import { define } from '../parts/define.js';
import { fields, isSet, strings, text } from '../parts/values.js';

const group = 'authorization.k8s.io';
const review = (kind: string, answer: ResourceDefinition['answer'], namespaced = false): ResourceDefinition =>
  define({ group, kind, resource: `${kind.toLowerCase()}s`, namespaced, verbs: ['create'], hasGeneration: false, answer, cells: () => [] });

export const reviews: readonly ResourceDefinition[] = [
  review('LocalSubjectAccessReview', (asked, context) => accessAnswer(asked, 'local', context), true),
  review('SelfSubjectAccessReview', (asked, context) => accessAnswer(asked, 'self', context)),
  review('SelfSubjectRulesReview', rulesAnswer),
  review('SubjectAccessReview', (asked, context) => accessAnswer(asked, 'any', context)),
];

type Whom = 'self' | 'any' | 'local';

function accessAnswer(asked: KubeObject, whom: Whom, { api, user }: WriteContext): KubeObject {
  const spec = fields(asked.spec);
  const namespace = text(asked.metadata.namespace);
  const errors = specErrors(spec, whom);
  if (whom === 'local') errors.push(...localErrors(spec, namespace));
  if (errors.length > 0) throw invalid({ group, kind: '' }, '', errors);
  const { allowed, reason } = ruleResolver(api).authorize(whom === 'self' ? user : subjectOf(spec), attributesOf(spec));
  return { ...asked, metadata: answered(whom === 'local' ? namespace : ''), status: { allowed, ...(reason ? { reason } : {}) } };
}

function specErrors({ resourceAttributes, nonResourceAttributes, user, groups }: Record<string, unknown>, whom: Whom): FieldError[] {
  const errors: FieldError[] = [];
  if (isSet(resourceAttributes) && isSet(nonResourceAttributes)) {
    const { path, verb } = fields(nonResourceAttributes);
    const shown = { Path: text(path), Verb: text(verb) };
    errors.push(invalidValue('spec.nonResourceAttributes', shown, 'cannot be specified in combination with resourceAttributes'));
  }
  if (!isSet(resourceAttributes) && !isSet(nonResourceAttributes)) {
    const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push(invalidValue('spec.resourceAttributes', null, why));
  }
  if (whom !== 'self' && text(user) === '' && strings(groups).length === 0)
    errors.push(invalidValue('spec.user', '', 'at least one of user or group must be specified'));
  return errors;
}

function localErrors({ resourceAttributes, nonResourceAttributes }: Record<string, unknown>, namespace: string): FieldError[] {
  const errors: FieldError[] = [];
  const inside = text(fields(resourceAttributes).namespace);
  if (isSet(resourceAttributes) && inside !== namespace)
    errors.push(invalidValue('spec.resourceAttributes.namespace', inside, 'must match metadata.namespace'));
  if (isSet(nonResourceAttributes)) {
    const { path, verb } = fields(nonResourceAttributes);
    errors.push(invalidValue('spec.nonResourceAttributes', { Path: text(path), Verb: text(verb) }, 'disallowed on this kind of request'));
  }
  return errors;
}

function subjectOf({ user, groups, uid, extra }: Record<string, unknown>): UserInfo {
  return { name: text(user), uid: text(uid), groups: strings(groups), extra: fields(extra) as Record<string, readonly string[]> };
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: Record<string, unknown>): Attributes {
  const isResourceRequest = isSet(resourceAttributes);
  const asked = fields(isResourceRequest ? resourceAttributes : nonResourceAttributes);
  return {
    isResourceRequest,
    verb: text(asked.verb),
    path: text(asked.path),
    apiGroup: text(asked.group),
    apiVersion: text(asked.version) || '*',
    namespace: text(asked.namespace),
    resource: text(asked.resource),
    subresource: text(asked.subresource),
    name: text(asked.name),
  };
}

/** Nothing of the question is said again. */
function rulesAnswer(asked: KubeObject, { api, user }: WriteContext): KubeObject {
  const namespace = text(fields(asked.spec).namespace);
  if (namespace === '') throw badRequest('no namespace on request');
  const { rules, problem } = ruleResolver(api).rulesFor(user, namespace);
  // system:masters stands above RBAC; its binding to cluster-admin says it here.
  const resourceRules = rules
    .filter((rule) => rule.resources.length > 0)
    .map(({ verbs, apiGroups, resources, resourceNames }) => ({
      verbs,
      apiGroups,
      resources,
      ...(resourceNames.length > 0 ? { resourceNames } : {}),
    }));
  const nonResourceRules = rules
    .filter((rule) => rule.nonResourceURLs.length > 0)
    .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs }));
  const status = { resourceRules, nonResourceRules, incomplete: false, ...(problem ? { evaluationError: problem } : {}) };
  return { apiVersion: `${group}/v1`, kind: 'SelfSubjectRulesReview', metadata: answered(''), spec: {}, status };
}

/** An answer has no name. */
const answered = (namespace: string): KubeObject['metadata'] => (namespace ? { namespace } : {}) as KubeObject['metadata'];
