import { expect, test } from 'vitest';
import { ManifestError, parseManifests } from './manifests.js';

const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n';

test('takes documents, JSON and Lists apart, and reads YAML as kubectl does', () => {
  const found = parseManifests(
    `---\n# nothing\n---\n${deployment}---\n{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"n"},"data":{"on":"yes"}}]}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nmode: 0644\nenabled: yes\nwhen: 2026-01-01\nport: 1:30\n`,
  );
  expect(found.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual(['Deployment/web', 'ConfigMap/a', 'Secret/s']);
  expect(found[2]).toMatchObject({ mode: 420, enabled: true, when: '2026-01-01', port: '1:30' });
});

test.each([
  ['an anchor', `${deployment}spec: &x {}\n`, 4],
  ['an alias', `${deployment}spec: *x\n`, 4],
  ['a merge key', `${deployment}spec:\n  <<: {a: 1}\n`, 5],
  ['a tag', `${deployment}spec: !!binary aGk=\n`, 4],
  ['an unknown tag', `${deployment}spec: !foo 1\n`, 4],
  ['a directive', `%YAML 1.2\n---\n${deployment}`, 3],
  ['a repeated key', `${deployment}spec:\n  a: 1\n  a: 2\n`, 6],
  ['a key named __proto__', `${deployment}__proto__: {}\n`, 4],
  ['a list as key', `${deployment}? [a]\n: 1\n`, 4],
  ['a tab', `${deployment}spec:\n\ta: 1\n`, 5],
  ['no name', `${deployment}---\napiVersion: v1\nkind: Pod\nmetadata:\n  namespace: x\n`, 7],
  ['a number as label', `apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  labels:\n    a: 1\n`, 6],
  ['no kind', 'apiVersion: v1\n', 1],
  ['text', 'hello', 1],
])('%s is refused, with its line', (_name, text, line) => {
  expect(() => parseManifests(text)).toThrow(expect.objectContaining({ name: 'ManifestError', line }));
});

test.each([
  ['a megabyte too much', 'a'.repeat(1024 * 1024 + 1)],
  ['201 documents', `${deployment}---\n`.repeat(201)],
  ['deep nesting', '['.repeat(100_000)],
  ['a million brackets', '['.repeat(1_000_000)],
])('%s is refused', (_name, text) => {
  expect(() => parseManifests(text)).toThrow(ManifestError);
});
