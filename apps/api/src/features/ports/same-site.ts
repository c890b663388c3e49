import type { IncomingHttpHeaders } from 'node:http';
import { isRead } from '../../platform/http/is-read.js';

/**
 * May this request use the opening's cookie? Pages of other sites may only lead a browser here, as any link does: they may not fetch, post, embed,
 * or open a socket. That matters between opened ports, too: their host names are of one site to a browser, so SameSite alone would not do.
 */
export function comesFromElsewhere(headers: IncomingHttpHeaders, method: string, own: string): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (origin !== undefined && origin !== own && !(origin === 'null' && site === 'same-origin')) return true;
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  const leads = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !(leads && isRead(method));
}
