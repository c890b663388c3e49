/** What may go on to the cluster of what a client sent. Everything else is dropped. */
const copied = new Set([
  'accept',
  'accept-encoding',
  'content-type',
  'content-length',
  'user-agent',
  'if-none-match',
  'kubectl-command',
  'kubectl-session',
  'traceparent',
]);
const copiedForUpgrade = new Set(['sec-websocket-key', 'sec-websocket-version', 'x-stream-protocol-version']);
/** May come once only: two would have two readings. */
const single = new Set([
  'authorization',
  'host',
  'content-length',
  'content-type',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'origin',
]);
const bearerProtocol = /^base64url\.bearer\.authorization\.k8s\.io\./i;

export interface ClientHeaders {
  /** In the order they came, ready to be sent on. */
  pairs: [string, string][];
  authorization: string | undefined;
  origin: string | undefined;
  /** Any `Impersonate-…`, whatever follows the prefix. */
  impersonates: boolean;
  /** The first header that came twice and must not. */
  repeated: string | null;
  /** Lower case; undefined without one. */
  upgrade: string | undefined;
  hasBody: boolean;
}

/** Reads raw headers once: Node's own view keeps the first of two and joins others. */
export function readClientHeaders(rawHeaders: readonly string[], forUpgrade: boolean): ClientHeaders {
  const read: ClientHeaders = {
    pairs: [],
    authorization: undefined,
    origin: undefined,
    impersonates: false,
    repeated: null,
    upgrade: undefined,
    hasBody: false,
  };
  const seen = new Set<string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    if (single.has(name)) {
      if (seen.has(name)) read.repeated ??= name;
      seen.add(name);
    }
    if (name.startsWith('impersonate-')) read.impersonates = true;
    else if (name === 'authorization') read.authorization = value;
    else if (name === 'origin') read.origin = value;
    else if (name === 'upgrade') read.upgrade = value.toLowerCase();
    else if (name === 'transfer-encoding') read.hasBody = true;
    else if (forUpgrade && name === 'sec-websocket-protocol') {
      const kept = value
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== '' && !bearerProtocol.test(each));
      if (kept.length > 0) read.pairs.push([name, kept.join(', ')]);
    } else if (copied.has(name) || (forUpgrade && copiedForUpgrade.has(name))) {
      if (name === 'content-length' && value !== '0') read.hasBody = true;
      read.pairs.push([name, value]);
    }
  }
  return read;
}

/** The token of `Bearer <token>`; undefined for anything else. */
export const bearerToken = (authorization: string | undefined): string | undefined =>
  authorization === undefined ? undefined : /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1];
