import type { X509Certificate } from 'node:crypto';
import type { Api } from '../api/api.js';
import { unauthorized } from '../machinery/api-error.js';
import type { UserInfo } from '../machinery/user.js';
import type { Credentials } from '../server/access.js';
import { type ServiceAccountTokens, TokenRefused } from './tokens/service-account-tokens.js';

export interface Authentication {
  api: Api;
  tokens: ServiceAccountTokens;
  /** Users by their token, for those who want one that is fixed. */
  staticTokens: ReadonlyMap<string, UserInfo>;
}

const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
const webSocketToken = 'base64url.bearer.authorization.k8s.io.';

/** By certificate, then by bearer token; somebody who shows nothing is anonymous, somebody who shows something bad is nobody. @throws ApiError (401) */
export function authenticated(by: Authentication, { headers, certificate, foreignCertificate }: Credentials): UserInfo {
  if (certificate) return withEverybody(certificateUser(certificate));
  const token = bearerToken(headers.authorization) ?? webSocketBearer(headers['sec-websocket-protocol']);
  if (token === undefined) {
    if (foreignCertificate) throw unauthorized();
    return anonymous;
  }
  const user = tokenUser(by, token);
  if (!user) throw unauthorized();
  return withEverybody(user);
}

function tokenUser({ api, tokens, staticTokens }: Authentication, token: string): UserInfo | undefined {
  const known = staticTokens.get(token);
  if (known) return known;
  try {
    return tokens.owner(token, api)?.user;
  } catch (error) {
    if (error instanceof TokenRefused) return undefined;
    throw error;
  }
}

/** AuthenticatedGroupAdder. */
function withEverybody(user: UserInfo): UserInfo {
  if (user.groups.includes('system:authenticated') || user.name === anonymous.name) return user;
  return { ...user, groups: [...user.groups, 'system:authenticated'] };
}

/** CN is the name, each O a group. The credential id is the certificate's fingerprint. */
function certificateUser(certificate: X509Certificate): UserInfo {
  const lines = certificate.subject.split('\n');
  const values = (key: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${key}=`) ? [unquoted(line.slice(key.length + 1))] : []));
  const [name = ''] = values('CN');
  if (name === '') throw unauthorized();
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  return { name, groups: values('O'), extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] } };
}

/** OpenSSL escapes what RFC 2253 names. */
const unquoted = (value: string): string => value.replace(/\\(.)/g, '$1');

/** Undefined where no bearer token is shown: another scheme is none. */
function bearerToken(header: string | undefined): string | undefined {
  const [scheme = '', token = ''] = (header ?? '').trim().split(' ');
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : undefined;
}

/** What browsers, which cannot set headers, say among the protocols of a WebSocket. */
function webSocketBearer(protocols: string | undefined): string | undefined {
  const found = protocols
    ?.split(',')
    .map((each) => each.trim())
    .find((each) => each.startsWith(webSocketToken));
  return found && Buffer.from(found.slice(webSocketToken.length), 'base64url').toString('utf8');
}
