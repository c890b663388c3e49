import { hopByHop } from '../../platform/http/hop-by-hop.js';

/** And what the browser asks of us alone. */
const betweenHops: ReadonlySet<string> = new Set([...hopByHop, 'expect', 'http2-settings']);
/** Who is before the app is said by us alone. */
const forwarding = /^(forwarded|x-forwarded-.*|x-real-ip)$/;
/** What would reach beyond this one host name and its opening: transport policy, other services, and the storage of the whole domain. */
const beyond = new Set(['strict-transport-security', 'alt-svc', 'clear-site-data', 'public-key-pins']);
/** Cookies of the product, whatever their prefix: none is passed on, and no app sets one. */
const ownCookie = /^(__host-|__secure-)?fairlead([-=]|$)/i;
const ownToken = /^bearer\s+flt_/i;

export interface Way {
  host: string;
  scheme: 'http:' | 'https:';
  sourceAddress: string;
}

/** What goes to the app, as a flat list of names and values: everything but what is between two hops, the product's own, and claims of other proxies. */
export function headersToApp(raw: readonly string[], way: Way, upgrade: boolean): string[] {
  const named = namedByConnection(raw);
  const headers = ['host', way.host];
  let chunked = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    const value = raw[i + 1]!;
    if (name === 'transfer-encoding') chunked = true;
    if (name === 'host' || betweenHops.has(name) || named.has(name) || forwarding.test(name)) continue;
    if (name === 'authorization' && ownToken.test(value)) continue;
    const passed = name === 'cookie' ? withoutOwnCookies(value) : value;
    if (passed !== '') headers.push(raw[i]!, passed);
  }
  headers.push('x-forwarded-for', way.sourceAddress, 'x-forwarded-host', way.host, 'x-forwarded-proto', way.scheme.slice(0, -1));
  if (upgrade) headers.push('connection', 'Upgrade', 'upgrade', 'websocket');
  else if (chunked) headers.push('transfer-encoding', 'chunked');
  return headers;
}

/** What comes back from the app. A cookie loses its `Domain`, so that it stays with this one host name. */
export function headersFromApp(raw: readonly string[]): string[] {
  const named = namedByConnection(raw);
  const headers: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!.toLowerCase();
    if (betweenHops.has(name) || named.has(name) || beyond.has(name)) continue;
    const value = name === 'set-cookie' ? hostOnlyCookie(raw[i + 1]!) : raw[i + 1]!;
    if (value !== '') headers.push(raw[i]!, value);
  }
  return headers;
}

export function withoutOwnCookies(header: string): string {
  return header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !ownCookie.test(part))
    .join('; ');
}

/** '' for a cookie that is not the app's to set. */
export function hostOnlyCookie(cookie: string): string {
  const [pair = '', ...attributes] = cookie.split(';');
  if (ownCookie.test(pair.trim())) return '';
  return [pair, ...attributes.filter((each) => !/^\s*domain\s*(=|$)/i.test(each))].join(';');
}

function namedByConnection(raw: readonly string[]): Set<string> {
  const named = new Set<string>();
  for (let i = 0; i + 1 < raw.length; i += 2)
    if (raw[i]!.toLowerCase() === 'connection') for (const each of raw[i + 1]!.split(',')) named.add(each.trim().toLowerCase());
  return named;
}
