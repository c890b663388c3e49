/** What a client may learn from the cluster's headers. The rest (cookies, CORS, redirects, transport policy, hop by hop) ends here. */
const relayed = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'retry-after',
  'vary',
  'warning',
  'x-kubernetes-pf-flowschema-uid',
  'x-kubernetes-pf-prioritylevel-uid',
  'x-varied-accept',
]);
const relayedForUpgrade = new Set(['sec-websocket-accept', 'sec-websocket-protocol', 'x-stream-protocol-version']);
// A browser that is led here renders nothing and runs nothing.
const ours = ['x-content-type-options', 'nosniff', 'content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox"];

/** A flat list of names and values, for writeHead. `length` is given where the cluster sent none. */
export function responseHeaders(rawHeaders: readonly string[], auditId: string, length: number | null = null): string[] {
  const headers = ['audit-id', auditId, ...ours];
  let measured = length === null;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    if (name === 'content-length') measured = true;
    if (relayed.has(name)) headers.push(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  }
  if (!measured) headers.push('content-length', String(length));
  return headers;
}

/** The head of a 101, ready to be written. `protocol` is the one that was asked for. */
export function upgradeHead(rawHeaders: readonly string[], protocol: string, auditId: string): string {
  const lines = ['HTTP/1.1 101 Switching Protocols', 'connection: Upgrade', `upgrade: ${protocol}`, `audit-id: ${auditId}`];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    // For a log the API server names an empty subprotocol, which no browser takes.
    if (relayedForUpgrade.has(name) && value !== '') lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
