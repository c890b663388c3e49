import { describe, expect, test } from 'vitest';
import { ambiguousParams, canonicalTarget, parseQuery, TargetError } from './canonical-target.js';

describe('a target is refused', () => {
  const attacks: [string, string][] = [
    ['//evil/api/v1/pods', 'empty segment'],
    ['/\\evil/api', 'backslash or fragment'],
    ['http://evil/api', 'not origin form'],
    ['@evil/api', 'not origin form'],
    ['evil:443', 'not origin form'],
    ['*', 'not origin form'],
    ['', 'not origin form'],
    ['/api/../x', 'dot segment'],
    ['/api/%2e%2e/x', 'dot segment'],
    ['/api/.%2E/x', 'dot segment'],
    ['/api/./x', 'dot segment'],
    ['/api/..%5c', 'forbidden character in a segment'],
    ['/a\tb', 'not printable ASCII'],
    ['/a b', 'not printable ASCII'],
    ['/a\u00e9', 'not printable ASCII'],
    ['/api/v1/pods#x', 'backslash or fragment'],
    ['/api/a%2fb', 'forbidden character in a segment'],
    ['/api/a%252fb', 'forbidden character in a segment'],
    ['/api/a%00b', 'forbidden character in a segment'],
    ['/api/a%0ab', 'forbidden character in a segment'],
    ['/api/%c0%af', 'bad percent encoding'],
    ['/api/%zz', 'bad percent encoding'],
    ['/api/%', 'bad percent encoding'],
    ['/api//v1', 'empty segment'],
    ['/api/v1//', 'empty segment'],
    ['/api/v1/pods?a=%zz', 'malformed query'],
    ['/api/v1/pods?a=1;b=2', 'malformed query'],
    ['/api/v1/pods?fieldSelector=metadata.name%3Dx%00', 'malformed query'],
    ['/api/v1/namespaces/x/pods/y/proxy/../../secrets', 'dot segment'],
    ['/api/v1/namespaces/x/pods/y/proxy/a%2f%2e%2e', 'dot segment'],
    ['/api/v1/nodes/n/proxy/%2e%2e/x', 'dot segment'],
    [`/${'a'.repeat(40_000)}`, 'too long'],
  ];
  test.each(attacks)('%s', (target, reason) => {
    expect(() => canonicalTarget(target)).toThrow(expect.objectContaining({ name: 'TargetError', reason }));
  });
});

test.each([
  ['/api/v1/pods/', '/api/v1/pods', '/api/v1/pods'],
  ['/', '/', '/'],
  ['/api/v1/p%6fds?watch=1', '/api/v1/p%6fds', '/api/v1/pods'],
  [
    '/apis/a.b/v1/namespaces/x/things/system:%20y',
    '/apis/a.b/v1/namespaces/x/things/system:%20y',
    '/apis/a.b/v1/namespaces/x/things/system: y',
  ],
  [
    '/api/v1/namespaces/x/services/y:80/proxy//a%2Fb/',
    '/api/v1/namespaces/x/services/y:80/proxy//a%2Fb/',
    '/api/v1/namespaces/x/services/y:80/proxy//a/b/',
  ],
  ['/api/v1/namespaces/proxy/pods/', '/api/v1/namespaces/proxy/pods', '/api/v1/namespaces/proxy/pods'],
])('%s is forwarded as %s and means %s', (target, path, decodedPath) => {
  expect(canonicalTarget(target)).toMatchObject({ path, decodedPath });
});

test('a namespace named proxy opens no opaque tail', () => {
  expect(() => canonicalTarget('/api/v1/namespaces/x/proxy//y')).toThrow(TargetError);
  expect(() => canonicalTarget('/api/v1/namespaces/proxy//y')).toThrow(TargetError);
});

test('repeated and differently spelled keys are named', () => {
  const params = parseQuery('watch=0&watch=1&WATCH=1&limit=5', 'strict');
  expect(ambiguousParams(params, ['watch', 'limit'])).toEqual(['watch', 'WATCH']);
});

test('bytes that are no UTF-8 do not end a query', () => {
  expect(parseQuery('command=%ff%41&command=a+b', 'strict').get('command')).toEqual(['\ufffdA', 'a b']);
});
