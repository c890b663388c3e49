import { expect, test } from 'vitest';
import {
  compareQuantities,
  formatBytes,
  formatMillicores,
  formatQuantity,
  parseQuantity,
  toBytes,
  toCores,
  toMillicores,
} from './quantity.js';

test.each([
  ['1', 1_000_000_000n],
  ['250m', 250_000_000n],
  ['1.5', 1_500_000_000n],
  ['.5', 500_000_000n],
  ['5.', 5_000_000_000n],
  ['+2k', 2_000_000_000_000n],
  ['-1', -1_000_000_000n],
  ['100n', 100n],
  ['0.1n', 1n],
  ['-0.1n', -1n],
  ['1Ki', 1_024_000_000_000n],
  ['1.5Gi', 1_610_612_736_000_000_000n],
  ['1e3', 1_000_000_000_000n],
  ['1E-3', 1_000_000n],
  ['1E', 10n ** 27n],
])('%s', (text, nanos) => expect(parseQuantity(text)).toBe(nanos));

test.each(['', 'm', '1 Gi', '1gi', '0x10', '1e', '1e99', '1mi', 'Infinity', '1,5', '--1', `${'9'.repeat(200)}`])(
  '%j is refused',
  (text) => {
    expect(() => parseQuantity(text)).toThrow('quantities must match');
  },
);

test('to units and back', () => {
  expect([toCores('250m'), toMillicores('1.0005'), toBytes('128Mi'), toBytes('1.5'), toMillicores('-1500u')]).toEqual([
    0.25, 1001, 134_217_728, 2, -1,
  ]);
  expect([formatMillicores(250), formatMillicores(2000), formatBytes(536_870_912), formatBytes(1000)]).toEqual([
    '250m',
    '2',
    '512Mi',
    '1000',
  ]);
  expect([formatQuantity(0n, 'binary'), formatQuantity(1_500_000_000n, 'decimal'), formatQuantity(3n, 'decimal')]).toEqual([
    '0',
    '1500m',
    '3n',
  ]);
  expect([compareQuantities('1Gi', '1G'), compareQuantities('1000m', 1), compareQuantities('0', '1n')]).toEqual([1, 0, -1]);
});
