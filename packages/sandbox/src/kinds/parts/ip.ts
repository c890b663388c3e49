import { isIP, isIPv4, isIPv6 } from 'node:net';
import { type FieldError, invalidValue } from '../../machinery/field-error.js';

/** IPv4 with leading zeros was an address once, and still is one to the API server. */
const withoutZeros = (value: string): string => value.replace(/(^|\.)0+(?=\d)/g, '$1');

export const isAddress = (value: string): boolean =>
  isIP(/^[\d.]+$/.test(value) ? withoutZeros(value) : value) !== 0 && !value.includes('%');

export const familyOf = (value: string): 'IPv4' | 'IPv6' | 'unknown' =>
  isIPv6(value) ? 'IPv6' : isIPv4(withoutZeros(value)) ? 'IPv4' : 'unknown';

export const address = (value: string, path: string): FieldError[] =>
  isAddress(value) ? [] : [invalidValue(path, value, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];

export function isCidr(value: string): boolean {
  const [ip = '', bits = '', ...rest] = value.split('/');
  if (rest.length > 0 || !isAddress(ip) || !/^\d{1,3}$/.test(bits)) return false;
  return Number(bits) <= (familyOf(ip) === 'IPv6' ? 128 : 32);
}

export const cidr = (value: string, path: string): FieldError[] =>
  isCidr(value) ? [] : [invalidValue(path, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
