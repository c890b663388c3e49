/** Where opened ports are reached: every opening has a host name of its own below one domain. */
export type PortsSite = { available: true; scheme: 'http:' | 'https:'; suffix: string } | { available: false; reason: string };

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);
const labels = /^p-[a-z2-7]{20}$/;
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** Browsers take `*.localhost` for this machine, so on loopback nothing needs to be set; elsewhere a domain must lead here. */
export function portsSite(publicUrl: string, portsHost: string | null): PortsSite {
  const { protocol, hostname, port } = new URL(publicUrl);
  const scheme = protocol === 'https:' ? 'https:' : 'http:';
  const domain = portsHost ?? (loopback.has(hostname) ? 'localhost' : null);
  if (domain === null)
    return {
      available: false,
      reason: `Each opened port needs a host name of its own: set FAIRLEAD_PORTS_HOST to a domain whose every subdomain leads to Fairlead (a wildcard DNS record and certificate), not below ${hostname}.`,
    };
  return { available: true, scheme, suffix: `.${domain}${port === '' ? '' : `:${port}`}` };
}

/** The label of a Host header that belongs to an opened port, whether there is such an opening or not; null for every other host. */
export function labelOf(site: PortsSite, host: string | null | undefined): string | null {
  const given = typeof host === 'string' ? host.toLowerCase() : '';
  if (!site.available || !given.endsWith(site.suffix)) return null;
  const label = given.slice(0, -site.suffix.length);
  return labels.test(label) ? label : null;
}

/** 100 random bits from `random`, which gives 20 bytes. */
export const newLabel = (random: Uint8Array): string => `p-${Array.from(random.subarray(0, 20), (byte) => alphabet[byte & 31]).join('')}`;
