import { expect, it } from 'vitest';
import { checkLink, signLink } from './link.js';

const key = Buffer.alloc(32, 7);
const now = new Date('2026-11-25T12:00:00.000Z');
const facts = { id: 'id-1', label: 'p-a', expiresAt: new Date(now.getTime() + 60_000) };
const token = signLink(key, facts);

it.each([
  ['the link itself', token, facts, now, 'good'],
  ['a minute later', token, facts, new Date(now.getTime() + 60_000), 'expired'],
  ['on another host name', token, { ...facts, label: 'p-b' }, now, 'forged'],
  ['for another opening', token, { ...facts, id: 'id-2' }, now, 'forged'],
  ['with a later expiry', token.replace(/^[^.]+/, (facts.expiresAt.getTime() + 1000).toString(36)), facts, now, 'forged'],
  ['signed by another key', signLink(Buffer.alloc(32, 8), facts), facts, now, 'forged'],
  ['cut short', token.slice(0, -1), facts, now, 'forged'],
  ['empty', '', facts, now, 'forged'],
] as const)('%s', (_, given, at, when, verdict) => {
  expect(checkLink(key, given, at, when)).toBe(verdict);
});
