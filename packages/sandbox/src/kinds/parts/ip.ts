import { isIP, isIPv4, isIPv6 } from 'node:net';
import { type FieldError, invalidValue } from '../../machinery/field-error.js';

/** IPv4 with leading zeros was an address once, and still is one to the API server. */
export const withoutZeros = (value: string): string => value.replace(/(^|\.)0+(?=\d)/g, '$1');

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

/** ValidateEndpointIP: an address that somebody else can be reached at. */
export function endpointAddress(value: string, path: string): FieldError[] {
  if (!isAddress(value)) return [invalidValue(path, value, 'must be a valid IP address')];
  const ip = value.toLowerCase();
  if (ip === '0.0.0.0' || ip === '::') return [invalidValue(path, value, `may not be unspecified (${value})`)];
  if (ip.startsWith('127.') || ip === '::1') return [invalidValue(path, value, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')];
  if (ip.startsWith('169.254.') || /^fe[89ab]/.test(ip))
    return [invalidValue(path, value, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')];
  if (ip.startsWith('224.0.0.') || ip.startsWith('ff02:'))
    return [invalidValue(path, value, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')];
  return [];
}

/** Whether the first of two CIDRs holds all of the second and more. */
export function cidrHolds(whole: string, part: string): boolean {
  const [[net = '', bits = ''], [inner = '', innerBits = '']] = [whole.split('/'), part.split('/')];
  if (familyOf(net) !== familyOf(inner) || Number(bits) >= Number(innerBits)) return false;
  const size = familyOf(net) === 'IPv6' ? 128n : 32n;
  const shift = size - BigInt(bits);
  return numberOf(net) >> shift === numberOf(inner) >> shift;
}

function numberOf(ip: string): bigint {
  if (familyOf(ip) === 'IPv4') return ip.split('.').reduce((sum, part) => sum * 256n + BigInt(Number(part)), 0n);
  const [left = '', right] = ip.split('::');
  const words = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [head, tail] = [words(left), words(right ?? '')];
  const gap = right === undefined ? [] : new Array<string>(8 - head.length - tail.length).fill('0');
  return [...head, ...gap, ...tail].reduce((sum, word) => sum * 65_536n + BigInt(Number.parseInt(word, 16)), 0n);
}
