import { ImageSpec } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { renderManifests } from '../render/manifests.js';
import { namedApps, shutOutRoutes } from './policy-warnings.js';

const app = { id: 'x', name: 'web', namespace: 'shop', project: { id: 'p' } };
const render = (more: object) => renderManifests(app, ImageSpec.parse({ image: 'a', port: 80, ...more }));
const host = 'web.example.com';
const onlyProject = { ingress: [{ from: 'project' }] };

describe('routes that rules shut out', () => {
  it.each<[string, object, object, boolean]>([
    ['rules that come to a route', { host }, { host, network: onlyProject }, true],
    ['a route that comes to rules', { network: onlyProject }, { host, network: onlyProject }, true],
    ['both as before', { host, network: onlyProject }, { host, network: onlyProject, replicas: 3 }, false],
    ['nobody at all', { host }, { host, network: { ingress: [] } }, true],
    ['another namespace', { host }, { host, network: { ingress: [{ from: { namespace: 'ingress-nginx' } }] } }, false],
    ['anywhere, on a port', { host }, { host, network: { ingress: [{ from: 'anywhere', ports: [{ port: 80 }] }] } }, false],
    ['rules for what goes out only', { host }, { host, network: { egress: [] } }, false],
    ['no route', {}, { network: { ingress: [] } }, false],
  ])('%s', (_name, before, after, warned) => {
    const found = shutOutRoutes(render(before), render(after));
    expect(found.map(({ severity }) => severity)).toEqual(warned ? ['warns'] : []);
    if (warned) expect(found[0]?.reason).toContain(host);
  });
});

it('finds the apps that new rules name', () => {
  const network = { ingress: [{ from: { app: 'front' } }], egress: [{ to: { app: 'db', namespace: 'data' } }] };
  expect(namedApps(render({}), render({ network }))).toEqual([
    { policy: 'NetworkPolicy/web', app: 'front', namespace: 'shop' },
    { policy: 'NetworkPolicy/web', app: 'db', namespace: 'data' },
  ]);
  expect(namedApps(render({ network }), render({ network, replicas: 2 }))).toEqual([]);
});
