import type { Api } from '../api/api.js';
import type { UserInfo } from '../machinery/user.js';
import type { Access } from '../server/access.js';
import { authenticated } from './authentication.js';
import { impersonated } from './impersonation.js';
import { ruleResolver } from './rbac/rules.js';
import type { ServiceAccountTokens } from './tokens/service-account-tokens.js';

export { ServiceAccountTokens } from './tokens/service-account-tokens.js';

export interface AccessParts {
  api: Api;
  tokens: ServiceAccountTokens;
  /** Users by their token. */
  staticTokens?: ReadonlyMap<string, UserInfo>;
}

/** Who somebody is, whom they act as, and what they may do, by the objects of the cluster. Client certificates are checked at the door. */
export function createAccess({ api, tokens, staticTokens = new Map() }: AccessParts): Access {
  const rules = ruleResolver(api);
  const authorize: Access['authorize'] = (user, asked) => rules.authorize(user, asked);
  return {
    authenticate(credentials) {
      const sender = authenticated({ api, tokens, staticTokens }, credentials);
      return impersonated(sender, credentials.headerLines, authorize);
    },
    authorize,
  };
}
