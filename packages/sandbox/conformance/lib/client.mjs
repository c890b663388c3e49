// HTTPS to an API server, as raw as the cases need it: statuses, headers and bodies as they arrive.
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { parse } from 'yaml';

/** The current context of a kubeconfig with its credentials inline. */
export function readKubeconfig(file) {
  const config = parse(readFileSync(file, 'utf8'));
  const { context } = config.contexts.find(({ name }) => name === config['current-context']);
  const { cluster } = config.clusters.find(({ name }) => name === context.cluster);
  const { user } = config.users.find(({ name }) => name === context.user);
  const pem = (data) => (data ? Buffer.from(data, 'base64') : undefined);
  return {
    server: cluster.server.replace(/\/$/, ''),
    ca: pem(cluster['certificate-authority-data']),
    token: user.token,
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
  };
}

export class Client {
  /** `access` is what readKubeconfig answers; `headers` go with each request. */
  constructor(access, headers = {}) {
    this.access = access;
    this.headers = headers;
    this.agent = new https.Agent({ keepAlive: true, maxSockets: 64, ca: access.ca, cert: access.cert, key: access.key });
  }

  /** The same connection with further headers, e.g. for impersonation. */
  with(headers) {
    const other = Object.create(Client.prototype);
    return Object.assign(other, this, { headers: { ...this.headers, ...headers } });
  }

  /** Impersonates. `extra` is {key: [values]}. */
  as(user, { groups = [], uid, extra = {} } = {}) {
    const headers = { 'Impersonate-User': user };
    if (groups.length > 0) headers['Impersonate-Group'] = groups;
    if (uid !== undefined) headers['Impersonate-Uid'] = uid;
    for (const [key, values] of Object.entries(extra)) headers[`Impersonate-Extra-${encodeURIComponent(key)}`] = values;
    return this.with(headers);
  }

  /** Somebody else's credentials (none at all without a token), same server. */
  bearing(token) {
    return new Client({ server: this.access.server, ca: this.access.ca, token });
  }

  /** Answers {status, headers, text, body, warnings}; body is undefined unless the answer is a JSON object. */
  async request(method, path, body, { type, accept, headers = {}, query, timeoutMs = 30_000 } = {}) {
    const response = await this.open(method, path, body, { type, accept, headers, query, timeoutMs });
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    let parsed;
    if (text.startsWith('{'))
      // whatever Content-Type says: /openapi/v3 says text/plain
      try {
        parsed = JSON.parse(text);
      } catch {}
    return {
      status: response.statusCode,
      headers: response.headers,
      text,
      body: parsed,
      warnings: warningsOf(response),
      bytes: Buffer.concat(chunks),
    };
  }

  /** The response as a stream, once its headers are here. The caller destroys it. */
  open(method, path, body, { type, accept, headers = {}, query, timeoutMs } = {}) {
    const target = new URL(this.access.server + path);
    for (const [key, value] of Object.entries(query ?? {}))
      if (value !== undefined) for (const each of [value].flat()) target.searchParams.append(key, String(each));
    const data = body === undefined || body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const sent = { accept: accept ?? 'application/json', ...this.headers, ...headers };
    if (this.access.token) sent.authorization ??= `Bearer ${this.access.token}`;
    if (data !== undefined) {
      if (type !== '') sent['content-type'] = type ?? 'application/json';
      sent['content-length'] = Buffer.byteLength(data);
    }
    return new Promise((resolve, reject) => {
      const request = https.request(target, { method, headers: sent, agent: this.agent });
      if (timeoutMs) request.setTimeout(timeoutMs, () => request.destroy(new Error(`${method} ${path}: no answer in ${timeoutMs} ms`)));
      request.on('response', (response) => {
        response.on('error', () => {});
        resolve(response);
      });
      request.on('error', reject);
      request.end(data);
    });
  }
}

/** The texts of the Warning headers: `299 - "text"`. */
function warningsOf(response) {
  const found = [];
  for (let i = 0; i < response.rawHeaders.length; i += 2)
    if (response.rawHeaders[i].toLowerCase() === 'warning') {
      const text = /^299 \S+ "((?:[^"\\]|\\.)*)"/.exec(response.rawHeaders[i + 1])?.[1];
      found.push((text ?? response.rawHeaders[i + 1]).replace(/\\(.)/g, '$1'));
    }
  return found;
}
