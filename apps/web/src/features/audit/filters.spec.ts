import { expect, it } from 'vitest';
import { type AuditFilter, countOf, fromInput, queryOf, toInput } from './filters';

const none: AuditFilter = {
  actor: '',
  project: '',
  cluster: '',
  action: '',
  verb: '',
  outcome: '',
  door: '',
  changes: '',
  from: '',
  to: '',
};

it('leaves out what is not set and what the API would refuse', () => {
  expect(Object.values(queryOf(none)).filter(Boolean)).toEqual([]);
  expect(queryOf({ ...none, outcome: 'perhaps', from: 'yesterday' })).toMatchObject({ outcome: undefined, from: undefined });
  expect(queryOf({ ...none, actor: ' ana ', outcome: 'refused', changes: 'true' })).toMatchObject({
    actor: 'ana',
    outcome: 'refused',
    changes: 'true',
  });
  expect(countOf({ ...none, actor: 'ana', door: 'kubectl' })).toBe(2);
});

it('times survive the input', () => {
  expect(toInput('2026-11-24T14:02:00.000Z', 'utc')).toBe('2026-11-24T14:02');
  expect(fromInput('2026-11-24T14:02', 'utc')).toBe('2026-11-24T14:02:00.000Z');
  expect(fromInput(toInput('2026-11-24T14:02:00.000Z', 'local'), 'local')).toBe('2026-11-24T14:02:00.000Z');
  expect(fromInput('', 'local')).toBe('');
});
