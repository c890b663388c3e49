import type { KubeObject } from '@fairlead/kube';
import type { Role } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { bindingChanges, bindingObject, type NamespaceGrants, nextExpiry, wantedBindings } from './wanted-bindings.js';

const now = new Date('2026-01-01T00:00:00.000Z');
const later = new Date('2026-01-01T01:00:00.000Z');
const person = (id: string, disabled = false) => ({ id, kind: 'user' as const, ownOf: null, disabledAt: disabled ? now : null });
const grant = (role: Role, principal: NamespaceGrants['grants'][number]['principal'], expiresAt: Date | null = null) => ({
  role,
  expiresAt,
  principal,
});
const namespace = (...grants: NamespaceGrants['grants'][number][]): NamespaceGrants => ({
  namespace: 'shop',
  projectId: 'p',
  projectName: 'shop',
  grants,
});
const binding = (role: Role, ...subjects: string[]) => ({ namespace: 'shop', name: `fairlead-${role}`, role, subjects });

describe('wanted bindings', () => {
  it('gather the people of a role, robots by their own letter, in a steady order', () => {
    const robot = { id: 'c', kind: 'robot' as const, ownOf: null, disabledAt: null };
    const own = { id: 'd', kind: 'robot' as const, ownOf: 'p', disabledAt: null };
    const grants = namespace(grant('viewer', person('b')), grant('viewer', person('a')), grant('deployer', robot), grant('deployer', own));
    expect(wantedBindings(grants, now)).toEqual([binding('viewer', 'u-a', 'u-b'), binding('deployer', 'p-d', 'r-c')]);
  });
  it('leave out expired grants and disabled people', () => {
    const grants = namespace(grant('viewer', person('a'), now), grant('operator', person('b', true)), grant('admin', person('c'), later));
    expect(wantedBindings(grants, now)).toEqual([binding('admin', 'u-c')]);
    expect(wantedBindings(grants, later)).toEqual([]);
  });
  it('know when the next grant ends', () => {
    const grants = [namespace(grant('viewer', person('a'), now), grant('viewer', person('b'), later), grant('admin', person('c')))];
    expect(nextExpiry(grants, now)).toEqual(later);
    expect(nextExpiry(grants, later)).toBeNull();
  });
});

describe('what is changed', () => {
  const wanted = [binding('viewer', 'u-a')];
  const right = bindingObject(wanted[0]!);
  const found = (change: Partial<KubeObject>): KubeObject[] => [{ ...right, ...change }];
  const user = { kind: 'User', name: 'u-a', apiGroup: 'rbac.authorization.k8s.io' };
  const subject = (name: string, space = 'fairlead-people') => ({ kind: 'ServiceAccount', name, namespace: space });

  it.each<[string, KubeObject[], object[]]>([
    ['nothing, when it is right', [right], []],
    ['a missing binding is applied', [], [{ do: 'apply', replace: false }]],
    ['a subject more', found({ subjects: [subject('u-a'), subject('u-b')] }), [{ do: 'apply', replace: false }]],
    ['no subjects', found({ subjects: undefined }), [{ do: 'apply', replace: false }]],
    ['a User instead of the ServiceAccount', found({ subjects: [user] }), [{ do: 'apply', replace: false }]],
    ['the name in another namespace', found({ subjects: [subject('u-a', 'kube-system')] }), [{ do: 'apply', replace: false }]],
    ['another role is replaced', found({ roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } }), [{ do: 'apply', replace: true }]],
    [
      'a Role of the same name is replaced',
      found({ roleRef: { kind: 'Role', name: 'fairlead:viewer' } }),
      [{ do: 'apply', replace: true }],
    ],
    [
      'one of ours that nobody asks for is removed',
      [right, bindingObject(binding('admin', 'u-x'))],
      [{ do: 'remove', name: 'fairlead-admin' }],
    ],
    ["others' bindings are left alone", [right, { metadata: { name: 'team-view' } }], []],
  ])('%s', (_, is, expected) => {
    const changes = bindingChanges('shop', wanted, is);
    expect(changes).toHaveLength(expected.length);
    expect(changes).toMatchObject(expected);
  });
});
