import { isId } from '@fairlead/shared';
import { expect, it } from 'vitest';
import { newId } from './id.js';

it('is a UUIDv7, and sorts by the order it was made in, also within a millisecond', () => {
  const ids = Array.from({ length: 10_000 }, () => newId());
  expect(ids.every(isId)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect([...ids].sort()).toEqual(ids);
});
