import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { serverAddress } from './connection.js';
import { isRecord } from './objects.js';
import { parseStrictYaml, YamlError } from './strict-yaml.js';

export interface Kubeconfig {
  context: string;
  /** `https://host[:port][/prefix]`, normalised. */
  server: string;
  /** PEM; undefined means the system's roots. */
  ca?: string;
  auth: { token: string } | { clientCertificate: string; clientKey: string };
  namespace?: string;
  contexts: string[];
}

/** Why a kubeconfig is not taken. `field` is its path in the file; no value is ever quoted. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';

  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

const maxContexts = 64;
const flatten = 'use: kubectl config view --raw --minify --flatten';

/** Fields that kubectl knows and we refuse: each would run something, read a file, weaken TLS, or change who we are. */
const refused: Readonly<Record<string, string>> = {
  exec: 'runs a command; give a token or a client certificate instead',
  'auth-provider': 'runs code; give a token or a client certificate instead',
  tokenFile: 'names a file; give the token itself',
  'certificate-authority': `names a file; ${flatten}`,
  'client-certificate': `names a file; ${flatten}`,
  'client-key': `names a file; ${flatten}`,
  'proxy-url': 'sends the connection elsewhere; it is not accepted',
  'tls-server-name': 'changes whose certificate is trusted; it is not accepted',
  'insecure-skip-tls-verify': 'switches verification off; give certificate-authority-data instead',
  'disable-compression': 'is not accepted',
  extensions: 'are not accepted; remove them',
  username: 'and password are not accepted; give a token or a client certificate',
  password: 'is not accepted; give a token or a client certificate',
  as: 'acts as somebody else; it is not accepted',
  'as-uid': 'acts as somebody else; it is not accepted',
  'as-groups': 'acts as somebody else; it is not accepted',
  'as-user-extra': 'acts as somebody else; it is not accepted',
};

const text = z.string().max(253).min(1);
const cluster = z.strictObject({ server: z.string().max(2048), 'certificate-authority-data': z.string().max(200_000).optional() });
const user = z.strictObject({
  token: z.string().min(1).max(16_384).optional(),
  'client-certificate-data': z.string().max(100_000).optional(),
  'client-key-data': z.string().max(100_000).optional(),
});
const context = z.strictObject({ cluster: text, user: text, namespace: text.optional() });
const schema = z.strictObject({
  apiVersion: z.literal('v1').optional(),
  kind: z.literal('Config').optional(),
  preferences: z.strictObject({}).optional(),
  'current-context': z.string().max(253).optional(),
  clusters: z.array(z.strictObject({ name: text, cluster })),
  users: z.array(z.strictObject({ name: text, user })),
  contexts: z.array(z.strictObject({ name: text, context })),
});

/**
 * Reads a kubeconfig that somebody gave us: at most 256 KiB, one document, 64 contexts. Pure: it touches no file, starts no process, opens
 * no connection. Every part is judged, not only the chosen context. Throws KubeconfigError.
 */
export function parseKubeconfig(source: string, options: { context?: string } = {}): Kubeconfig {
  const document = readDocument(source);
  refuseByName(document, '');
  const config = validated(document);
  const contexts = unique(config.contexts, 'contexts');
  const name = options.context ?? config['current-context'] ?? '';
  if (name === '') throw new KubeconfigError('current-context', 'no context is chosen');
  const chosen = contexts.get(name)?.context;
  if (!chosen) throw new KubeconfigError('contexts', 'the chosen context is not in the file');
  const target = unique(config.clusters, 'clusters').get(chosen.cluster)?.cluster;
  if (!target) throw new KubeconfigError('clusters', "the context's cluster is not in the file");
  const who = unique(config.users, 'users').get(chosen.user)?.user;
  if (!who) throw new KubeconfigError('users', "the context's user is not in the file");
  const ca = target['certificate-authority-data'];
  return {
    context: name,
    server: readServer(target.server),
    ...(ca === undefined ? {} : { ca: certificates('certificate-authority-data', ca) }),
    auth: readAuth(who),
    ...(chosen.namespace === undefined ? {} : { namespace: chosen.namespace }),
    contexts: [...contexts.keys()],
  };
}

function readDocument(source: string): unknown {
  try {
    const documents = parseStrictYaml(source, { maxBytes: 256 * 1024, maxDocuments: 1, maxTokens: 20_000 });
    const first = documents[0];
    if (!first) throw new KubeconfigError('(file)', 'the file is empty');
    if (!isRecord(first.value)) throw new KubeconfigError('(file)', 'this is no kubeconfig');
    return first.value;
  } catch (error) {
    if (error instanceof YamlError) throw new KubeconfigError(error.feature ?? '(file)', `line ${error.line}: ${error.message}`);
    throw error;
  }
}

/** Wherever they stand: also in a user that the chosen context does not use, and under keys that only look like lists. */
function refuseByName(value: unknown, at: string): void {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) refuseByName(item, `${at}[${i}]`);
    return;
  }
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    const path = at ? `${at}.${key}` : key;
    const why = Object.hasOwn(refused, key)
      ? refused[key]
      : /^(impersonate|as-)/i.test(key)
        ? 'acts as somebody else; it is not accepted'
        : undefined;
    if (why) throw new KubeconfigError(path, `${key} ${why}`);
    refuseByName(inner, path);
  }
}

function validated(document: unknown): z.infer<typeof schema> {
  if (isRecord(document) && Array.isArray(document.contexts) && document.contexts.length > maxContexts) {
    throw new KubeconfigError('contexts', `more than ${maxContexts} contexts`);
  }
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = [...(issue?.path ?? [])];
  if (issue?.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    throw new KubeconfigError(dotted([...path, key]), 'this field is not accepted');
  }
  throw new KubeconfigError(dotted(path), issue?.code === 'too_big' ? 'too long' : 'missing, or not of the right type');
}

function unique<T extends { name: string }>(entries: readonly T[], field: string): Map<string, T> {
  const byName = new Map<string, T>();
  for (const [i, entry] of entries.entries()) {
    if (byName.has(entry.name)) throw new KubeconfigError(`${field}[${i}].name`, 'the name is given twice');
    byName.set(entry.name, entry);
  }
  return byName;
}

function readServer(server: string): string {
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: URL would drop some of them silently
    if (/[\u0000-\u0020\\]/.test(server) || server.includes('%')) throw new TypeError('unexpected characters');
    const { origin, prefix } = serverAddress(server);
    return `${origin}${prefix}`;
  } catch {
    throw new KubeconfigError('server', 'the server must be https://host[:port][/path], without user name, query or fragment');
  }
}

function readAuth(who: z.infer<typeof user>): Kubeconfig['auth'] {
  const { token, 'client-certificate-data': certificate, 'client-key-data': key } = who;
  if (token !== undefined) {
    if (certificate !== undefined || key !== undefined) throw new KubeconfigError('user', 'give a token or a client certificate, not both');
    if (!/^[\x21-\x7e]+$/.test(token)) throw new KubeconfigError('user.token', 'the token is not printable ASCII');
    return { token };
  }
  if (certificate === undefined || key === undefined) {
    throw new KubeconfigError('user', 'a token, or client-certificate-data with client-key-data, is needed');
  }
  return { clientCertificate: certificates('client-certificate-data', certificate), clientKey: privateKey(key) };
}

function certificates(field: string, encoded: string): string {
  const pem = decoded(field, encoded);
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch {
    throw new KubeconfigError(field, 'not a PEM certificate');
  }
  if (blocks.length === 0) throw new KubeconfigError(field, 'not a PEM certificate');
  return `${blocks.join('\n')}\n`;
}

function privateKey(encoded: string): string {
  const pem = decoded('client-key-data', encoded);
  try {
    createPrivateKey(pem);
    return pem;
  } catch {
    throw new KubeconfigError('client-key-data', 'not a PEM private key without a passphrase');
  }
}

function decoded(field: string, encoded: string): string {
  const compact = encoded.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw new KubeconfigError(field, 'not base64');
  return Buffer.from(compact, 'base64').toString('utf8');
}

const dotted = (path: readonly PropertyKey[]): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('') || '(file)';
