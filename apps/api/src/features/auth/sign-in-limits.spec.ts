import { expect, it } from 'vitest';
import { addressPrefix } from './sign-in-limits.js';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::ffff', '2001:db8:1:2'],
  ['2001:DB8:0001:0002::1', '2001:db8:1:2'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('counts %s as %s, however it is spelled', (address, prefix) => {
  expect(addressPrefix(address)).toBe(prefix);
});
