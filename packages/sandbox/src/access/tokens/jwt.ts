import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { isRecord } from '@fairlead/kube/protocol';

/** Claims of a token whose signature was checked; nothing else about them was. */
export type Claims = Readonly<Record<string, unknown>>;

const keptTokens = 2048;

/** Signs and reads ES256 tokens with one key. */
export class TokenKey {
  private readonly privateKey: KeyObject;
  private readonly publicKey: KeyObject;
  private readonly header: string;
  /** A signature is checked once. Oldest first. */
  private readonly seen = new Map<string, Claims>();

  /** `pem`: a private key on P-256. */
  constructor(pem: string) {
    this.privateKey = createPrivateKey(pem);
    this.publicKey = createPublicKey(this.privateKey);
    const kid = createHash('sha256')
      .update(this.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url');
    this.header = encode({ alg: 'ES256', kid });
  }

  sign(claims: Claims): string {
    const body = `${this.header}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(body), { key: this.privateKey, dsaEncoding: 'ieee-p1363' });
    return `${body}.${signature.toString('base64url')}`;
  }

  /** Undefined for anything that this key did not sign. */
  read(token: string): Claims | undefined {
    const known = this.seen.get(token);
    if (known) return known;
    const claims = this.verified(token);
    if (!claims) return undefined;
    if (this.seen.size >= keptTokens) for (const oldest of [...this.seen.keys()].slice(0, keptTokens / 2)) this.seen.delete(oldest);
    this.seen.set(token, claims);
    return claims;
  }

  private verified(token: string): Claims | undefined {
    const [header = '', payload = '', signature = '', ...rest] = token.split('.');
    if (header !== this.header || signature === '' || rest.length > 0) return undefined;
    const good = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key: this.publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    if (!good) return undefined;
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isRecord(claims) ? claims : undefined;
  }
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
