import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { TLSSocket } from 'node:tls';

/** The peer's address without an IPv4-in-IPv6 prefix, or what a trusted proxy says it is. */
export function sourceAddress(req: IncomingMessage, trustedProxies: readonly string[]): string {
  const peer = plainAddress(req.socket.remoteAddress ?? '');
  if (!trustedProxies.includes(peer)) return peer;
  const forwarded = req.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',').at(-1)?.trim() ?? '';
  return isIP(last) ? plainAddress(last) : peer;
}

const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

export const isTls = (req: IncomingMessage): boolean => req.socket instanceof TLSSocket;

/** One header exactly as it came; undefined when absent; null when it came more than once. Node itself keeps only the first of some. */
export function onlyHeader(req: IncomingMessage, name: string): string | undefined | null {
  let found: string | undefined;
  for (let i = 0; i < req.rawHeaders.length; i += 2) {
    if (req.rawHeaders[i]!.toLowerCase() !== name) continue;
    if (found !== undefined) return null;
    found = req.rawHeaders[i + 1]!;
  }
  return found;
}
