import { z } from 'zod';
import { decideKubernetes, type KubernetesAttributes, rulesOfRole, visibleNamespaces } from '../access/index.js';
import type { Caller } from '../auth/index.js';

/**
 * Reviews of oneself are answered for policy ∩ cluster: the cluster is asked as the caller, and what Fairlead's own policy refuses is refused here too.
 * Pure; what is not read here (unknown fields) is refused, so that the cluster never judges something else than we did.
 */

const selector = z.strictObject({ rawSelector: z.string().optional(), requirements: z.array(z.unknown()).nullish() });

const AccessReview = z.strictObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  status: z.unknown().optional(),
  spec: z.strictObject({
    resourceAttributes: z
      .strictObject({
        namespace: z.string().default(''),
        verb: z.string().default(''),
        group: z.string().default(''),
        version: z.string().default(''),
        resource: z.string().default(''),
        subresource: z.string().default(''),
        name: z.string().default(''),
        fieldSelector: selector.optional(),
        labelSelector: selector.optional(),
      })
      .optional(),
    nonResourceAttributes: z.strictObject({ path: z.string().default(''), verb: z.string().default('') }).optional(),
  }),
});
export type AccessReview = z.infer<typeof AccessReview>;

const RulesReview = z.strictObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  status: z.unknown().optional(),
  spec: z.strictObject({ namespace: z.string() }),
});

const rule = z.object({
  verbs: z.array(z.string()),
  apiGroups: z.array(z.string()).nullish(),
  resources: z.array(z.string()).nullish(),
  resourceNames: z.array(z.string()).nullish(),
});
const pathRule = z.object({ verbs: z.array(z.string()), nonResourceURLs: z.array(z.string()).nullish() });
const RulesAnswer = z.looseObject({
  status: z.looseObject({ resourceRules: z.array(rule).nullish(), nonResourceRules: z.array(pathRule).nullish() }),
});

/** undefined: not a review that can be read. */
export const readAccessReview = (value: unknown): AccessReview | undefined => AccessReview.safeParse(value).data;
export const readRulesReview = (value: unknown): z.infer<typeof RulesReview> | undefined => RulesReview.safeParse(value).data;

export type PolicyVerdict = { kind: 'ask the cluster' } | { kind: 'answer'; allowed: boolean; reason: string };

export function judgeAccess(caller: Caller, cluster: { id: string; name: string }, { spec }: AccessReview, now: Date): PolicyVerdict {
  const decision = decideKubernetes(caller, cluster, attributesOf(spec), now);
  if (!decision.allowed) return { kind: 'answer', allowed: false, reason: decision.because };
  return decision.answeredBy === 'fairlead' ? { kind: 'answer', allowed: true, reason: decision.because } : { kind: 'ask the cluster' };
}

/** What the API server itself answers with. */
export const accessAnswer = (review: AccessReview, allowed: boolean, reason: string): object => ({
  kind: 'SelfSubjectAccessReview',
  apiVersion: 'authorization.k8s.io/v1',
  metadata: review.metadata ?? {},
  spec: review.spec,
  status: allowed ? { allowed, reason } : { allowed, denied: true, reason },
});

/** The cluster's list of rules, without what Fairlead's policy would refuse. undefined: the answer cannot be read. */
export function narrowRules(
  caller: Caller,
  cluster: { id: string; name: string },
  namespace: string,
  answer: string,
  now: Date,
): object | undefined {
  const read = RulesAnswer.safeParse(parseJson(answer)).data;
  if (!read) return undefined;
  const may = (attributes: Partial<KubernetesAttributes>) =>
    decideKubernetes(caller, cluster, { ...nothing, isResourceRequest: true, namespace, ...attributes }, now).allowed;
  const resourceRules = (read.status.resourceRules ?? []).flatMap(({ verbs, apiGroups, resources, resourceNames }) => {
    const named = resourceNames && resourceNames.length > 0 ? { resourceNames } : {};
    return concrete(caller, cluster.id, namespace, now, { verbs, apiGroups: apiGroups ?? [], resources: resources ?? [] }).flatMap(
      ({ apiGroup, resource, verbs: asked }) => {
        const [plain = '', subresource = ''] = resource.split('/');
        // Reviews of oneself are asked outside of namespaces.
        const allowed = asked.filter(
          (verb) =>
            may({ apiGroup, resource: plain, subresource, verb }) || may({ apiGroup, resource: plain, subresource, verb, namespace: '' }),
        );
        return allowed.length === 0 ? [] : [{ verbs: allowed, apiGroups: [apiGroup], resources: [resource], ...named }];
      },
    );
  });
  const nonResourceRules = (read.status.nonResourceRules ?? []).flatMap(({ verbs, nonResourceURLs }) => {
    const urls = (nonResourceURLs ?? []).filter((path) => may({ isResourceRequest: false, path: path.replace(/\*$/, 'x'), verb: 'get' }));
    return urls.length === 0 ? [] : [{ verbs, nonResourceURLs: urls }];
  });
  return { ...read, status: { ...read.status, resourceRules, nonResourceRules } };
}

const nothing: KubernetesAttributes = {
  isResourceRequest: false,
  path: '',
  verb: '',
  apiGroup: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
};

/** One line for each group and resource; where the cluster says `*`, what the caller's role gives stands for it. */
function concrete(
  caller: Caller,
  clusterId: string,
  namespace: string,
  now: Date,
  { verbs, apiGroups, resources }: { verbs: string[]; apiGroups: string[]; resources: string[] },
) {
  if (![verbs, apiGroups, resources].some((list) => list.includes('*')))
    return apiGroups.flatMap((apiGroup) => resources.map((resource) => ({ apiGroup, resource, verbs })));
  if (!visibleNamespaces(caller, clusterId, now).has(namespace)) return [];
  const covers = (list: string[], value: string) => list.includes('*') || list.includes(value);
  return rulesOfRole('admin', false)
    .filter(({ apiGroup, resource }) => covers(apiGroups, apiGroup) && covers(resources, resource))
    .map((each) => ({ ...each, verbs: each.verbs.filter((verb) => covers(verbs, verb)) }));
}

function attributesOf({ resourceAttributes: r, nonResourceAttributes: n }: AccessReview['spec']): KubernetesAttributes {
  if (!r) return { ...nothing, path: n?.path ?? '', verb: n?.verb ?? '' };
  // As RequestInfo reads a namespace's own path: it lies in itself, and the list of them in none.
  const namespace = r.group === '' && r.resource === 'namespaces' ? r.name : r.namespace;
  return {
    ...nothing,
    isResourceRequest: true,
    verb: r.verb,
    apiGroup: r.group,
    resource: r.resource,
    subresource: r.subresource,
    namespace,
    name: r.name,
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
