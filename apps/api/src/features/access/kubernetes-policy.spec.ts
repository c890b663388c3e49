import { canonicalTarget, requestInfo } from '@fairlead/kube';
import { type Role, roleAtLeast, roles } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import type { Caller, Credential } from '../auth/index.js';
import { decideKubernetes, rulesOfRole, visibleNamespaces } from './kubernetes-policy.js';

const now = new Date('2026-11-24T00:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const cluster = { id: 'c1', name: 'prod' };
const token = (more: Partial<Extract<Credential, { kind: 'token' }>> = {}): Credential => ({
  kind: 'token',
  id: 't',
  expiresAt: later(1e6),
  readOnly: false,
  clusterIds: null,
  projectIds: null,
  ...more,
});

/** A person with this role in project shop, which owns the namespaces shop and shop-test in c1. */
function person(role: Role | null, more: Partial<Caller> = {}, expiresAt: Date | null = null): Caller {
  const namespaces = [
    { clusterId: 'c1', namespace: 'shop' },
    { clusterId: 'c1', namespace: 'shop-test' },
    { clusterId: 'c2', namespace: 'shop' },
  ];
  const grants = role ? [{ id: 'g', projectId: 'p1', projectName: 'shop', role, expiresAt, namespaces }] : [];
  return {
    id: 'u',
    kind: 'user',
    name: 'ann',
    displayName: 'Ann',
    platformRoles: [],
    ownOf: null,
    mustChangePassword: false,
    grants,
    credential: token(),
    ...more,
  };
}

function decide(caller: Caller, method: string, target: string, at = cluster, when = now) {
  const { decodedPath, params } = canonicalTarget(target);
  return decideKubernetes(caller, at, requestInfo(method, { path: decodedPath, params }), when);
}

/** The weakest role that is allowed; 'nobody' when none is. Also: whoever is stronger is allowed too. */
function weakestAllowed(method: string, target: string): string {
  const allowed = roles.filter((role) => decide(person(role), method, target).allowed);
  for (const role of roles) if (allowed[0] && roleAtLeast(role, allowed[0])) expect(allowed).toContain(role);
  return allowed[0] ?? 'nobody';
}

const ns = '/api/v1/namespaces/shop';
const apps = '/apis/apps/v1/namespaces/shop';

describe('the weakest role that may', () => {
  it.each([
    ['GET', `${ns}/pods`, 'viewer'],
    ['GET', `${ns}/pods?watch=1`, 'viewer'],
    ['GET', `${ns}/pods/web-1/log?follow=true`, 'viewer'],
    ['GET', `${ns}/configmaps`, 'viewer'],
    ['GET', `${ns}/configmaps/secrets`, 'viewer'], // P10
    ['GET', `${ns}/services/proxy`, 'viewer'], // P10
    ['GET', '/api/v1/namespaces/shop', 'viewer'],
    ['GET', '/api/v1/namespaces', 'viewer'],
    ['GET', '/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods', 'viewer'],
    ['GET', '/version', 'viewer'],
    ['GET', '/apis/apps/v1', 'viewer'],
    ['GET', '/openapi/v3/apis/apps/v1', 'viewer'],
    ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', 'viewer'],
    ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', 'viewer'],
    ['PATCH', `${apps}/deployments/web`, 'deployer'],
    ['PATCH', `${apps}/deployments/web/scale`, 'deployer'],
    ['DELETE', `${apps}/deployments`, 'deployer'],
    ['POST', `${ns}/pods`, 'deployer'],
    ['POST', `${ns}/secrets`, 'deployer'],
    ['GET', `${ns}/secrets`, 'operator'],
    ['GET', `${ns}/secrets/db`, 'operator'],
    ['GET', `${ns}/secrets?watch=1`, 'operator'],
    ['PATCH', `${ns}/secrets/db`, 'operator'],
    ['DELETE', `${ns}/secrets/db`, 'operator'],
    ['DELETE', `${ns}/secrets`, 'nobody'],
    ['DELETE', `${ns}/pods/web-1`, 'operator'],
    ['POST', `${ns}/pods/web-1/exec?command=sh`, 'operator'],
    ['GET', `${ns}/pods/web-1/exec?command=sh`, 'operator'], // U2: by WebSocket it is a GET
    ['GET', `${ns}/pods/web-1/attach`, 'operator'],
    ['GET', `${ns}/pods/web-1/portforward`, 'operator'],
    ['PATCH', `${ns}/pods/web-1/ephemeralcontainers`, 'operator'], // P15
    ['POST', `${ns}/pods/web-1/eviction`, 'operator'],
    ['POST', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies', 'admin'],
    ['PATCH', `${ns}/resourcequotas/all`, 'admin'],
    ['POST', `${ns}/pods/web-1/binding`, 'nobody'], // P14
    ['POST', `${ns}/serviceaccounts/default/token`, 'nobody'], // P14
    ['POST', `${ns}/serviceaccounts`, 'nobody'],
    ['GET', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings', 'nobody'],
    ['POST', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles', 'nobody'],
    ['PATCH', '/api/v1/namespaces/shop', 'nobody'],
    ['DELETE', '/api/v1/namespaces/shop', 'nobody'],
    ['PUT', '/api/v1/namespaces/shop/finalize', 'nobody'], // P8
    ['GET', '/api/v1/namespaces/shop/status', 'nobody'], // P8
    ['POST', '/api/v1/namespaces', 'nobody'],
    ['GET', `${ns}/pods/web-1/proxy/`, 'nobody'], // P13
    ['GET', `${ns}/services/https:web:443/proxy/`, 'nobody'], // P13
    ['GET', '/api/v1/nodes/node-0/proxy/exec', 'nobody'], // P13
    ['GET', '/api/v1/nodes', 'nobody'],
    ['GET', '/api/v1/pods', 'nobody'],
    ['GET', '/api/v1/secrets', 'nobody'],
    ['GET', '/api/v1/namespaces/kube-system/pods', 'nobody'],
    ['GET', '/api/v1/namespaces/Shop/pods', 'nobody'],
    ['POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', 'nobody'], // P16
    ['POST', '/apis/authorization.k8s.io/v1/namespaces/shop/localsubjectaccessreviews', 'nobody'],
    ['POST', '/apis/authentication.k8s.io/v1/tokenreviews', 'nobody'], // P16
    ['PUT', '/apis/certificates.k8s.io/v1/certificatesigningrequests/x/approval', 'nobody'], // P14
    ['GET', '/metrics', 'nobody'], // P12
    ['GET', '/logs/', 'nobody'],
    ['GET', '/debug/pprof', 'nobody'],
    ['GET', '/healthz/etcd', 'nobody'],
    ['GET', '/swaggerapi', 'nobody'],
    ['GET', '/.well-known/openid-configuration', 'nobody'],
    ['POST', '/apis', 'nobody'],
    ['PROPFIND', `${ns}/pods`, 'nobody'], // P7
    ['OPTIONS', `${ns}/pods`, 'nobody'],
    ['GET', '/api/v1/proxy/namespaces/shop/pods/web-1', 'nobody'], // P5
    ['GET', '/apis/example.com/v1/namespaces/shop/pods', 'viewer'], // P9: another group's pods are custom resources
    ['DELETE', '/apis/example.com/v1/namespaces/shop/pods/x', 'deployer'], // P9: and not the core group's
    ['GET', '/apis/example.com/v1/namespaces/shop/widgets/x/console', 'nobody'],
    ['POST', '/apis/example.com/v1/namespaces/shop/widgets/x/exec', 'nobody'],
    ['GET', '/apis/example.com/v1/widgets', 'nobody'],
    ['GET', '/apis/new.k8s.io/v1/namespaces/shop/widgets', 'nobody'], // P11
    ['GET', '/apis/undotted/v1/namespaces/shop/widgets', 'nobody'], // P11
    ['GET', `${ns}/widgets`, 'nobody'], // P11
  ])('%s %s: %s', (method, target, role) => {
    expect(weakestAllowed(method, target)).toBe(role);
  });
});

describe('whatever the role', () => {
  const list = ['GET', `${ns}/pods`] as const;
  const patch = ['PATCH', `${apps}/deployments/web`] as const;
  it.each([
    ['nothing by an expired grant', person('admin', {}, later(-1)), list, false],
    ['something until it expires', person('admin', {}, later(1)), list, true],
    ['nothing in another cluster', person('admin', { credential: token({ clusterIds: ['c2'] }) }), list, false],
    ['nothing in another project', person('admin', { credential: token({ projectIds: ['p2'] }) }), list, false],
    ['what the token was narrowed to', person('admin', { credential: token({ clusterIds: ['c1'], projectIds: ['p1'] }) }), patch, true],
    ['reading with a read-only token', person('admin', { credential: token({ readOnly: true }) }), list, true],
    ['no change with a read-only token', person('admin', { credential: token({ readOnly: true }) }), patch, false],
    [
      'no exec with a read-only token',
      person('admin', { credential: token({ readOnly: true }) }),
      ['GET', `${ns}/pods/x/exec`] as const,
      false,
    ],
    ['nothing without a grant, platform admin or not', person(null, { platformRoles: ['admin'] }), list, false],
    ['not even discovery without a grant', person(null, { platformRoles: ['admin', 'auditor'] }), ['GET', '/api'] as const, false],
  ])('%s', (_, caller, [method, target], allowed) => {
    expect(decide(caller, method, target).allowed).toBe(allowed);
  });

  it('a namespace counts in its own cluster only', () => {
    expect(decide(person('admin'), 'GET', '/api/v1/namespaces/shop-test/pods', { id: 'c2', name: 'other' }).allowed).toBe(false);
    expect([...visibleNamespaces(person('viewer'), 'c1', now)]).toEqual(['shop', 'shop-test']);
    expect([...visibleNamespaces(person('viewer', {}, later(-1)), 'c1', now)]).toEqual([]);
  });
});

it('says what was lacked, and nothing of a namespace that is not the caller’s', () => {
  expect(decide(person('viewer'), 'PATCH', `${apps}/deployments/web`)).toMatchObject({
    allowed: false,
    needs: 'deployer',
    has: 'viewer',
    project: { name: 'shop' },
    class: 'write',
  });
  expect(decide(person('viewer'), 'GET', '/api/v1/namespaces/other/pods')).toMatchObject({
    allowed: false,
    needs: null,
    has: null,
    project: null,
  });
});

it.each([
  ['GET', `${ns}/secrets/x`, 'secret-read'],
  ['DELETE', `${ns}/pods`, 'destroy'],
  ['GET', `${ns}/pods/x/exec`, 'code-exec'],
  ['PATCH', `${ns}/pods/x/ephemeralcontainers`, 'code-exec'],
  ['GET', `${ns}/pods/x/portforward`, 'tunnel'],
  ['POST', `${ns}/serviceaccounts/x/token`, 'credential'],
  ['GET', '/api', 'discovery'],
  ['POST', `${ns}/pods`, 'write'],
])('%s %s is of the class %3$s', (method, target, kind) => {
  expect(decide(person('admin'), method, target).class).toBe(kind);
});

it('lists the rules of a role as it judges them', () => {
  const viewer = rulesOfRole('viewer', false);
  expect(viewer).toContainEqual({ apiGroup: '', resource: 'pods', verbs: ['get', 'list', 'watch'] });
  expect(viewer.some(({ resource }) => resource === 'secrets')).toBe(false);
  const readOnly = rulesOfRole('admin', true).flatMap(({ verbs }) => verbs);
  expect(new Set(readOnly)).toEqual(new Set(['get', 'list', 'watch']));
});
