import type { Readable } from 'node:stream';
import { buildConnector, Pool } from 'undici';
import { authorization, type ClusterConnection, checkLiteralAddress, type ServerAddress, serverAddress, tlsOptions } from './connection.js';
import { ClusterUnreachable, toUnreachable } from './errors.js';

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Exchange {
  method: HttpMethod;
  /** With its query, encoded; the server's prefix is put before it. */
  path: string;
  /** Flat name, value, name, value…: repeated names stay separate lines. */
  headers: readonly string[];
  body?: string | Uint8Array;
  signal?: AbortSignal | undefined;
  /** Milliseconds to the response's headers, and then between two pieces of its body (0: the body may be silent for ever). */
  headersTimeout: number;
  bodyTimeout: number;
  /** Streams have connections of their own, so that they never take a call's. */
  stream: boolean;
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Readable;
}

/**
 * HTTP/1.1 over TLS to one API server. One request at a time on a connection, nothing sent twice by itself, no redirect followed, no proxy read
 * from the environment. HTTP/2 is left out on purpose: undici joins repeated headers there (two groups would become one) and
 * sends requests that were under way again after a GOAWAY.
 */
export class Transport {
  readonly address: ServerAddress;
  private readonly calls: Pool;
  private readonly streams: Pool;

  constructor(
    private readonly connection: ClusterConnection,
    connectTimeout: number,
    callConnections: number,
  ) {
    this.address = serverAddress(connection.server);
    const dial = buildConnector({
      ...tlsOptions(connection),
      allowH2: false,
      timeout: connectTimeout,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    });
    const connect: buildConnector.connector = (options, callback) => {
      try {
        checkLiteralAddress(connection, options.hostname);
      } catch (denied) {
        callback(denied instanceof Error ? denied : new ClusterUnreachable('address not allowed'), null);
        return;
      }
      dial(options, callback);
    };
    const common = { connect, pipelining: 1, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000, keepAliveMaxTimeout: 60_000 };
    this.calls = new Pool(this.address.origin, { ...common, connections: callConnections });
    this.streams = new Pool(this.address.origin, common);
  }

  /** The caller must read or destroy the body. Throws ClusterUnreachable, or the signal's own reason. */
  async exchange(exchange: Exchange): Promise<Answer> {
    exchange.signal?.throwIfAborted();
    const authority = await this.credential();
    try {
      const answer = await (exchange.stream ? this.streams : this.calls).request({
        method: exchange.method,
        path: this.address.prefix + exchange.path,
        headers: authority === undefined ? [...exchange.headers] : [...exchange.headers, 'authorization', authority],
        body: exchange.body ?? null,
        signal: exchange.signal ?? null,
        headersTimeout: exchange.headersTimeout,
        bodyTimeout: exchange.bodyTimeout,
      });
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    } catch (error) {
      throw aborted(exchange.signal) ?? toUnreachable(error);
    }
  }

  /** Cuts what is under way. */
  async close(): Promise<void> {
    await Promise.all([this.calls.destroy(), this.streams.destroy()]);
  }

  private async credential(): Promise<string | undefined> {
    try {
      return await authorization(this.connection.auth);
    } catch (error) {
      throw new ClusterUnreachable('credential not available', { cause: error });
    }
  }
}

/** The reason of an aborted signal as an Error, or undefined. */
export function aborted(signal: AbortSignal | undefined): Error | undefined {
  if (!signal?.aborted) return undefined;
  return signal.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError');
}
