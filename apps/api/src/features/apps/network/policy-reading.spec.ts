import type { KubeObject } from '@fairlead/kube';
import { ImageSpec, type NetworkPeer } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { renderManifests } from '../render/manifests.js';
import { readRules, speaksOf } from './policy-reading.js';
import { changedPolicyWords, policyWords } from './policy-words.js';

const projectId = '01890000-0000-7000-8000-00000000000a';
const reader = { namespace: 'shop', projectId, controllers: new Set(['ingress-nginx']) };
const policy = (spec: object): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 'shop' },
  spec: { podSelector: {}, ...spec },
});
const name = (value: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': value } });

describe('a peer in words', () => {
  it.each<[string, object | undefined, string, string]>([
    ['no peer at all', undefined, 'anywhere', 'anywhere'],
    ['every pod of the cluster', { namespaceSelector: {} }, 'every pod of the cluster', 'other-namespace'],
    ['the project', { namespaceSelector: { matchLabels: { 'fairlead.dev/project-id': projectId } } }, 'apps of this project', 'project'],
    [
      'another project',
      { namespaceSelector: { matchLabels: { 'fairlead.dev/project-id': 'x' } } },
      'apps of another project',
      'other-namespace',
    ],
    ['its own namespace', { podSelector: {} }, 'every pod of this namespace', 'namespace'],
    ['its own namespace by name', { namespaceSelector: name('shop') }, 'every pod of this namespace', 'namespace'],
    ['another namespace', { namespaceSelector: name('tills') }, 'namespace tills', 'other-namespace'],
    ["a controller's", { namespaceSelector: name('ingress-nginx') }, 'the ingress controller in ingress-nginx', 'ingress-controller'],
    [
      'namespaces by label',
      { namespaceSelector: { matchLabels: { team: 'a', env: 'b' } } },
      'namespaces with team=a, env=b',
      'other-namespace',
    ],
    ['an app', { podSelector: { matchLabels: { 'fairlead.dev/app': 'till' } } }, 'app till', 'app'],
    [
      'an app elsewhere',
      { namespaceSelector: name('tills'), podSelector: { matchLabels: { 'fairlead.dev/app': 'till' } } },
      'app till in namespace tills',
      'app',
    ],
    ['pods', { podSelector: { matchLabels: { tier: 'web' } } }, 'pods with tier=web', 'pods'],
    [
      'pods by expressions',
      {
        podSelector: {
          matchExpressions: [
            { key: 'tier', operator: 'In', values: ['a', 'b'] },
            { key: 'x', operator: 'Exists' },
            { key: 'y', operator: 'DoesNotExist' },
            { key: 'z', operator: 'NotIn', values: ['c'] },
          ],
        },
      },
      'pods with tier in (a, b), the label x, no label y, z not in (c)',
      'pods',
    ],
    [
      'pods of every namespace',
      { namespaceSelector: {}, podSelector: { matchLabels: { a: 'b' } } },
      'pods with a=b in the cluster',
      'pods',
    ],
    ['addresses', { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }, 'addresses 10.0.0.0/8 but 10.1.0.0/16', 'addresses'],
    ['all addresses', { ipBlock: { cidr: '0.0.0.0/0' } }, 'every IPv4 address', 'addresses'],
  ])('%s', (_name, peer, who, kind) => {
    const rules = readRules(policy({ ingress: [peer ? { from: [peer] } : {}] }), 'Ingress', reader);
    expect(rules).toMatchObject([{ who, kind, ports: [] }]);
  });

  it('names ports, ranges and protocols', () => {
    const ports = [{ port: 80 }, { port: 'dns', protocol: 'UDP' }, { port: 8000, endPort: 8010, protocol: 'TCP' }, { protocol: 'SCTP' }];
    expect(readRules(policy({ ingress: [{ ports }] }), 'Ingress', reader)[0]?.ports).toEqual([
      '80/TCP',
      'dns/UDP',
      '8000–8010/TCP',
      'every SCTP port',
    ]);
  });
});

describe('what is rendered is read back as the rule that it was', () => {
  const peers: NetworkPeer[] = [
    'anywhere',
    'project',
    'namespace',
    { app: 'till' },
    { app: 'till', namespace: 'tills' },
    { namespace: 'ingress-nginx' },
    { namespaceLabels: { team: 'a' } },
    { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
  ];
  it.each(peers.map((peer) => [JSON.stringify(peer), peer] as const))('%s', (_name, peer) => {
    const spec = ImageSpec.parse({ image: 'a', network: { ingress: [{ from: peer, ports: [{ port: 80 }] }] } });
    const app = { id: 'x', name: 'web', namespace: 'shop', project: { id: projectId } };
    const rendered = renderManifests(app, spec).find(({ kind }) => kind === 'NetworkPolicy');
    expect(rendered && readRules(rendered, 'Ingress', reader)).toMatchObject([{ peer, ports: ['80/TCP'], policy: 'web' }]);
  });
});

it.each<[string, object, { in: boolean; out: boolean }]>([
  ['types given', { policyTypes: ['Egress'] }, { in: false, out: true }],
  ['no types', {}, { in: true, out: false }],
  ['no types, and rules for what goes out', { egress: [{}] }, { in: true, out: true }],
])('speaks of directions as the API server fills them in: %s', (_name, spec, expected) => {
  expect({ in: speaksOf(policy(spec), 'Ingress'), out: speaksOf(policy(spec), 'Egress') }).toEqual(expected);
});

it('says a whole policy, and what changes of it', () => {
  const before = policy({ policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] });
  const after = policy({ policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }] });
  expect(policyWords(after, reader)).toEqual(['lets in every pod of this namespace on 80/TCP', 'lets nothing out']);
  expect(changedPolicyWords(before, after)).toEqual([
    'no longer lets in every pod of this namespace',
    'lets in every pod of this namespace on 80/TCP',
    'lets nothing out',
  ]);
});

it.each([null, 'x', { ingress: 'x' }, { ingress: [null, { from: 'x' }] }])('survives what is no policy: %j', (spec) => {
  expect(readRules({ ...policy({}), spec }, 'Ingress', reader).length).toBeLessThan(2);
});
