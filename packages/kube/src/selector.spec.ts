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

// As a Kubernetes 1.34 API server answered them.
test.each([
  [',', "found ',', expected: !, identifier, or 'end of string'"],
  ['!=', "found '!=', expected: !, identifier, or 'end of string'"],
  ['a,', "found '', expected: identifier after ','"],
  ['a,,b', "found ',', expected: identifier after ','"],
  ['a=b c', "found 'c', expected: ',' or 'end of string'"],
  ['!a=b', "found '=', expected: ',' or 'end of string'"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
  ['a <= b', "unable to parse requirement: found '=', expected: identifier"],
  ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
  ['a constructor', "unable to parse requirement: found 'constructor', expected: in, notin, =, ==, !=, gt, lt"],
  ['a in b', "unable to parse requirement: found 'b' expected: '('"],
  ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
  ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
  ['a in (b,', "unable to parse requirement: found '', expected: ',', or identifier"],
  ['n>x', `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
  ['/a', 'unable to parse requirement: <nil>: Invalid value: "/a": prefix part must be non-empty'],
])('%j is refused in the words of the API server', (selector, message) => {
  expect(() => parseLabelSelector(selector)).toThrow(expect.objectContaining({ message }));
});

test('the rules of keys and values may be said in other words', () => {
  const rules = { key: () => undefined, value: (text: string) => (text.startsWith('-') ? 'no' : undefined) };
  const message = 'unable to parse requirement: [values[0][a]: Invalid value: "-b": no, values[1][a]: Invalid value: "-c": no]';
  expect(() => parseLabelSelector('a in (-c,-b,d)', rules)).toThrow(expect.objectContaining({ message }));
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
