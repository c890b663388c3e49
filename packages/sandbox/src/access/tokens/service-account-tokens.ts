import { randomUUID } from 'node:crypto';
import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api } from '../../api/api.js';
import { fields, number, strings, text } from '../../kinds/parts/values.js';
import type { Stored } from '../../machinery/object.js';
import type { UserInfo } from '../../machinery/user.js';
import { type Claims, TokenKey } from './jwt.js';

export const issuer = 'https://kubernetes.default.svc';
const legacyIssuer = 'kubernetes/serviceaccount';
const legacy = 'kubernetes.io/serviceaccount';
/** go-jose's leeway for clocks that differ. */
const leewayMs = 60_000;

export interface Bound {
  pod?: KubeObject;
  node?: KubeObject;
  secret?: KubeObject;
}

export interface TokenOwner {
  user: UserInfo;
  audiences: readonly string[];
}

/** A token that was signed here, and is worth nothing all the same; or one that was not. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** The tokens of ServiceAccounts: the bound ones of TokenRequests, and those without an end in Secrets. */
export class ServiceAccountTokens {
  private readonly key: TokenKey;

  /** `signingKey`: PEM of a private key on P-256. */
  constructor(signingKey: string) {
    this.key = new TokenKey(signingKey);
  }

  /** A token for `seconds` from `now` (milliseconds), good as long as what it is bound to. */
  issue(account: KubeObject, audiences: readonly string[], seconds: number, now: number, bound: Bound = {}): string {
    const { name, namespace = '', uid } = account.metadata;
    const second = Math.floor(now / 1000);
    const ref = ({ metadata }: KubeObject): object => ({ name: metadata.name, uid: metadata.uid });
    return this.key.sign({
      aud: audiences,
      exp: second + seconds,
      iat: second,
      iss: issuer,
      jti: randomUUID(),
      'kubernetes.io': {
        namespace,
        ...(bound.node ? { node: ref(bound.node) } : {}),
        ...(bound.pod ? { pod: ref(bound.pod) } : {}),
        ...(bound.secret ? { secret: ref(bound.secret) } : {}),
        serviceaccount: { name, uid },
      },
      nbf: second,
      sub: userName(namespace, name),
    });
  }

  /** What the token controller puts into a Secret of type kubernetes.io/service-account-token. */
  issueForSecret(account: KubeObject, secretName: string): string {
    const { name, namespace = '', uid } = account.metadata;
    return this.key.sign({
      iss: legacyIssuer,
      [`${legacy}/namespace`]: namespace,
      [`${legacy}/secret.name`]: secretName,
      [`${legacy}/service-account.name`]: name,
      [`${legacy}/service-account.uid`]: uid,
      sub: userName(namespace, name),
    });
  }

  /** Undefined for what is no token of ours at all. @throws TokenRefused in the words of the API server */
  owner(token: string, api: Api, audiences: readonly string[] = [issuer]): TokenOwner | undefined {
    const claims = this.key.read(token);
    if (!claims) return undefined;
    if (claims.iss === legacyIssuer) return legacyOwner(token, claims, api);
    const meant = strings(claims.aud).filter((each) => audiences.includes(each));
    if (meant.length === 0)
      throw new TokenRefused(`token audiences ${go(strings(claims.aud))} is invalid for the target audiences ${go(audiences)}`);
    return { user: boundOwner(claims, api), audiences: meant };
  }
}

const go = (values: readonly string[]): string => `[${values.map((each) => JSON.stringify(each)).join(' ')}]`;

export const userName = (namespace: string, name: string): string => `system:serviceaccount:${namespace}:${name}`;

/** Everybody's groups but system:authenticated, which whoever has authenticated them adds. */
export const groupsOf = (namespace: string): string[] => ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];

function boundOwner(claims: Claims, api: Api): UserInfo {
  const now = api.now();
  if (number(claims.exp) * 1000 < now - leewayMs) throw new TokenRefused('service account token has expired');
  if (number(claims.nbf) * 1000 > now + leewayMs) throw new TokenRefused('service account token is not valid yet');
  const own = fields(claims['kubernetes.io']);
  const namespace = text(own.namespace);
  const [account, secret, pod, node] = [own.serviceaccount, own.secret, own.pod, own.node].map(refOf);
  if (!account) throw new TokenRefused('service account token claims could not be validated due to unexpected validation error');
  const found = api.get('serviceaccounts', namespace, account.name);
  if (!found) throw new TokenRefused(`serviceaccounts ${JSON.stringify(account.name)} not found`);
  if (found.metadata.uid !== account.uid)
    throw new TokenRefused(`service account UID (${found.metadata.uid}) does not match claim (${account.uid})`);
  if (isGoing(found, now)) throw new TokenRefused(`service account ${namespace}/${account.name} has been deleted`);
  const lives = (resource: string, home: string, ref: Ref, kind: string): void => {
    const object = api.get(resource, home, ref.name);
    if (!object || isGoing(object, now)) throw new TokenRefused('service account token has been invalidated');
    if (object.metadata.uid !== ref.uid)
      throw new TokenRefused(
        `${kind} UID (${object.metadata.uid}) does not match service account ${kind.toLowerCase()} ref claim (${ref.uid})`,
      );
  };
  if (secret) lives('secrets', namespace, secret, 'secret');
  if (pod) lives('pods', namespace, pod, 'pod');
  else if (node) lives('nodes', '', node, 'node');
  const extra = {
    'authentication.kubernetes.io/credential-id': [`JTI=${text(claims.jti)}`],
    ...(node
      ? {
          'authentication.kubernetes.io/node-name': [node.name],
          ...(node.uid ? { 'authentication.kubernetes.io/node-uid': [node.uid] } : {}),
        }
      : {}),
    ...(pod ? { 'authentication.kubernetes.io/pod-name': [pod.name], 'authentication.kubernetes.io/pod-uid': [pod.uid] } : {}),
  };
  return { name: userName(namespace, account.name), uid: account.uid, groups: groupsOf(namespace), extra };
}

/** As long as its Secret holds it. */
function legacyOwner(token: string, claims: Claims, api: Api): TokenOwner {
  const [namespace, secretName, name, uid] = ['namespace', 'secret.name', 'service-account.name', 'service-account.uid'].map((each) =>
    text(claims[`${legacy}/${each}`]),
  ) as [string, string, string, string];
  const now = api.now();
  const secret = api.get('secrets', namespace, secretName);
  if (!secret || isGoing(secret, now) || tokenOf(secret) !== token) throw new TokenRefused('service account token has been invalidated');
  const account = api.get('serviceaccounts', namespace, name);
  if (!account) throw new TokenRefused(`serviceaccounts ${JSON.stringify(name)} not found`);
  if (isGoing(account, now)) throw new TokenRefused(`service account ${namespace}/${name} has been deleted`);
  if (account.metadata.uid !== uid) throw new TokenRefused(`ServiceAccount UID (${account.metadata.uid}) does not match claim (${uid})`);
  return { user: { name: userName(namespace, name), uid, groups: groupsOf(namespace) }, audiences: [issuer] };
}

export const tokenOf = (secret: KubeObject): string => {
  const { token } = fields(secret.data);
  return typeof token === 'string' ? Buffer.from(token, 'base64').toString('utf8') : '';
};

interface Ref {
  name: string;
  uid: string;
}

const refOf = (value: unknown): Ref | undefined =>
  value === undefined ? undefined : { name: text(fields(value).name), uid: text(fields(value).uid) };

const isGoing = ({ metadata }: Stored, now: number): boolean =>
  metadata.deletionTimestamp !== undefined && Date.parse(metadata.deletionTimestamp) < now - leewayMs;
