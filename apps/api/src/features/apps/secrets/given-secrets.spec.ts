import { AppSpec, type OwnSecret } from '@fairlead/shared';
import { describe, expect, it } from 'vitest';
import { keepingSecrets, withChangedSecrets, withGivenSecrets } from './given-secrets.js';

const hash = (letter: string) => letter.repeat(24);
const hashOf = (name: string, value: string) => `${name}:${value}`;
const spec = (ownSecrets?: (Partial<OwnSecret> & { name: string })[]) => AppSpec.parse({ image: 'a', ...(ownSecrets && { ownSecrets }) });
const a = { name: 'A', env: true, hash: hash('a') };

describe('secrets given beside a spec', () => {
  it.each([
    ['become variables where the spec does not name them', spec(), spec(), { A: '1' }, [{ name: 'A', env: true, hash: 'A:1' }]],
    ['replace what stands', spec([{ name: 'A' }]), spec([a]), { A: '2' }, [{ name: 'A', env: true, hash: 'A:2' }]],
    ['are what stands where none is given', spec([{ name: 'A', path: '/a' }]), spec([a]), undefined, [{ ...a, path: '/a' }]],
    ['are the ones that an earlier revision names', spec([{ ...a, hash: hash('b') }]), spec([a]), undefined, [{ ...a, hash: hash('b') }]],
  ])('%s', (_, wanted, standing, values, expected) => {
    const { spec: found, fresh } = withGivenSecrets(wanted, standing, values, hashOf);
    expect(found).toMatchObject({ ownSecrets: expected });
    expect(fresh).toEqual(Object.entries(values ?? {}).map(([name, value]) => ({ name, value, hash: hashOf(name, value) })));
  });

  it.each([
    ['a secret without any value', spec([{ name: 'B' }]), { A: '1' }, 'give a value for B: none stands'],
    ['values for manifests', AppSpec.parse({ kind: 'manifests', yaml: 'x' }), { A: '1' }, 'an app from manifests names its Secrets itself'],
  ])('refuses %s', (_, wanted, values, message) => {
    expect(() => withGivenSecrets(wanted, spec([a]), values, hashOf)).toThrow(
      expect.objectContaining({ issues: [expect.objectContaining({ message: expect.stringContaining(message) })] }),
    );
  });
});

describe('a whole spec', () => {
  it('leaves the secrets as they stand when it does not speak of them, and drops them when it says so', () => {
    expect(keepingSecrets(spec(), spec([a]))).toEqual(spec([a]));
    expect(keepingSecrets(spec([]), spec([a]))).toEqual(spec([]));
  });
});

describe('a change of secrets', () => {
  it.each([
    ['adds one', { set: [{ name: 'B', value: 'x' }], remove: [] }, [a, { name: 'B', env: true }]],
    ['removes one', { set: [], remove: ['A'] }, undefined],
    ['makes a variable a file', { set: [{ name: 'A', env: false, path: '/etc/a' }], remove: [] }, [{ ...a, env: false, path: '/etc/a' }]],
  ])('%s', (_, change, expected) => {
    expect(withChangedSecrets(spec([a]), change).ownSecrets).toEqual(expected);
  });

  it.each([
    ['a name twice', { set: [{ name: 'A', value: 'x' }], remove: ['A'] }],
    ['what is not there', { set: [], remove: ['B'] }],
  ])('refuses %s', (_, change) => {
    expect(() => withChangedSecrets(spec([a]), change)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});
