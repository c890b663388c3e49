import type { ServiceAccountTokens } from '../access/tokens/service-account-tokens.js';
import type { UserInfo } from '../machinery/user.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { validatingAdmissionPolicies } from './admissionregistration/policies.js';
import { validatingAdmissionPolicyBindings } from './admissionregistration/policy-bindings.js';
import { mutatingWebhookConfigurations, validatingWebhookConfigurations } from './admissionregistration/webhooks.js';
import { authenticationReviews } from './authentication/reviews.js';
import { reviews } from './authorization/reviews.js';
import { limitRanges } from './quota/limit-ranges.js';
import { resourceQuotas } from './quota/resource-quotas.js';
import { clusterRoleBindings, roleBindings } from './rbac/bindings.js';
import { clusterRoles, roles } from './rbac/roles.js';
import { serviceAccounts } from './serviceaccounts/service-accounts.js';

/** The kinds that say who may do what, and how much. `users`: by tokens that are fixed. */
export function accessKinds(tokens: ServiceAccountTokens, users: ReadonlyMap<string, UserInfo> = new Map()): ResourceDefinition[] {
  return [
    limitRanges,
    resourceQuotas,
    serviceAccounts(tokens),
    ...authenticationReviews(tokens, users),
    ...reviews,
    clusterRoleBindings,
    clusterRoles,
    roleBindings,
    roles,
    mutatingWebhookConfigurations,
    validatingAdmissionPolicies,
    validatingAdmissionPolicyBindings,
    validatingWebhookConfigurations,
  ];
}
