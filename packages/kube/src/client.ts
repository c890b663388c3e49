import type { ClusterConnection } from './connection.js';
import { ClusterUnreachable, KubeError, toUnreachable } from './errors.js';
import { type Impersonation, impersonationHeaders } from './impersonation.js';
import { isRecord, type KubeList, type KubeObject } from './objects.js';
import { type QueryValue, withQuery } from './paths.js';
import { statusOfResponse } from './status.js';
import { type Answer, aborted, type HttpMethod, Transport } from './transport.js';

export interface KubeClientOptions {
  /** Every request of this client acts as this identity. */
  impersonate?: Impersonation;
  userAgent?: string;
  /** Milliseconds until the response's headers, and the longest silence within a body. Default 10,000. */
  timeoutMs?: number;
  /** Milliseconds for TCP and TLS together. Default 5,000. */
  connectTimeoutMs?: number;
  /** Bytes of a whole (not streamed) body. Default 64 MiB. */
  maxBodyBytes?: number;
  /** Connections for calls at once; streams come on top. Default 16. */
  connections?: number;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

export interface ListOptions extends CallOptions {
  labelSelector?: string;
  fieldSelector?: string;
  limit?: number;
  continue?: string;
  resourceVersion?: string;
  resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

export interface WriteOptions extends CallOptions {
  /** All stages but storage. */
  dryRun?: boolean;
  fieldManager?: string;
  fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  /** Called with each warning that the API server sends (its `Warning` headers, unquoted). */
  onWarning?: (text: string) => void;
}

export interface ApplyOptions extends WriteOptions {
  fieldManager: string;
  /** Take fields that another manager owns, instead of a 409. */
  force?: boolean;
}

export interface DeleteOptions extends CallOptions {
  dryRun?: boolean;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  preconditions?: { uid?: string; resourceVersion?: string };
  gracePeriodSeconds?: number;
}

export type PatchType = 'merge' | 'strategic' | 'json';

export interface RawOptions extends CallOptions {
  headers?: readonly (readonly [string, string])[];
  body?: string | Uint8Array;
  query?: Readonly<Record<string, QueryValue>>;
}

export interface RawResponse {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

const patchTypes: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

const metadataOnly = [
  'accept',
  'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json',
  'content-type',
  'application/json',
] as const;

/**
 * The Kubernetes API in a few verbs. Paths come from `resourcePath`. Every call ends: with its answer, KubeError (the API server said no),
 * ClusterUnreachable (nothing usable came back), or the signal's reason. Only a GET whose connection broke before an answer is tried once more.
 */
export class KubeClient {
  private readonly transport: Transport;
  private readonly headers: readonly string[];
  private readonly timeoutMs: number;
  private readonly maxBodyBytes: number;

  constructor(
    connection: ClusterConnection | Transport,
    private readonly options: KubeClientOptions = {},
  ) {
    this.transport =
      connection instanceof Transport
        ? connection
        : new Transport(connection, options.connectTimeoutMs ?? 5_000, options.connections ?? 16);
    const identity = options.impersonate ? impersonationHeaders(options.impersonate) : [];
    this.headers = ['user-agent', options.userAgent ?? 'fairlead', ...identity.flat()];
    this.timeoutMs = options.timeoutMs ?? 10_000;
    this.maxBodyBytes = options.maxBodyBytes ?? 64 * 1024 * 1024;
  }

  get<T extends KubeObject = KubeObject>(path: string, options: CallOptions = {}): Promise<T> {
    return this.json<T>('GET', path, options);
  }

  list<T extends KubeObject = KubeObject>(path: string, options: ListOptions = {}): Promise<KubeList<T>> {
    const { signal, timeoutMs, ...query } = options;
    return this.json<KubeList<T>>('GET', withQuery(path, query), call(signal, timeoutMs));
  }

  create<T extends KubeObject = KubeObject>(path: string, object: object, options: WriteOptions = {}): Promise<T> {
    return this.write<T>('POST', path, object, 'application/json', options);
  }

  /** Creates, and throws the answer's body away: for what the caller may write and nobody here should hold. */
  async createUnread(path: string, object: object, { dryRun, fieldManager, ...options }: WriteOptions = {}): Promise<void> {
    const target = withQuery(path, { dryRun: dryRun ? 'All' : undefined, fieldManager });
    const answer = await this.exchange('POST', target, options, false, metadataOnly, JSON.stringify(object));
    const text = (await this.readAll(answer, options.signal)).toString('utf8');
    if (answer.status < 200 || answer.status > 299) throw new KubeError(statusOfResponse(answer.status, text));
  }

  replace<T extends KubeObject = KubeObject>(path: string, object: object, options: WriteOptions = {}): Promise<T> {
    return this.write<T>('PUT', path, object, 'application/json', options);
  }

  /** Server-side apply. The body goes as JSON, which is YAML. */
  apply<T extends KubeObject = KubeObject>(path: string, object: object, options: ApplyOptions): Promise<T> {
    return this.write<T>('PATCH', path, object, 'application/apply-patch+yaml', options);
  }

  patch<T extends KubeObject = KubeObject>(path: string, body: object, type: PatchType, options: WriteOptions = {}): Promise<T> {
    return this.write<T>('PATCH', path, body, patchTypes[type], options);
  }

  /** Deletes; the answer is the object, or a Status. */
  remove(path: string, options: DeleteOptions = {}): Promise<Record<string, unknown>> {
    const { signal, timeoutMs, dryRun, ...rest } = options;
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...rest, ...(dryRun ? { dryRun: ['All'] } : {}) };
    return this.json('DELETE', path, call(signal, timeoutMs), body, 'application/json');
  }

  /** One exchange as it is: any status is an answer. Throws ClusterUnreachable only. */
  async raw(method: HttpMethod, path: string, options: RawOptions = {}): Promise<RawResponse> {
    const target = options.query ? withQuery(path, options.query) : path;
    const answer = await this.exchange(method, target, options, false, (options.headers ?? []).flat(), options.body);
    const body = await this.readAll(answer, options.signal);
    return { status: answer.status, headers: answer.headers, body };
  }

  /**
   * The body as it comes, for as long as it comes: logs and watches. Throws KubeError before the first piece when it is refused. Silence is
   * no error; the caller's signal, or leaving the loop, is the only way to end it from this side.
   */
  async *stream(path: string, options: RawOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    yield* await this.openStream(path, options);
  }

  /** Like `stream`, but settles when the server has said yes. The caller must iterate what it gets, or abort its signal. */
  async openStream(path: string, options: RawOptions = {}): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
    const target = options.query ? withQuery(path, options.query) : path;
    const answer = await this.exchange('GET', target, options, true, (options.headers ?? []).flat());
    if (answer.status === 200) return pieces(answer, options.signal);
    throw new KubeError(statusOfResponse(answer.status, (await this.readAll(answer, options.signal)).toString()));
  }

  /** The same connections and credential, acting as somebody else. Closing one closes all. */
  as(impersonate: Impersonation): KubeClient {
    return new KubeClient(this.transport, { ...this.options, impersonate });
  }

  /** Ends every call and stream of this client. */
  close(): Promise<void> {
    return this.transport.close();
  }

  private write<T>(method: HttpMethod, path: string, body: object, type: string, options: WriteOptions | ApplyOptions): Promise<T> {
    const query = {
      dryRun: options.dryRun ? 'All' : undefined,
      fieldManager: options.fieldManager,
      fieldValidation: options.fieldValidation,
      force: 'force' in options && options.force ? true : undefined,
    };
    return this.json<T>(method, withQuery(path, query), options, body, type);
  }

  private async json<T>(method: HttpMethod, path: string, options: WriteOptions, body?: object, type?: string): Promise<T> {
    const headers = ['accept', 'application/json', ...(type ? ['content-type', type] : [])];
    const answer = await this.exchange(method, path, options, false, headers, body ? JSON.stringify(body) : undefined);
    const text = (await this.readAll(answer, options.signal)).toString('utf8');
    if (answer.status < 200 || answer.status > 299) throw new KubeError(statusOfResponse(answer.status, text));
    if (options.onWarning) for (const warning of readWarnings(answer.headers.warning)) options.onWarning(warning);
    return parseAnswer<T>(text);
  }

  private async exchange(
    method: HttpMethod,
    path: string,
    options: CallOptions,
    stream: boolean,
    headers: readonly string[],
    body?: string | Uint8Array,
  ): Promise<Answer> {
    const timeout = options.timeoutMs ?? this.timeoutMs;
    const attempt = () =>
      this.transport.exchange({
        method,
        path,
        headers: [...headers, ...this.headers],
        ...(body === undefined ? {} : { body }),
        signal: options.signal,
        headersTimeout: timeout,
        bodyTimeout: stream ? 0 : timeout,
        stream,
      });
    try {
      return await attempt();
    } catch (error) {
      // A kept-alive connection may have been closed under us; reading twice does no harm.
      if (method === 'GET' && error instanceof ClusterUnreachable && error.why === 'connection reset') return attempt();
      throw error;
    }
  }

  private async readAll(answer: Answer, signal: AbortSignal | undefined): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    try {
      for await (const piece of answer.body) {
        size += piece.length;
        if (size > this.maxBodyBytes) throw new ClusterUnreachable('answer too large');
        pieces.push(piece);
      }
    } catch (error) {
      throw aborted(signal) ?? toUnreachable(error);
    } finally {
      discard(answer);
    }
    return Buffer.concat(pieces, size);
  }
}

function call(signal: AbortSignal | undefined, timeoutMs: number | undefined): CallOptions {
  return { signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

function parseAnswer<T>(text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // The parser's own message quotes the body.
    throw new ClusterUnreachable('malformed answer', { cause: error instanceof SyntaxError ? undefined : error });
  }
  if (!isRecord(value)) throw new ClusterUnreachable('malformed answer');
  // The one place where an answer gets its type: a JSON object from the API server that the operator chose to trust.
  return value as T;
}

async function* pieces(answer: Answer, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of answer.body) yield piece;
  } catch (error) {
    throw aborted(signal) ?? toUnreachable(error);
  } finally {
    discard(answer);
  }
}

function discard(answer: Answer): void {
  if (!answer.body.destroyed) answer.body.on('error', () => undefined).destroy();
}

/** `299 - "text"`, several in one line. */
function readWarnings(header: string | string[] | undefined): string[] {
  const line = Array.isArray(header) ? header.join(', ') : (header ?? '');
  return [...line.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'));
}
