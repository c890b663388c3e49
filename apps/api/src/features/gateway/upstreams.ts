import type { ClientRequest } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions } from 'node:https';
import { isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { tlsOptions } from '@fairlead/kube';
import type { ClusterRecord, Observer, Upstream } from '../clusters/index.js';

/** What the gateway needs of the clusters, and no more. */
export interface GatewayUpstreams {
  resolve(ref: string): Promise<Pick<ClusterRecord, 'id' | 'name'> | null>;
  upstream(clusterId: string): Promise<Upstream>;
  observe(clusterId: string): Pick<Observer, 'review' | 'openStream'>;
}

export const GATEWAY_UPSTREAMS = Symbol('GatewayUpstreams');

const idleMs = 30_000;
const maxIdle = 64;

/** Kept connections to the clusters, one pool each. TLS is verified and the address judged at every dial; nothing is proxied or redirected. */
export class ClusterAgents {
  private readonly pools = new Map<string, { upstream: Upstream; agent: Agent }>();

  agent(clusterId: string, upstream: Upstream): Agent {
    const held = this.pools.get(clusterId);
    if (held?.upstream === upstream) return held.agent;
    held?.agent.destroy();
    const agent = new GuardedAgent(upstream, { keepAlive: true, maxFreeSockets: maxIdle, scheduling: 'lifo' });
    this.pools.set(clusterId, { upstream, agent });
    return agent;
  }

  /** For a connection of its own, which is never given to another request. */
  single(upstream: Upstream): Agent {
    return new GuardedAgent(upstream, { keepAlive: false });
  }

  close(): void {
    for (const { agent } of this.pools.values()) agent.destroy();
    this.pools.clear();
  }
}

class GuardedAgent extends Agent {
  constructor(
    private readonly upstream: Upstream,
    options: AgentOptions,
  ) {
    const { host, port, ca, servername, checkAddress } = upstream;
    const connection = {
      server: `https://${hostHeader(host, port)}`,
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

  // Shorter than the API server's own patience, so that we never write on a connection that it is about to close.
  override keepSocketAlive(socket: Socket): boolean {
    socket.setKeepAlive(true, 15_000);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.unref();
    return true;
  }

  override reuseSocket(socket: Socket, request: ClientRequest): void {
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    super.reuseSocket(socket, request);
  }
}

export const hostHeader = (host: string, port: number): string => `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
