import { expect, test } from 'vitest';
import { resourcePath, withQuery } from './paths.js';

test.each([
  [{ group: '', version: 'v1', resource: 'nodes' }, '/api/v1/nodes'],
  [{ group: '', version: 'v1', resource: 'pods', namespace: 'n', name: 'p', subresource: 'log' }, '/api/v1/namespaces/n/pods/p/log'],
  [{ group: 'apps', version: 'v1', resource: 'deployments', namespace: 'n' }, '/apis/apps/v1/namespaces/n/deployments'],
  [
    { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles', name: 'a:b/c' },
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/a%3Ab%2Fc',
  ],
])('%j', (ref, path) => expect(resourcePath(ref)).toBe(path));

test.each(['', '.', '..'])('%j is no part of a path', (name) => {
  expect(() => resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: 'n', name })).toThrow(TypeError);
  expect(() => resourcePath({ group: '', version: 'v1', resource: 'pods', namespace: name })).toThrow(TypeError);
});

test('a query leaves out what is undefined and repeats lists', () => {
  expect(withQuery('/a', {})).toBe('/a');
  expect(withQuery('/a', { x: undefined, y: true, z: ['1', '&'] })).toBe('/a?y=true&z=1&z=%26');
  expect(withQuery('/a?b=c', { d: 1 })).toBe('/a?b=c&d=1');
});
