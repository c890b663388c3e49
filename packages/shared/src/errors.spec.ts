import { expect, it } from 'vitest';
import { type ErrorCode, errorMessage, errorTable } from './errors.js';

it('fills in what it is told and leaves nothing in braces', () => {
  expect(errorMessage('not_found', { what: 'app', name: 'web' })).toBe('There is no app web, or you may not see it.');
  for (const code of Object.keys(errorTable) as ErrorCode[]) expect(errorMessage(code)).not.toMatch(/[{}]/);
});

it('has a status of 4xx or 5xx and a whole sentence for every code', () => {
  for (const [status, message] of Object.values(errorTable)) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(message).toMatch(/^(\{|[A-Z]).*/);
  }
});
