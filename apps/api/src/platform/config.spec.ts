import { expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.js';

const base = { FAIRLEAD_DATABASE_URL: 'postgres://u:canary@127.0.0.1/d' };

it('has sensible defaults', () => {
  expect(readConfig(base)).toMatchObject({ host: '127.0.0.1', port: 4400, publicUrl: null, insecureHttp: false, register: null });
});

it.each([
  [{ FAIRLEAD_PORT: 'canary' }, /FAIRLEAD_PORT/],
  [{ FAIRLEAD_SECRET_KEY: 'canary' }, /FAIRLEAD_SECRET_KEY: must be 32 bytes/],
  [{ FAIRLEAD_ADMIN_PASSWORD: 'canary' }, /FAIRLEAD_ADMIN_PASSWORD: must have at least 12/],
  [{ FAIRLEAD_URL: 'https://a.example/canary' }, /must be an origin/],
  [{ FAIRLEAD_URL: 'http://a.example' }, /FAIRLEAD_INSECURE_HTTP=1/],
  [{ FAIRLEAD_HOST: '0.0.0.0' }, /FAIRLEAD_INSECURE_HTTP=1/],
  [{ FAIRLEAD_TRUSTED_PROXIES: 'canary' }, /FAIRLEAD_TRUSTED_PROXIES/],
  [{ FAIRLEAD_WEBHOOK_ALLOW: 'canary' }, /FAIRLEAD_WEBHOOK_ALLOW/],
  [{ FAIRLEAD_WEBHOOK_ALLOW: '10.0.0.0/33' }, /FAIRLEAD_WEBHOOK_ALLOW/],
  [{ FAIRLEAD_PORTS_HOST: 'canary' }, /FAIRLEAD_PORTS_HOST: must be a domain/],
  [{ FAIRLEAD_URL: 'https://a.example', FAIRLEAD_PORTS_HOST: '*.ports.a.example' }, /FAIRLEAD_PORTS_HOST: must not be the host/],
])('names what is wrong in %j and never its value', (env, message) => {
  const read = () => readConfig({ ...base, ...env });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
  expect(read).not.toThrow(/canary/);
});

it('takes a public address that is https, whatever it listens on', () => {
  expect(readConfig({ ...base, FAIRLEAD_HOST: '0.0.0.0', FAIRLEAD_URL: 'https://fairlead.example' }).publicUrl).toBe(
    'https://fairlead.example',
  );
});
