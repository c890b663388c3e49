import { expect, it } from 'vitest';
import { waitingBetween, waitingText } from './steady-order';

it.each([
  [['a', 'b'], ['a', 'b'], null],
  [['a', 'b'], ['a', 'b', 'c'], '1 new'],
  [['a', 'b'], ['b'], '1 gone'],
  [['a', 'b'], ['b', 'a'], 'order changed'],
  [['a', 'b', 'c'], ['c', 'a', 'd'], '1 new, 1 gone, order changed'],
])('%j against %j waits with %s', (shown, wanted, text) => {
  expect(waitingText(waitingBetween(shown, wanted))).toBe(text);
});
