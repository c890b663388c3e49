import type { KubeObject } from '@fairlead/kube';
import { describe, expect, it } from 'vitest';
import { policyRow, reachOf, selects } from './reach.js';

const reader = { namespace: 'shop', projectId: 'p', controllers: new Set<string>() };
const policy = (name: string, spec: object, metadata: object = {}): KubeObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace: 'shop', ...metadata },
  spec: { podSelector: {}, ...spec },
});
const nobody = policy('deny', { policyTypes: ['Ingress'] });
const everybody = policy('open', { ingress: [{}] });
const onePort = policy('port', { ingress: [{ ports: [{ port: 80 }] }] });
const out = policy('out', { policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] });

describe('who may reach', () => {
  it.each<[string, KubeObject[], { state: string; words: string; rules: number }]>([
    ['no policy', [], { state: 'open', words: 'No policy selects these pods: everything in the cluster may reach them.', rules: 0 }],
    [
      'only one for what goes out',
      [out],
      {
        state: 'open',
        words: 'No policy that selects these pods speaks of what comes in: everything in the cluster may reach them.',
        rules: 0,
      },
    ],
    ['one that lets nobody in', [nobody], { state: 'closed', words: 'deny lets nobody in.', rules: 0 }],
    ['one more, which opens', [nobody, everybody], { state: 'open', words: 'open lets everybody in, on every port.', rules: 1 }],
    [
      'anywhere on one port',
      [nobody, onePort],
      { state: 'limited', words: 'Only what is listed here may reach these pods (deny, port).', rules: 1 },
    ],
  ])('%s', (_name, policies, expected) => {
    const { rules, ...rest } = reachOf(policies, 'Ingress', reader);
    expect({ ...rest, rules: rules.length }).toEqual(expected);
  });

  it('says the same of what goes out', () => {
    expect(reachOf([out], 'Egress', reader)).toMatchObject({ state: 'limited', words: 'Only what is listed here may they reach (out).' });
    expect(reachOf([], 'Egress', reader).words).toBe('No policy selects these pods: they may reach everything.');
  });
});

it.each<[string, object, boolean]>([
  ['an empty selector', {}, true],
  ['its labels', { podSelector: { matchLabels: { app: 'web' } } }, true],
  ["another's labels", { podSelector: { matchLabels: { app: 'till' } } }, false],
  ['one kind of its pods', { podSelector: { matchLabels: { app: 'worker' } } }, true],
])('a policy selects an app by %s', (_name, spec, expected) => {
  expect(selects(policy('p', spec), [{ app: 'web', a: 'b' }, { app: 'worker' }])).toBe(expected);
});

it.each<[string, object, string | null]>([
  ['a Helm release', { annotations: { 'meta.helm.sh/release-name': 'walls' } }, 'Helm release walls'],
  ['another app', { annotations: { 'fairlead.dev/app-id': 'b' }, labels: { 'fairlead.dev/app': 'till' } }, 'the app till, by Fairlead'],
  ['whoever wrote it', { managedFields: [{ manager: 'kubectl-create' }] }, 'kubectl-create'],
  ['nobody that is known', {}, null],
])('names the keeper of a policy: %s', (_name, metadata, manager) => {
  expect(policyRow(policy('p', {}, metadata), 'a', [{}], reader).manager).toBe(manager);
});
