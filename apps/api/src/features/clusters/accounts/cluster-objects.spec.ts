import { type Role, roles } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type PolicyRule, rulesAdded } from '../../access/index.js';
import { clusterObjects } from './cluster-objects.js';
import { ACCOUNTS_VERSION } from './names.js';

const rulesIn = (name: string, kind = 'ClusterRole'): PolicyRule[] =>
  clusterObjects().flatMap((object) =>
    object.kind === kind && object.metadata.name === name ? ((object.rules ?? []) as PolicyRule[]) : [],
  );

const rulesOf = (role: Role): PolicyRule[] => roles.slice(0, roles.indexOf(role) + 1).flatMap((each) => [...rulesAdded[each]]);

describe('the set of objects in a cluster', () => {
  // Raise ACCOUNTS_VERSION with every change of this file.
  it('is the one of its version', async () => {
    const documents = clusterObjects().map((object) => stringify(object, { lineWidth: 0 }));
    await expect(documents.join('---\n')).toMatchFileSnapshot(`./cluster-objects.v${ACCOUNTS_VERSION}.golden.yaml`);
  });

  it('gives nobody a wildcard', () => {
    for (const object of clusterObjects())
      for (const rule of (object.rules ?? []) as PolicyRule[])
        expect([...rule.verbs, ...rule.resources, ...rule.apiGroups]).not.toContain('*');
  });

  it('lets the impersonator do nothing but impersonate, within names', () => {
    for (const rule of [...rulesIn('fairlead:impersonator'), ...rulesIn('fairlead:impersonator', 'Role')])
      expect(rule.verbs).toEqual(['impersonate']);
    expect(rulesIn('fairlead:impersonator').flatMap((rule) => rule.resources)).toEqual(['groups', 'userextras/fairlead.dev/token']);
  });

  it('lets the keeper bind the four roles by name and no other', () => {
    const bind = rulesIn('fairlead:keeper').filter((rule) => rule.verbs.includes('bind'));
    expect(bind).toHaveLength(1);
    expect(bind[0]!.resourceNames).toEqual(roles.map((role) => `fairlead:${role}`));
  });

  it('shows the observer no Secrets and no nodes/proxy', () => {
    const resources = rulesIn('fairlead:rules:observer').flatMap((rule) => rule.resources);
    expect(resources).not.toContain('secrets');
    expect(resources).not.toContain('nodes/proxy');
  });
});

describe('the roles of projects', () => {
  const dangerous = ['impersonate', 'bind', 'escalate', 'approve', 'sign'];
  it.each(roles)('%s holds no way to more rights', (role) => {
    for (const rule of rulesOf(role)) {
      expect(rule.verbs.filter((verb) => dangerous.includes(verb))).toEqual([]);
      expect(rule.apiGroups).not.toContain('rbac.authorization.k8s.io');
      expect(
        rule.resources.filter((resource) => resource.endsWith('/token') || resource.endsWith('/proxy') || resource === 'namespaces'),
      ).toEqual(rule.resources.includes('namespaces') ? ['namespaces'] : []);
      if (rule.resources.includes('namespaces')) expect(rule.verbs).toEqual(['get']);
    }
  });
  it('give a deployer Secrets to create only', () => {
    const verbs = rulesOf('deployer').flatMap((rule) => (rule.resources.includes('secrets') ? rule.verbs : []));
    expect(verbs).toEqual(['create']);
  });
});
