import type { ServiceAccountTokens } from '../access/tokens/service-account-tokens.js';
import type { UserInfo } from '../machinery/user.js';
import type { ResourceDefinition } from '../registry/definition.js';
import { authenticationReviews } from './authentication/reviews.js';
import { reviews } from './authorization/reviews.js';
import { clusterRoleBindings, roleBindings } from './rbac/bindings.js';
import { clusterRoles, roles } from './rbac/roles.js';
import { serviceAccounts } from './serviceaccounts/service-accounts.js';

/** The kinds that say who may do what. `users`: by tokens that are fixed. */
export function accessKinds(tokens: ServiceAccountTokens, users: ReadonlyMap<string, UserInfo> = new Map()): ResourceDefinition[] {
  return [
    serviceAccounts(tokens),
    ...authenticationReviews(tokens, users),
    ...reviews,
    clusterRoleBindings,
    clusterRoles,
    roleBindings,
    roles,
  ];
}
