import { expect, test } from 'vitest';
import { impersonationHeaders } from './impersonation.js';

const fine = {
  user: 'system:serviceaccount:fairlead-people:u-1',
  groups: ['system:authenticated'],
  extra: { 'fairlead.dev/token': ['t-1'] },
};

test('one pair for each value, extra keys encoded as Kubernetes reads them back', () => {
  expect(impersonationHeaders({ ...fine, groups: ['a,b', 'c'] })).toEqual([
    ['impersonate-user', fine.user],
    ['impersonate-group', 'a,b'],
    ['impersonate-group', 'c'],
    ['impersonate-extra-fairlead.dev%2ftoken', 't-1'],
  ]);
});

const bad = ['', 'a\r\nX: y', 'a\nb', 'a\0', 'é', ' a', 'a ', 'a\tb', 'x'.repeat(1025)];

test.each(bad)('%j is no user, group or value', (value) => {
  expect(() => impersonationHeaders({ ...fine, user: value })).toThrow(TypeError);
  expect(() => impersonationHeaders({ ...fine, groups: [value] })).toThrow(TypeError);
  expect(() => impersonationHeaders({ ...fine, extra: { k: [value] } })).toThrow(TypeError);
});

test.each(['', 'A', 'a b', 'a%2f', 'a:b', 'a\n', 'é', 'x'.repeat(254)])('%j is no extra key', (key) => {
  expect(() => impersonationHeaders({ ...fine, extra: { [key]: ['v'] } })).toThrow(TypeError);
});

test('too many values are refused', () => {
  expect(() => impersonationHeaders({ ...fine, groups: Array.from({ length: 100 }, (_, i) => `g${i}`) })).toThrow(TypeError);
});
