import { isIP } from 'node:net';
import { type AddressCheck, TargetDenied } from './address-policy.js';

export interface Target {
  secure: boolean;
  /** A name in lower case without a dot at its end, or an address without brackets. */
  host: string;
  port: number;
  /** As the Host header says it. */
  authority: string;
  /** Path and query. */
  path: string;
}

const metadataNames = new Set(['metadata', 'metadata.google.internal', 'metadata.goog', 'instance-data', 'instance-data.ec2.internal']);
const inClusters = /(^|\.)(svc|cluster\.local)$/;

/**
 * Where a URL leads, judged before any name is resolved: an address in whatever spelling (decimal, octal, hex, with a dot at its end) is the address
 * that it is. What a name stands for is judged when it is dialled. `ownOrigin` is Fairlead's own. @throws TargetDenied in words for its owner
 */
export function targetOf(text: string, check: AddressCheck, ownOrigin = ''): Target {
  if (/[\\\s]/.test(text)) throw new TargetDenied('must not hold blanks or backslashes');
  if (!URL.canParse(text)) throw new TargetDenied('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TargetDenied('must begin with https:// or http://');
  if (url.username !== '' || url.password !== '' || /^[^/?#]*\/\/[^/?#\\]*@/.test(text))
    throw new TargetDenied('must not hold a user or password');
  if (url.hash !== '') throw new TargetDenied('must not have a fragment (#…): it is never sent');
  if (url.origin === ownOrigin) throw new TargetDenied('leads to Fairlead itself');
  const secure = url.protocol === 'https:';
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (port === 0 || host === '' || host.endsWith('.')) throw new TargetDenied('has no usable host');
  if (metadataNames.has(host)) throw new TargetDenied("is a cloud's metadata service");
  if (inClusters.test(host)) throw new TargetDenied('is a name that only a cluster knows');
  if (isIP(host) !== 0) check(host, port);
  else if (/(^|\.)localhost$/.test(host)) check('127.0.0.1', port);
  const shown = isIP(host) === 6 ? `[${host}]` : host;
  return { secure, host, port, authority: url.port === '' ? shown : `${shown}:${url.port}`, path: `${url.pathname}${url.search}` };
}
