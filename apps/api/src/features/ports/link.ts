import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a link is signed for. */
export interface LinkFacts {
  id: string;
  label: string;
  expiresAt: Date;
}

export const linkPath = '/.fairlead/open';

/**
 * The token of a link: `<expiry>.<HMAC-SHA256>`, good for one opening and its host name alone. It holds nothing that its bearer did not know; that it
 * is used once is the store's promise.
 */
export function signLink(key: Buffer, { id, label, expiresAt }: LinkFacts): string {
  return `${expiresAt.getTime().toString(36)}.${mac(key, id, label, expiresAt.getTime()).toString('base64url')}`;
}

export function checkLink(
  key: Buffer,
  token: string,
  { id, label }: Omit<LinkFacts, 'expiresAt'>,
  now: Date,
): 'good' | 'expired' | 'forged' {
  const [, time = '', given = ''] = /^([0-9a-z]{1,11})\.([A-Za-z0-9_-]{43})$/.exec(token) ?? [];
  const expiresMs = Number.parseInt(time, 36);
  const presented = Buffer.from(given, 'base64url');
  const expected = mac(key, id, label, Number.isSafeInteger(expiresMs) ? expiresMs : 0);
  if (presented.length !== expected.length || !timingSafeEqual(presented, expected)) return 'forged';
  return expiresMs > now.getTime() ? 'good' : 'expired';
}

const mac = (key: Buffer, id: string, label: string, expiresMs: number): Buffer =>
  createHmac('sha256', key)
    .update(JSON.stringify(['v1', id, label, expiresMs]))
    .digest();
