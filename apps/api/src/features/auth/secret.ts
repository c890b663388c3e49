import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** What is stored of a secret. It has full entropy, so a fast hash is enough, and a unique index finds it without comparing strings. */
export const hashSecret = (secret: string): Uint8Array<ArrayBuffer> => new Uint8Array(createHash('sha256').update(secret).digest());

export const tokenPrefix = 'flt_';

/** An API token as its owner sees it: `flt_` and 43 characters. */
export const isTokenText = (text: string): boolean => /^flt_[A-Za-z0-9_-]{43}$/.test(text);

/** A password that a person can type: 20 letters and digits in groups, 100 bits. */
export function newPassword(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789AB';
  const letters = Array.from(randomBytes(20), (byte) => alphabet[byte & 31]);
  return [0, 5, 10, 15].map((i) => letters.slice(i, i + 5).join('')).join('-');
}
