import { describe, expect, it } from 'vitest';
import { ApiError } from '../machinery/api-error.js';
import type { UserInfo } from '../machinery/user.js';
import type { Attributes } from '../server/access.js';
import { type HeaderLines, impersonated } from './impersonation.js';

const sender: UserInfo = { name: 'gate', groups: ['system:authenticated'] };
const everything = { allowed: true, reason: '' };

describe('whom a request acts as', () => {
  it.each<[string, HeaderLines, UserInfo]>([
    ['nobody else', {}, sender],
    ['a user', { 'impersonate-user': ['jane'] }, { name: 'jane', groups: ['system:authenticated'] }],
    [
      'a user with groups, each line one group',
      { 'impersonate-user': ['jane'], 'impersonate-group': ['a,b', 'c'] },
      { name: 'jane', groups: ['a,b', 'c', 'system:authenticated'] },
    ],
    [
      'a ServiceAccount',
      { 'impersonate-user': ['system:serviceaccount:shop:robot'] },
      {
        name: 'system:serviceaccount:shop:robot',
        groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
      },
    ],
    [
      'a ServiceAccount with the groups that are sent, and no others',
      { 'impersonate-user': ['system:serviceaccount:shop:robot'], 'impersonate-group': ['system:authenticated'] },
      { name: 'system:serviceaccount:shop:robot', groups: ['system:authenticated'] },
    ],
    ['nobody', { 'impersonate-user': ['system:anonymous'] }, { name: 'system:anonymous', groups: ['system:unauthenticated'] }],
    [
      'with extra values and a uid',
      { 'impersonate-user': ['jane'], 'impersonate-extra-fairlead.dev%2ftoken': ['t1', 't2'], 'impersonate-uid': ['7'] },
      { name: 'jane', uid: '7', groups: ['system:authenticated'], extra: { 'fairlead.dev/token': ['t1', 't2'] } },
    ],
  ])('%s', (_, headers, user) => {
    expect(impersonated(sender, headers, () => everything)).toEqual(user);
  });

  it('asks for the right to be each of them', () => {
    const asked: string[] = [];
    const headers = {
      'impersonate-user': ['system:serviceaccount:shop:robot'],
      'impersonate-group': ['a'],
      'impersonate-extra-x': ['1'],
      'impersonate-uid': ['7'],
    };
    impersonated(sender, headers, (who, { apiGroup, resource, subresource, namespace, name }: Attributes) => {
      asked.push([who.name, apiGroup, resource, subresource, namespace, name].join('|'));
      return everything;
    });
    expect(asked).toEqual([
      'gate||serviceaccounts||shop|robot',
      'gate||groups|||a',
      'gate|authentication.k8s.io|userextras|x||1',
      'gate|authentication.k8s.io|uids|||7',
    ]);
  });

  it.each<[HeaderLines, number, string]>([
    [
      { 'impersonate-user': ['jane'] },
      403,
      'users "jane" is forbidden: User "gate" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
    [
      { 'impersonate-user': ['system:serviceaccount:a:b'] },
      403,
      'serviceaccounts "b" is forbidden: User "gate" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "a"',
    ],
    [{ 'impersonate-group': ['system:masters'] }, 500, 'requested [{Group  system:masters    }] without impersonating a user'],
    [{ 'impersonate-uid': ['1'] }, 500, 'requested [{UID  1  authentication.k8s.io/v1  }] without impersonating a user'],
  ])('%j is refused', (headers, code, message) => {
    const refused = () => impersonated(sender, headers, () => ({ allowed: false, reason: '' }));
    expect(refused).toThrow(ApiError);
    expect(refused).toThrow(message);
    try {
      refused();
    } catch (error) {
      expect((error as ApiError).status.code).toBe(code);
    }
  });
});
