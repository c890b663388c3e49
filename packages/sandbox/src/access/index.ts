import { policyStatus } from '../admission/policy/policy-status.js';
import type { Api } from '../api/api.js';
import { type ControllerContext, runController } from '../controllers/controller.js';
import type { UserInfo } from '../machinery/user.js';
import type { Access } from '../server/access.js';
import { roleAggregation } from './aggregation.js';
import { authenticated } from './authentication.js';
import { impersonated } from './impersonation.js';
import { ruleResolver } from './rbac/rules.js';
import { tokenSecrets } from './token-secrets.js';
import type { ServiceAccountTokens } from './tokens/service-account-tokens.js';

export { seedAccess } from './bootstrap.js';
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

/** What keeps the objects of access up to date: gathered roles, Secrets with tokens, what was seen of policies. Answers what stops it. */
export function startAccessControllers(context: ControllerContext, tokens: ServiceAccountTokens): () => void {
  const stops = [roleAggregation(context), tokenSecrets(context, tokens), policyStatus(context)].map((each) =>
    runController(context, each),
  );
  return () => {
    for (const stop of stops) stop();
  };
}
