import { expect, test } from 'vitest';
import { matchesLabelSelector, matchesRequirements, parseFieldSelector, parseLabelSelector } from './selector.js';

const labels = { app: 'web', tier: 'front', version: '3' };

test.each([
  ['', true],
  ['app', true],
  ['!app', false],
  ['!other', true],
  ['app=web,tier==front', true],
  ['app!=web', false],
  ['other!=x', true],
  ['app in (web, api)', true],
  ['app notin (web)', false],
  ['other notin (web)', true],
  ['app in ()', false],
  ['version>2,version<10', true],
  ['app>2', false],
  ['constructor', false],
])('%j selects the labels: %s', (selector, expected) => {
  expect(matchesRequirements(parseLabelSelector(selector), labels)).toBe(expected);
});

test.each([',', 'a,', 'a in b', 'a in (b', 'a=b=c', 'a b', '-a', 'a=-b', 'a>x', 'x/y/z', 'a\0', '!!a'])('%j is refused', (selector) => {
  expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ name: 'SelectorError' }));
});

test('metav1.LabelSelector', () => {
  expect(matchesLabelSelector(undefined, labels)).toBe(false);
  expect(matchesLabelSelector({}, labels)).toBe(true);
  expect(
    matchesLabelSelector({ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }] }, labels),
  ).toBe(true);
  expect(matchesLabelSelector({ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] }, labels)).toBe(false);
  expect(matchesLabelSelector({ matchExpressions: [{ key: 'tier', operator: 'Surprise' }] }, labels)).toBe(false);
});

test('field selectors', () => {
  expect(parseFieldSelector('status.phase!=Running,metadata.name=a\\,b')).toEqual([
    { field: 'metadata.name', operator: '=', value: 'a,b' },
    { field: 'status.phase', operator: '!=', value: 'Running' },
  ]);
  expect(parseFieldSelector('a')).toBeUndefined();
  expect(parseFieldSelector('a=b=c')).toBeUndefined();
});
