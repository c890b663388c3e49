import { expect, test } from 'vitest';
import { builtInKinds, inDiscoveryOrder } from './index.js';

const kinds = builtInKinds();
const inTables = kinds.flatMap(({ table, kind, group, version, resource }) => (table ? [{ table, kind, group, version, resource }] : []));

test.each(inTables)('a row of $group/$version $resource has a cell for each column', ({ table, kind }) => {
  expect(table.columns.length).toBeGreaterThan(0);
  const bare = { kind, metadata: { name: 'a', creationTimestamp: '2026-01-01T00:00:00Z' } };
  const cells = table.cells(bare, Date.parse('2026-01-01T00:02:00Z'));
  expect(cells).toHaveLength(table.columns.length);
  expect(cells.filter((cell) => cell === undefined || Number.isNaN(cell))).toEqual([]);
});

test('groups come in the order of the real server', () => {
  const groups = [...new Set(inDiscoveryOrder(kinds).map(({ group }) => group))];
  expect(groups.slice(0, 5)).toEqual(['', 'apps', 'events.k8s.io', 'autoscaling', 'batch']);
});
