import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { tlsOptions } from '@fairlead/kube';
import type { ClusterRecord, Observer, Upstream } from '../clusters/index.js';
import { Connections } from './connections.js';

/** What the gateway needs of the clusters, and no more. */
export interface GatewayUpstreams {
  resolve(ref: string): Promise<Pick<ClusterRecord, 'id' | 'name'> | null>;
  upstream(clusterId: string): Promise<Upstream>;
  observe(clusterId: string): Pick<Observer, 'review' | 'openStream'>;
}

export const GATEWAY_UPSTREAMS = Symbol('GatewayUpstreams');

/** The ways to the clusters. TLS is verified and the address judged at every dial; nothing is proxied or redirected. */
export class ClusterAgents {
  private readonly pools = new Map<string, { upstream: Upstream; connections: Connections }>();

  /** Kept connections, one pool for each cluster. */
  connections(clusterId: string, upstream: Upstream): Connections {
    const held = this.pools.get(clusterId);
    if (held?.upstream === upstream) return held.connections;
    held?.connections.close();
    const connections = new Connections(upstream);
    this.pools.set(clusterId, { upstream, connections });
    return connections;
  }

  /** For a connection of its own, which is never given to another request. */
  single(upstream: Upstream): Agent {
    return new GuardedAgent(upstream, { keepAlive: false });
  }

  close(): void {
    for (const { connections } of this.pools.values()) connections.close();
    this.pools.clear();
  }
}

class GuardedAgent extends Agent {
  constructor(
    private readonly upstream: Upstream,
    options: AgentOptions,
  ) {
    const { ca, servername, checkAddress } = upstream;
    const connection = {
      server: `https://${hostHeader(upstream.host, upstream.port)}`,
      auth: { anonymous: true as const },
      checkAddress,
      ...(ca === undefined ? {} : { ca }),
      ...(servername === undefined ? {} : { servername }),
    };
    super({ ...tlsOptions(connection), ALPNProtocols: ['http/1.1'], ...options });
  }

  // A literal address never reaches the lookup.
  override createConnection(options: RequestOptions, callback?: (error: Error | null, stream: Duplex) => void): Duplex | null | undefined {
    if (isIP(this.upstream.host) !== 0) this.upstream.checkAddress(this.upstream.host);
    return super.createConnection(options, callback);
  }
}

export const hostHeader = (host: string, port: number): string => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
