import { type ClusterConnection, KubeClient, SharedInformers, serverAddress } from '@fairlead/kube';
import type { Clock } from '../../platform/clock.js';
import type { Logger } from '../../platform/logger.js';
import type { MintedAccount } from './accounts/names.js';
import { MintedTokens } from './minted-tokens.js';
import { Observer } from './observer.js';

/** Open: impersonation was seen to work, and the impersonator alone to be powerless, within the last minute in which the cluster answered. */
export type Gate = { readonly open: true } | { readonly open: false; readonly reason: string };

/** What the gateway needs to dial a cluster itself. */
export interface Upstream {
  host: string;
  port: number;
  /** undefined: the host's own name is what the certificate must carry. */
  servername: string | undefined;
  /** PEM; undefined: the system's roots. */
  ca: string | undefined;
  /** Without a trailing slash; '' when there is none. */
  pathPrefix: string;
  /** `Bearer <the impersonator's token>`. @throws KubeError, ClusterUnreachable */
  authorization(): Promise<string>;
  /** To be called in the socket's own lookup, and for literal addresses before the dial. @throws AddressDenied */
  checkAddress(ip: string): void;
  /** As it is now. */
  readonly gate: Gate;
}

export interface LinkTarget {
  server: string;
  ca: string | undefined;
  minterToken: string;
}

interface LinkGround {
  clock: Clock;
  logger: Logger;
  checkAddress: (ip: string, port: number) => void;
}

/** Everything that is open towards one cluster: a client per account, one set of informers. Closing ends all of it. */
export class ClusterLink {
  readonly tokens: MintedTokens;
  readonly observer: Observer;
  readonly informers: SharedInformers;
  readonly upstream: Upstream;
  /** Writes bindings and labels, and nothing else. */
  readonly keeper: KubeClient;
  /** Has no right but to act as a person: use it by `as`. */
  readonly impersonator: KubeClient;
  /** A connection of its own: its latency is the cluster's, not that of a queue. */
  readonly probe: KubeClient;
  /** Closed until the canary has sung. */
  gate: Gate = { open: false, reason: 'impersonation has not been checked yet' };
  private readonly clients: KubeClient[] = [];

  constructor(target: LinkTarget, { clock, logger, checkAddress }: LinkGround) {
    const { hostname, port, prefix } = serverAddress(target.server);
    const check = (ip: string) => checkAddress(ip, port);
    const dial = (auth: ClusterConnection['auth'], connections: number, timeoutMs?: number): KubeClient => {
      const connection = { server: target.server, auth, checkAddress: check, ...(target.ca === undefined ? {} : { ca: target.ca }) };
      const client = new KubeClient(connection, { connections, connectTimeoutMs: 3_000, ...(timeoutMs ? { timeoutMs } : {}) });
      this.clients.push(client);
      return client;
    };
    this.tokens = new MintedTokens(dial({ token: target.minterToken }, 2, 5_000), clock);
    const as = (account: MintedAccount) => ({ token: () => this.tokens.get(account) });
    const observing = dial(as('observer'), 16);
    this.keeper = dial(as('keeper'), 4);
    this.impersonator = dial(as('impersonator'), 32);
    this.probe = dial(as('observer'), 1, 3_000);
    this.informers = new SharedInformers({
      client: () => observing,
      report: (error) => logger.error({ error }, 'a listener of an informer failed'),
    });
    this.observer = new Observer(observing, this.informers, clock);
    const link = this;
    this.upstream = {
      host: hostname,
      port,
      servername: undefined,
      ca: target.ca,
      pathPrefix: prefix,
      authorization: async () => `Bearer ${await this.tokens.get('impersonator')}`,
      checkAddress: check,
      get gate() {
        return link.gate;
      },
    };
  }

  async close(): Promise<void> {
    this.gate = { open: false, reason: 'the cluster is no longer registered' };
    await this.informers.close();
    await Promise.all(this.clients.map((client) => client.close()));
  }
}
