import { ClusterUnreachable, type KubeClient, type KubeObject, resourcePath } from '@fairlead/kube';
import type { Clock } from '../../platform/clock.js';
import { type MintedAccount, systemNamespace } from './accounts/names.js';

const lifetimeSeconds = 3_600;

interface Minted {
  token: string;
  /** On the clock that never jumps. */
  renewAtMs: number;
  expiresAtMs: number;
}

/**
 * Tokens of one hour for the three accounts, kept in memory only. From 80 % of its life on a token is renewed beside its use; one request at a
 * time and account, however many ask.
 */
export class MintedTokens {
  private readonly minted = new Map<MintedAccount, Minted>();
  private readonly minting = new Map<MintedAccount, Promise<Minted>>();

  /** @param minter a client that holds the minter's token */
  constructor(
    private readonly minter: KubeClient,
    private readonly clock: Clock,
  ) {}

  /** @throws KubeError, ClusterUnreachable */
  async get(account: MintedAccount): Promise<string> {
    const now = this.clock.monotonicMs();
    const held = this.minted.get(account);
    if (held && now < held.renewAtMs) return held.token;
    const renewing = this.mint(account);
    if (!held || now >= held.expiresAtMs) return (await renewing).token;
    renewing.catch(() => {}); // the old one still serves; the next use tries again
    return held.token;
  }

  /** After a 401: the account may have been made anew. */
  forget(): void {
    this.minted.clear();
  }

  private mint(account: MintedAccount): Promise<Minted> {
    const running = this.minting.get(account);
    if (running) return running;
    const started = this.request(account).finally(() => this.minting.delete(account));
    this.minting.set(account, started);
    return started;
  }

  private async request(account: MintedAccount): Promise<Minted> {
    const askedAt = this.clock.monotonicMs();
    const path = resourcePath({
      group: '',
      version: 'v1',
      resource: 'serviceaccounts',
      namespace: systemNamespace,
      name: account,
      subresource: 'token',
    });
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: lifetimeSeconds } };
    const answer = await this.minter.create<KubeObject & { status?: { token?: unknown }; spec?: { expirationSeconds?: unknown } }>(
      path,
      body,
    );
    const token = answer.status?.token;
    if (typeof token !== 'string' || token === '') throw new ClusterUnreachable('malformed answer');
    const granted = answer.spec?.expirationSeconds;
    const lifeMs = Math.min(typeof granted === 'number' ? granted : lifetimeSeconds, lifetimeSeconds) * 1000;
    const minted = { token, renewAtMs: askedAt + lifeMs * 0.8, expiresAtMs: askedAt + lifeMs };
    this.minted.set(account, minted);
    return minted;
  }
}
