import type { Manifest } from '@fairlead/kube';
import { expect, it } from 'vitest';
import { adminsPart, titlesOf } from './admins-part.js';

const policy = (name: string, ingress: unknown[] = []): Manifest => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name },
  spec: { podSelector: {}, ingress },
});
const deployment: Manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 1 } };
const ofAnother: Manifest = { apiVersion: 'cilium.io/v2', kind: 'NetworkPolicy', metadata: { name: 'web' } };

it.each<[string, Manifest[], Manifest[], { left: string[]; touched: string }]>([
  ['nothing of the kind', [deployment], [{ ...deployment, spec: { replicas: 2 } }], { left: [], touched: '' }],
  ['one that stays', [policy('web')], [deployment, policy('web')], { left: ['networking.k8s.io/NetworkPolicy/web'], touched: '' }],
  ['one that comes', [deployment], [policy('web')], { left: [], touched: 'NetworkPolicy/web' }],
  ['one that goes', [policy('web'), deployment], [deployment], { left: [], touched: 'NetworkPolicy/web' }],
  ['one that changes', [policy('web')], [policy('web', [{}])], { left: [], touched: 'NetworkPolicy/web' }],
  [
    'one that takes the place of another',
    [policy('a'), policy('b')],
    [policy('a'), policy('c')],
    { left: ['networking.k8s.io/NetworkPolicy/a'], touched: 'NetworkPolicy/c, NetworkPolicy/b' },
  ],
  ['everything, when the app goes', [policy('web'), deployment], [], { left: [], touched: 'NetworkPolicy/web' }],
  ["another group's kind of the same name", [], [ofAnother], { left: [], touched: '' }],
])('%s', (_name, before, after, expected) => {
  const { left, touched } = adminsPart(before, after);
  expect({ left: [...left], touched: titlesOf(touched) }).toEqual(expected);
});
