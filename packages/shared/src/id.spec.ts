import { describe, expect, it } from 'vitest';
import { AppName, Id, isId, Name } from './id.js';

const id = '01a20b02-848d-7684-8674-e3d4ee8d54a3';

describe('an id', () => {
  it('is a UUIDv7 in lower case and nothing else', () => {
    expect(isId(id)).toBe(true);
    for (const other of [id.toUpperCase(), id.replace('-7', '-4'), `${id} `, id.replaceAll('-', ''), ''])
      expect(Id.safeParse(other).success).toBe(false);
  });
});

describe('a name', () => {
  it.each(['a', 'web-1', '7up', 'a'.repeat(63)])('may be %s', (name) => {
    expect(Name.safeParse(name).success).toBe(true);
  });
  it.each(['', '-a', 'a-', 'A', 'a_b', 'a.b', 'ä', 'a'.repeat(64), id, '00000000-0000-4000-8000-000000000001'])('may not be %j', (name) => {
    expect(Name.safeParse(name).success).toBe(false);
  });
  it('of an app starts with a letter and leaves room for the suffixes of pods', () => {
    expect(AppName.safeParse('7up').success).toBe(false);
    expect(AppName.safeParse('a'.repeat(53)).success).toBe(false);
    expect(AppName.safeParse('a'.repeat(52)).success).toBe(true);
  });
});
