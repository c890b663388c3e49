import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { sign } from './signature.js';

it('is what any HMAC-SHA256 of "<t>.<body>" gives', () => {
  const signature = sign('whsec_a', '{"version":1}', new Date(1_700_000_000_900));
  const by = execFileSync('openssl', ['dgst', '-sha256', '-hmac', 'whsec_a', '-hex'], {
    input: '1700000000.{"version":1}',
    encoding: 'utf8',
  });
  expect(signature).toBe(`t=1700000000,v1=${by.trim().split(' ').at(-1)}`);
});
