import { describe, expect, it } from 'vitest';
import { disuse } from './disuse.js';
import { LastBytes } from './last-bytes.js';

describe('the end of a log', () => {
  const kept = (limit: number, ...pieces: string[]) => {
    const last = new LastBytes(limit);
    for (const piece of pieces) last.push(Buffer.from(piece));
    return last.read();
  };
  it.each([
    ['nothing', 10, [], '', false],
    ['all of it', 10, ['one\n', 'two\n'], 'one\ntwo\n', false],
    ['just all of it', 8, ['one\ntwo\n'], 'one\ntwo\n', false],
    ['whole lines', 10, ['first line\n', 'two\n', 'three\n'], 'two\nthree\n', true],
    ['the end of one long line', 4, ['abc', 'defgh'], 'efgh', true],
    ['what a database can keep', 10, ['a\0b'], 'ab', false],
  ])('is %s', (_, limit, pieces, text, truncated) => {
    expect(kept(limit, ...pieces)).toEqual({ text, truncated });
  });
});

describe('an interactive run', () => {
  const at = (seconds: number) => new Date(seconds * 1000);
  it.each([
    ['is waited for', null, null, 299, null],
    ['nobody opens', null, null, 301, 'Nobody opened it within five minutes.'],
    ['is used', 1000, 1000, 1005, null],
    ['is loaded again', 1000, 1000, 1019, null],
    ['was left', 1000, 1000, 1021, 'Its session ended.'],
    ['is open and silent', 2000, 1101, 2001, null],
    ['was silent too long', 2000, 1099, 2001, 'Nothing was typed for fifteen minutes.'],
  ])('%s', (_, attached, heard, now, expected) => {
    const run = { createdAt: at(0), attachedAt: attached === null ? null : at(attached), heardAt: heard === null ? null : at(heard) };
    expect(disuse(run, at(now))).toBe(expected);
  });
});
