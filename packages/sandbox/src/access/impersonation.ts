import { PlainInternalError } from '../machinery/api-error.js';
import type { UserInfo } from '../machinery/user.js';
import type { Attributes } from '../server/access.js';
import { notAllowed } from '../server/refusal.js';
import { groupsOf } from './tokens/service-account-tokens.js';

/** Every header with all of its lines: a group may hold a comma. */
export type HeaderLines = Readonly<Record<string, readonly string[] | undefined>>;
type Authorize = (user: UserInfo, asked: Attributes) => { allowed: boolean; reason: string };

interface Wish {
  kind: 'ServiceAccount' | 'User' | 'Group' | 'UserExtra' | 'UID';
  name: string;
  namespace: string;
  extraKey: string;
}

const extraPrefix = 'impersonate-extra-';

/**
 * Whom the request acts as: the sender, where it does not ask for anybody else. The right to be each user, group, uid and extra is asked one by
 * one. @throws ApiError (403, 500)
 */
export function impersonated(sender: UserInfo, headers: HeaderLines, authorize: Authorize): UserInfo {
  const wishes = wishesOf(headers);
  if (wishes.length === 0) return sender;
  let name = '';
  let uid = '';
  let groups: string[] = [];
  const extra: Record<string, string[]> = {};
  for (const wish of wishes) {
    const asked = attributesOf(wish);
    const { allowed, reason } = authorize(sender, asked);
    if (!allowed) throw notAllowed(sender, asked, reason);
    switch (wish.kind) {
      case 'ServiceAccount':
        name = `system:serviceaccount:${wish.namespace}:${wish.name}`;
        if (!headers['impersonate-group']?.length) groups = groupsOf(wish.namespace);
        break;
      case 'User':
        name = wish.name;
        break;
      case 'Group':
        groups.push(wish.name);
        break;
      case 'UserExtra':
        extra[wish.extraKey] = [...(extra[wish.extraKey] ?? []), wish.name];
        break;
      case 'UID':
        uid = wish.name;
        break;
      default:
        return wish.kind satisfies never;
    }
  }
  const everybody = name === 'system:anonymous' ? ['system:unauthenticated'] : ['system:authenticated', 'system:unauthenticated'];
  if (!groups.some((each) => everybody.includes(each))) groups.push(everybody[0] ?? '');
  return { name, ...(uid ? { uid } : {}), groups, ...(Object.keys(extra).length > 0 ? { extra } : {}) };
}

function wishesOf(headers: HeaderLines): Wish[] {
  const wishes: Wish[] = [];
  const wish = (kind: Wish['kind'], name: string, more: Partial<Wish> = {}): number =>
    wishes.push({ kind, name, namespace: '', extraKey: '', ...more });
  const user = headers['impersonate-user']?.[0] ?? '';
  const account = accountOf(user);
  if (account) wish('ServiceAccount', account.name, { namespace: account.namespace });
  else if (user !== '') wish('User', user);
  for (const group of headers['impersonate-group'] ?? []) wish('Group', group);
  for (const [header, values] of Object.entries(headers)) {
    if (!header.startsWith(extraPrefix)) continue;
    for (const value of values ?? []) wish('UserExtra', value, { extraKey: unescaped(header.slice(extraPrefix.length)) });
  }
  const uid = headers['impersonate-uid']?.[0];
  if (uid) wish('UID', uid);
  if (wishes.length > 0 && user === '') throw new PlainInternalError(`requested ${shown(wishes)} without impersonating a user`);
  return wishes;
}

/** `system:serviceaccount:<namespace>:<name>`, as serviceaccount.SplitUsername reads it. */
function accountOf(user: string): { namespace: string; name: string } | undefined {
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  const good = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace) && /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(name);
  return good ? { namespace, name } : undefined;
}

/** A key that cannot be unescaped is taken as it is. */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function attributesOf({ kind, name, namespace, extraKey }: Wish): Attributes {
  const core = { isResourceRequest: true, verb: 'impersonate', path: '', apiGroup: '', apiVersion: 'v1', subresource: '', name, namespace };
  const authentication = { ...core, apiGroup: 'authentication.k8s.io' };
  switch (kind) {
    case 'ServiceAccount':
      return { ...core, resource: 'serviceaccounts' };
    case 'User':
      return { ...core, resource: 'users' };
    case 'Group':
      return { ...core, resource: 'groups' };
    case 'UserExtra':
      return { ...authentication, resource: 'userextras', subresource: extraKey };
    case 'UID':
      return { ...authentication, resource: 'uids' };
    default:
      return kind satisfies never;
  }
}

/** Go's %v of the ObjectReferences that the real one makes of them. */
function shown(wishes: readonly Wish[]): string {
  const parts = wishes.map(({ kind, name, namespace, extraKey }) => {
    const version = kind === 'UserExtra' || kind === 'UID' ? 'authentication.k8s.io/v1' : '';
    return `{${[kind, namespace, name, '', version, '', extraKey].join(' ')}}`;
  });
  return `[${parts.join(' ')}]`;
}
