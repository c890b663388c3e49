import { expect, it } from 'vitest';
import { sortRows } from './sort-rows';

const rows = [
  { name: 'web-10', n: 3 },
  { name: 'web-2', n: null },
  { name: 'api', n: 7 },
];
const columns = [
  { id: 'name', sortBy: (r: (typeof rows)[number]) => r.name },
  { id: 'n', sortBy: (r: (typeof rows)[number]) => r.n },
];
const names = (sort: string) => sortRows(rows, columns, sort).map((r) => r.name);

it('sorts names as people count', () => expect(names('name')).toEqual(['api', 'web-2', 'web-10']));
it('puts unknown values last, both ways', () => {
  expect(names('n')).toEqual(['web-10', 'api', 'web-2']);
  expect(names('-n')).toEqual(['api', 'web-10', 'web-2']);
});
it('leaves the order of an unknown column', () => expect(names('x')).toEqual(['web-10', 'web-2', 'api']));
