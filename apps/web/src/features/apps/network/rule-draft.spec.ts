import type { NetworkRules } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { draftOf, isComplete, lackOf, newRule, patchOf, type RuleDraft } from './rule-draft';

const rules: NetworkRules = {
  ingress: [
    { from: 'project', ports: [{ port: 80, protocol: 'TCP' }] },
    { from: { app: 'till' } },
    { from: { app: 'till', namespace: 'tills' }, ports: [{ port: 'dns', protocol: 'UDP' }] },
    { from: { namespace: 'ingress-nginx' } },
    { from: { namespaceLabels: { team: 'web', tier: 'a' } } },
    { from: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.2.0.0/16'] } },
    { from: 'anywhere' },
  ],
  egress: [{ to: 'namespace' }],
};

it('sends what it was given when nothing is typed', () => {
  expect(patchOf(draftOf(rules))).toEqual(rules);
});

it('takes away what has no rules, and everything where nothing has', () => {
  expect(patchOf({ ingress: [], egress: null })).toEqual({ ingress: [], egress: null });
  expect(patchOf(draftOf(undefined))).toBeNull();
});

describe('what a rule lacks', () => {
  it.each<[string, Partial<RuleDraft>, string | null]>([
    ['nothing', { kind: 'project' }, null],
    ['an app', { kind: 'app', value: ' ' }, 'Name the app'],
    ['a namespace', { kind: 'other-namespace' }, 'Name the namespace'],
    ['a label', { kind: 'labels', value: 'team' }, 'Give a label like team=web'],
    ['a range', { kind: 'cidr' }, 'Give a range like 10.0.0.0/8'],
    ['ports in every way', { ports: '80, http 53/udp' }, null],
    ['a port that is none', { ports: '70000' }, 'Ports are numbers or names, like 80, http, 53/UDP'],
    ['a protocol that is none', { ports: '80/icmp' }, 'Ports are numbers or names, like 80, http, 53/UDP'],
  ])('%s', (_name, given, lack) => {
    const rule = newRule(0, given);
    expect(lackOf(rule)).toBe(lack);
    expect(isComplete({ ingress: [rule], egress: null })).toBe(lack === null);
  });
});
