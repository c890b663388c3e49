import { expect, it } from 'vitest';
import { contextsOf } from './contexts';

it('names the contexts, the current one first', () => {
  const text = `apiVersion: v1
clusters:
- name: not-a-context
  cluster: {server: "https://x"}
contexts:
- context:
    cluster: a
    user: a
  name: one
- name: "two"
  context: {cluster: b, user: b}
current-context: two
users:
- name: nor-this
`;
  expect(contextsOf(text)).toEqual(['two', 'one']);
});

it('says nothing about what it cannot read', () => expect(contextsOf('{"contexts": []}')).toEqual([]));
