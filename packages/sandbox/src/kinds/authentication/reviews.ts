import type { KubeObject } from '@fairlead/kube/protocol';
import { issuer, type ServiceAccountTokens, TokenRefused } from '../../access/tokens/service-account-tokens.js';
import { badRequest } from '../../machinery/api-error.js';
import { timestamp } from '../../machinery/clock.js';
import type { UserInfo } from '../../machinery/user.js';
import type { ResourceDefinition, WriteContext } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { fields, strings, text } from '../parts/values.js';

const group = 'authentication.k8s.io';

/** `users`: by tokens that are fixed. */
export function authenticationReviews(tokens: ServiceAccountTokens, users: ReadonlyMap<string, UserInfo>): ResourceDefinition[] {
  const common = { group, namespaced: false, verbs: ['create'] as const, hasGeneration: false, cells: () => [] };
  return [
    define({ ...common, resource: 'selfsubjectreviews', kind: 'SelfSubjectReview', answer: selfAnswer }),
    define({
      ...common,
      resource: 'tokenreviews',
      kind: 'TokenReview',
      answer: (asked, context) => tokenAnswer(asked, tokens, users, context),
    }),
  ];
}

function selfAnswer({ apiVersion, kind }: KubeObject, { user, now }: WriteContext): KubeObject {
  const metadata = { creationTimestamp: timestamp(now) } as KubeObject['metadata'];
  return { apiVersion, kind, metadata, status: { userInfo: shown(user) } };
}

function tokenAnswer(
  { apiVersion, kind, spec }: KubeObject,
  tokens: ServiceAccountTokens,
  users: ReadonlyMap<string, UserInfo>,
  { api }: WriteContext,
): KubeObject {
  const token = text(fields(spec).token);
  if (token === '') throw badRequest('token is required for TokenReview in authentication');
  const wanted = strings(fields(spec).audiences);
  const audiences = wanted.length > 0 ? wanted : [issuer];
  const answer = (status: object): KubeObject => ({ apiVersion, kind, metadata: {} as KubeObject['metadata'], spec, status });
  const good = (user: UserInfo, meant: readonly string[]): KubeObject =>
    answer({ authenticated: true, user: shown(withEverybody(user)), audiences: meant });
  try {
    const fixed = users.get(token);
    if (fixed) return good(fixed, audiences);
    const owner = tokens.owner(token, api, audiences);
    if (owner) return good(owner.user, owner.audiences);
    return answer({ user: {}, error: 'invalid bearer token' });
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    return answer({ user: {}, error: `[invalid bearer token, ${error.message}]` });
  }
}

const withEverybody = (user: UserInfo): UserInfo => ({ ...user, groups: [...user.groups, 'system:authenticated'] });

function shown({ name, uid, groups, extra }: UserInfo): object {
  return {
    username: name,
    ...(uid ? { uid } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(extra && Object.keys(extra).length > 0 ? { extra } : {}),
  };
}
