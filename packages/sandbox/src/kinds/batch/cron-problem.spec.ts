import { expect, test } from 'vitest';
import { cronProblem } from './cron-problem.js';

// As robfig/cron says it.
test.each([
  ['*/5 * * * *', undefined],
  ['0 0 1 JAN MON', undefined],
  ['? ? ? ? ?', undefined],
  ['@hourly', undefined],
  ['@every 5m', undefined],
  ['TZ=UTC 0 * * * *', undefined],
  ['* * *', 'expected exactly 5 fields, found 3: [* * *]'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['0 0 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['@foo', 'unrecognized descriptor: @foo'],
])('%s', (schedule, problem) => expect(cronProblem(schedule)).toBe(problem));
