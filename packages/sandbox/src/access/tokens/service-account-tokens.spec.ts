import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stored } from '../../machinery/object.js';
import { VirtualClock } from '../../machinery/virtual-clock.js';
import { createSandbox, type Sandbox } from '../../sandbox.js';
import { ServiceAccountTokens } from './service-account-tokens.js';

const newKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const tokens = new ServiceAccountTokens(newKey());

let clock: VirtualClock;
let sandbox: Sandbox;
let account: Stored;
let secret: Stored;
beforeEach(() => {
  clock = new VirtualClock();
  sandbox = createSandbox({ clock, nodes: 1 });
  account = sandbox.api.create('serviceaccounts', { metadata: { name: 'robot', namespace: 'default' } });
  secret = sandbox.api.create('secrets', { metadata: { name: 'bound', namespace: 'default' } });
});
afterEach(() => sandbox.close());

const owner = (token: string) => tokens.owner(token, sandbox.api);

describe('a token of a ServiceAccount', () => {
  it('says who it is', () => {
    const found = owner(tokens.issue(account, ['https://kubernetes.default.svc'], 600, clock.now()));
    expect(found?.user).toMatchObject({
      name: 'system:serviceaccount:default:robot',
      uid: account.metadata.uid,
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default'],
    });
    expect(found?.user.extra?.['authentication.kubernetes.io/credential-id']?.[0]).toMatch(/^JTI=/);
  });

  it('ends', () => {
    const token = tokens.issue(account, ['https://kubernetes.default.svc'], 600, clock.now());
    clock.advance(600_000 + 59_000);
    expect(() => owner(token)).not.toThrow();
    clock.advance(2_000);
    expect(() => owner(token)).toThrow('service account token has expired');
  });

  it('is good for whom it was made only', () => {
    const token = tokens.issue(account, ['vault'], 600, clock.now());
    expect(() => owner(token)).toThrow('token audiences ["vault"] is invalid for the target audiences ["https://kubernetes.default.svc"]');
    expect(tokens.owner(token, sandbox.api, ['vault'])?.audiences).toEqual(['vault']);
  });

  it.each<[string, () => void, string]>([
    ['its account', () => sandbox.api.delete('serviceaccounts', 'default', 'robot'), 'serviceaccounts "robot" not found'],
    ['what it is bound to', () => sandbox.api.delete('secrets', 'default', 'bound'), 'service account token has been invalidated'],
    [
      'its account, made again',
      () => {
        sandbox.api.delete('serviceaccounts', 'default', 'robot');
        sandbox.api.create('serviceaccounts', { metadata: { name: 'robot', namespace: 'default' } });
      },
      'does not match claim',
    ],
  ])('goes with %s', (_, happens, message) => {
    const token = tokens.issue(account, ['https://kubernetes.default.svc'], 600, clock.now(), { secret });
    expect(owner(token)).toBeDefined();
    happens();
    expect(() => owner(token)).toThrow(message);
  });

  it('is one of ours or none', () => {
    const token = tokens.issue(account, ['https://kubernetes.default.svc'], 600, clock.now());
    const [header = '', payload = '', signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'root' })).toString(
      'base64url',
    );
    const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const bad of [`${header}.${other}.${signature}`, `${unsigned}.${payload}.`, `${header}.${payload}.`, 'a.b.c', '', `${token}.x`])
      expect(owner(bad)).toBeUndefined();
    expect(new ServiceAccountTokens(newKey()).owner(token, sandbox.api)).toBeUndefined();
  });

  it('in a Secret lasts as long as the Secret', () => {
    const made = sandbox.api.create('secrets', {
      metadata: { name: 'kept', namespace: 'default', annotations: { 'kubernetes.io/service-account.name': 'robot' } },
      type: 'kubernetes.io/service-account-token',
    });
    clock.advance(1000);
    const data = sandbox.api.get('secrets', 'default', made.metadata.name)?.data;
    const { token, namespace } = (data ?? {}) as Record<string, string>;
    expect(Buffer.from(namespace ?? '', 'base64').toString()).toBe('default');
    expect(Buffer.from(token ?? '', 'base64').toString()).toMatch(/^eyJ/);
    sandbox.api.delete('serviceaccounts', 'default', 'robot');
    clock.advance(1000);
    expect(sandbox.api.get('secrets', 'default', 'kept')).toBeUndefined();
  });
});
