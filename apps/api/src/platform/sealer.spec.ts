import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SealError, Sealer } from './sealer.js';

const at = { table: 'clusters', row: 'a', column: 'minter_token' };

describe('a sealed value', () => {
  const sealer = new Sealer(randomBytes(32));
  const sealed = sealer.seal('canary-secret', at);

  it('opens where it was sealed, and shows nothing of itself', () => {
    expect(sealer.open(sealed, at)).toBe('canary-secret');
    expect(sealed).toMatch(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/);
    expect(sealer.seal('canary-secret', at)).not.toBe(sealed);
  });

  it.each([
    ['another row', { ...at, row: 'b' }],
    ['another column', { ...at, column: 'server' }],
    ['another table', { ...at, table: 'settings' }],
  ])('does not open in %s (X1)', (_, elsewhere) => {
    expect(() => sealer.open(sealed, elsewhere)).toThrow(SealError);
  });

  it('does not open with a bit flipped, or by another key, and says which key it wants', () => {
    const [v, k, n, body] = sealed.split('.') as [string, string, string, string];
    const bytes = Buffer.from(body, 'base64url');
    bytes[0]! ^= 1;
    expect(() => sealer.open([v, k, n, bytes.toString('base64url')].join('.'), at)).toThrow(/was changed/);
    expect(() => new Sealer(randomBytes(32)).open(sealed, at)).toThrow(new RegExp(`sealed with another key \\(${sealer.keyId}\\)`));
  });
});
