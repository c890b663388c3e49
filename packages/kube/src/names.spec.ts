import { expect, test } from 'vitest';
import { dnsLabelProblem, dnsSubdomainProblem, isImageReference, labelValueProblem, qualifiedNameProblem } from './names.js';

test.each([
  [dnsLabelProblem, 'web-1', true],
  [dnsLabelProblem, 'Web', false],
  [dnsLabelProblem, 'a.b', false],
  [dnsLabelProblem, '-a', false],
  [dnsLabelProblem, 'a\n', false],
  [dnsLabelProblem, 'a'.repeat(64), false],
  [dnsSubdomainProblem, 'a.b-c', true],
  [dnsSubdomainProblem, 'a..b', false],
  [dnsSubdomainProblem, '', false],
  [qualifiedNameProblem, 'example.com/My_Name', true],
  [qualifiedNameProblem, '/x', false],
  [qualifiedNameProblem, 'a/b/c', false],
  [labelValueProblem, '', true],
  [labelValueProblem, 'a_B.c', true],
  [labelValueProblem, 'a b', false],
] as const)('%o %j: %s', (problem, value, fine) => expect(problem(value) === undefined).toBe(fine));

test.each([
  ['nginx', true],
  ['nginx:1.27', true],
  ['registry.example:5000/a/b-c:tag', true],
  [`ghcr.io/a/b@sha256:${'a'.repeat(64)}`, true],
  [`a/b:tag@sha256:${'0'.repeat(64)}`, true],
  ['localhost/x', true],
  ['Nginx', false],
  ['nginx:', false],
  ['nginx latest', false],
  ['https://nginx', false],
  ['a//b', false],
  ['nginx@sha256:short', false],
  ['', false],
  ['-x', false],
  ['nginx:1\n', false],
] as const)('image %j: %s', (value, fine) => expect(isImageReference(value)).toBe(fine));

test('a hostile image name does not take long', () => {
  const started = performance.now();
  isImageReference(`${'a-'.repeat(255)}!`);
  isImageReference(`${'a.'.repeat(255)}!`);
  dnsSubdomainProblem(`${'a'.repeat(252)}!`);
  expect(performance.now() - started).toBeLessThan(50);
});
