import { isIPv4, isIPv6 } from 'node:net';
import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { Opaque } from '../value.js';

class Ip extends Opaque {
  readonly typeName = 'net.IP';

  constructor(
    readonly bits: bigint,
    readonly family: 4 | 6,
  ) {
    super();
  }

  override equals(other: Opaque): boolean {
    return other instanceof Ip && other.bits === this.bits && other.family === this.family;
  }
}

class Cidr extends Opaque {
  readonly typeName = 'net.CIDR';

  constructor(
    readonly ip: Ip,
    readonly prefix: number,
  ) {
    super();
  }

  override equals(other: Opaque): boolean {
    return other instanceof Cidr && other.ip.equals(this.ip) && other.prefix === this.prefix;
  }
}

const fail = (message: string): never => {
  throw new EvaluationError(message);
};
const width = (family: 4 | 6): number => (family === 4 ? 32 : 128);

function parseIp(text: string): Ip | undefined {
  if (isIPv4(text) && !/(^|\.)0\d/.test(text))
    return new Ip(
      text.split('.').reduce((all, part) => (all << 8n) | BigInt(part), 0n),
      4,
    );
  if (!isIPv6(text) || text.includes('%') || text.includes('.')) return undefined;
  const [head = '', tail] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const groups = tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return new Ip(
    groups.reduce((all, part) => (all << 16n) | BigInt(`0x${part}`), 0n),
    6,
  );
}

function ipOf(text: string): Ip {
  const found = parseIp(text);
  if (found) return found;
  if (/^::ffff:.*\./i.test(text)) return fail(`IPv4-mapped IPv6 address ${JSON.stringify(text)} is not allowed`);
  if (text.includes('%') && isIPv6(text)) return fail(`IP address ${JSON.stringify(text)} with zone value is not allowed`);
  const why = /^\d+(?:\.\d+){0,2}$/.test(text) && text.includes('.') ? 'IPv4 address too short' : 'unable to parse IP';
  return fail(`IP Address ${JSON.stringify(text)} parse error during conversion from string: ParseAddr(${JSON.stringify(text)}): ${why}`);
}

function shownIp({ bits, family }: Ip): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (bits >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((bits >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  const runs = [...groups.join(' ').matchAll(/(?:\b0\b ?){2,}/g)].map(([run]) => run.trimEnd());
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  const [before = '', after = ''] = splitOnce(groups.join(' '), longest);
  return `${before.trim().replaceAll(' ', ':')}::${after.trim().replaceAll(' ', ':')}`;
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.search(new RegExp(`\\b${by}(?: |$)`));
  return [text.slice(0, at), text.slice(at + by.length)];
}

function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const ip = parseIp(address);
  return ip && Number(digits) <= width(ip.family) && String(Number(digits)) === digits ? new Cidr(ip, Number(digits)) : undefined;
}

function cidrOf(text: string): Cidr {
  const found = parseCidr(text);
  if (found) return found;
  const head = 'network address parse error during conversion from string: ';
  const why = text.includes('/') ? (parseIp(text.split('/')[0] ?? '') ? 'prefix length out of range' : 'unable to parse IP') : "no '/'";
  return fail(`${head}${head}netip.ParsePrefix(${JSON.stringify(text)}): ${why}`);
}

const shift = ({ ip, prefix }: Cidr): bigint => BigInt(width(ip.family) - prefix);
const masked = (cidr: Cidr): Cidr => new Cidr(new Ip((cidr.ip.bits >> shift(cidr)) << shift(cidr), cidr.ip.family), cidr.prefix);
const contains = (cidr: Cidr, ip: Ip): boolean => cidr.ip.family === ip.family && cidr.ip.bits >> shift(cidr) === ip.bits >> shift(cidr);
const containsCidr = (cidr: Cidr, other: Cidr): boolean => cidr.prefix <= other.prefix && contains(cidr, other.ip);
const within = (...ranges: readonly string[]) => {
  const cidrs = ranges.map(cidrOf);
  return (ip: Ip): boolean => cidrs.some((each) => contains(each, ip));
};
const isUnspecified = ({ bits }: Ip): boolean => bits === 0n;
const isLoopback = within('127.0.0.0/8', '::1/128');
const isLinkLocalMulticast = within('224.0.0.0/24', 'ff02::/16');
const isLinkLocalUnicast = within('169.254.0.0/16', 'fe80::/10');
const isMulticast = within('224.0.0.0/4', 'ff00::/8');
const broadcast = within('255.255.255.255/32');

/** Kubernetes' addresses and networks. */
export const network: readonly Overload[] = [
  overload('ip(string) -> net.IP', ipOf),
  overload('isIP(string) -> bool', (text: string) => parseIp(text) !== undefined),
  overload('ip.isCanonical(string) -> bool', (text: string) => shownIp(ipOf(text)) === text),
  overload('string(net.IP) -> string', shownIp),
  overload('net.IP.family() -> int', ({ family }: Ip) => BigInt(family)),
  overload('net.IP.isUnspecified() -> bool', isUnspecified),
  overload('net.IP.isLoopback() -> bool', isLoopback),
  overload('net.IP.isLinkLocalMulticast() -> bool', isLinkLocalMulticast),
  overload('net.IP.isLinkLocalUnicast() -> bool', isLinkLocalUnicast),
  overload(
    'net.IP.isGlobalUnicast() -> bool',
    (ip: Ip) => ![isUnspecified, isLoopback, isMulticast, isLinkLocalUnicast, broadcast].some((each) => each(ip)),
  ),
  overload('cidr(string) -> net.CIDR', cidrOf),
  overload('isCIDR(string) -> bool', (text: string) => parseCidr(text) !== undefined),
  overload('string(net.CIDR) -> string', ({ ip, prefix }: Cidr) => `${shownIp(ip)}/${prefix}`),
  overload('net.CIDR.containsIP(string) -> bool', (cidr: Cidr, text: string) => contains(cidr, parseIp(text) ?? fail('no such overload'))),
  overload('net.CIDR.containsIP(net.IP) -> bool', contains),
  overload('net.CIDR.containsCIDR(string) -> bool', (cidr: Cidr, text: string) =>
    containsCidr(cidr, parseCidr(text) ?? fail('no such overload')),
  ),
  overload('net.CIDR.containsCIDR(net.CIDR) -> bool', containsCidr),
  overload('net.CIDR.ip() -> net.IP', ({ ip }: Cidr) => ip),
  overload('net.CIDR.prefixLength() -> int', ({ prefix }: Cidr) => BigInt(prefix)),
  overload('net.CIDR.masked() -> net.CIDR', masked),
];
