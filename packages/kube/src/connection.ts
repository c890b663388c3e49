import { type LookupOptions, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { AddressDenied } from './errors.js';

/** How to reach one API server and who we are there. */
export interface ClusterConnection {
  /** `https://host[:port][/prefix]`; never http, never with user information, query or fragment. */
  server: string;
  /** PEM certificates to trust instead of the system's. */
  ca?: string;
  /** The name that the server's certificate must carry, where it is not the host's. */
  servername?: string;
  /** Verification is never switched off. */
  insecure?: never;
  auth: ClusterAuth;
  /**
   * Called with every IP address before it is dialled, after name resolution and for literal addresses too: what it lets pass is what is
   * dialled (no second resolution). Throw AddressDenied to forbid.
   */
  checkAddress?: (ip: string) => void;
}

export type ClusterAuth =
  /** Asked before every request, so a short-lived token can be renewed underneath. */
  { token: (() => Promise<string> | string) | string } | { clientCertificate: string; clientKey: string } | { anonymous: true };

export interface ServerAddress {
  origin: string;
  hostname: string;
  port: number;
  /** Without a trailing slash; '' when there is none. */
  prefix: string;
}

/** Reads `server`. Throws TypeError for anything but a plain https URL. */
export function serverAddress(server: string): ServerAddress {
  const url = new URL(server);
  if (url.protocol !== 'https:') throw new TypeError('the server must be https');
  if (url.username || url.password || url.search || url.hash || server.includes('?') || server.includes('#')) {
    throw new TypeError('the server must be scheme, host, port and path only');
  }
  return {
    origin: url.origin,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 443 : Number(url.port),
    prefix: url.pathname.replace(/\/+$/, ''),
  };
}

/** Options for `tls.connect`, `https.request` or undici's connector: trust, identity, and the address policy in the socket's own lookup. */
export function tlsOptions(connection: ClusterConnection): ConnectionOptions & { lookup: LookupFunction } {
  const { auth } = connection;
  return {
    // Set in so many words: NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment must not open this door.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    lookup: guardedLookup(connection.checkAddress),
    ...(connection.ca === undefined ? {} : { ca: connection.ca }),
    ...(connection.servername === undefined ? {} : { servername: connection.servername }),
    ...('clientCertificate' in auth ? { cert: auth.clientCertificate, key: auth.clientKey } : {}),
  };
}

/** A literal address never reaches a lookup; call this before dialling. Throws what the policy throws. */
export function checkLiteralAddress(connection: ClusterConnection, hostname: string): void {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) connection.checkAddress?.(bare);
}

/** The value of the Authorization header, or undefined. Throws TypeError for a token that could break out of its header. */
export async function authorization(auth: ClusterAuth): Promise<string | undefined> {
  if (!('token' in auth)) return undefined;
  const token = typeof auth.token === 'string' ? auth.token : await auth.token();
  if (!/^[\x21-\x7e]+$/.test(token)) throw new TypeError('the token is not printable ASCII');
  return `Bearer ${token}`;
}

function guardedLookup(check: ((ip: string) => void) | undefined): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions = { ...options, all: true };
    systemLookup(hostname, all, (error, found) => {
      if (error) return callback(error, '', 0);
      const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      try {
        // One forbidden address forbids the name: a mixed answer is how rebinding looks.
        for (const { address } of addresses) check?.(address);
      } catch (denied) {
        return callback(denied instanceof Error ? denied : new AddressDenied('address not allowed'), '', 0);
      }
      const first = addresses[0];
      if (!first) return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
