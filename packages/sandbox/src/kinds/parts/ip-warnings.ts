import { familyOf, isAddress, isCidr, withoutZeros } from './ip.js';

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const soon = 'will be considered invalid in a future Kubernetes release: use';

/** IPv6 as RFC 5952 writes it. */
export const canonicalAddress = (ip: string): string =>
  familyOf(ip) === 'IPv6' ? (mapped.exec(ip)?.[1] ?? new URL(`http://[${ip}]`).hostname.slice(1, -1)) : withoutZeros(ip);

export const isMapped = (ip: string): boolean => mapped.test(ip);

/** GetWarningsForIP. */
export function addressWarnings(value: string, path: string): string[] {
  if (!isAddress(value)) return [];
  const plain = canonicalAddress(value);
  if (plain === value) return [];
  return familyOf(value) === 'IPv4' || isMapped(value)
    ? [`${path}: non-standard IP address "${value}" ${soon} "${plain}"`]
    : [`${path}: IPv6 address "${value}" should be in RFC 5952 canonical format ("${plain}")`];
}

/** GetWarningsForCIDR. */
export function cidrWarnings(value: string, path: string): string[] {
  if (!isCidr(value)) return [];
  const [ip = '', bits = ''] = value.split('/');
  const plain = canonicalAddress(ip);
  const net = networkOf(plain, Number(bits));
  const whole = `${net}/${Number(bits)}`;
  const single = `${plain}/${familyOf(plain) === 'IPv6' ? 128 : 32}`;
  const warnings =
    net === plain ? [] : [`${path}: CIDR value "${value}" is ambiguous in this context (should be "${whole}" or "${single}"?)`];
  if (`${plain}/${Number(bits)}` === value) return warnings;
  return familyOf(ip) === 'IPv4' || isMapped(ip)
    ? [...warnings, `${path}: non-standard CIDR value "${value}" ${soon} "${whole}"`]
    : [...warnings, `${path}: IPv6 CIDR value "${value}" should be in RFC 5952 canonical format ("${plain}/${Number(bits)}")`];
}

function networkOf(ip: string, bits: number): string {
  if (familyOf(ip) === 'IPv4') {
    const kept = ip.split('.').map((part, index) => Number(part) & (255 << Math.max(0, Math.min(8, 8 * (index + 1) - bits))));
    return kept.join('.');
  }
  const [left = '', right = ''] = ip.split('::');
  const words = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const gap = ip.includes('::') ? new Array<string>(8 - words(left).length - words(right).length).fill('0') : [];
  const kept = [...words(left), ...gap, ...words(right)].map((word, index) =>
    (Number.parseInt(word, 16) & (0xffff << Math.max(0, Math.min(16, 16 * (index + 1) - bits)))).toString(16),
  );
  return canonicalAddress(kept.join(':'));
}
