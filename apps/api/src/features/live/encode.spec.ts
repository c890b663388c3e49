import type { ServerMessage } from '@fairlead/shared';
import { expect, it } from 'vitest';
import { encode } from './encode.js';

const row = { key: 'a"\u2028', name: 'ü', list: [1, null, { x: undefined }] };

it.each<ServerMessage>([
  { type: 'snapshot', id: 'quote"', at: 'e.1', items: [row, row], total: 2 },
  { type: 'snapshot', id: 's', at: 'e.1', items: [], total: 0 },
  { type: 'changes', id: 's', at: 'e.2', changes: [{ put: row }, { remove: 'b"' }] },
  { type: 'changes', id: 's', at: 'e.2', changes: [] },
  { type: 'state', id: 's', state: 'stale', since: '2026-01-01T00:00:00.000Z', reason: null },
  { type: 'error', id: null, code: 'forbidden', message: 'no' },
])('encodes as JSON does: $type', (message) => {
  expect(encode(message)).toBe(JSON.stringify(message));
});
