import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { status } from '@fairlead/kube/protocol';
import { stringify } from 'yaml';
import { ApiError, PlainInternalError } from '../machinery/api-error.js';
import { type Accepted, negotiate } from './negotiation.js';
import { protobufType } from './protobuf/decode.js';
import { encodeProtobuf } from './protobuf/encode.js';

const compress = promisify(gzip);
/** As the API server: smaller answers are not worth the time. */
const compressFrom = 128 * 1024;

type Where = Readonly<{ request: IncomingMessage; response: ServerResponse; warnings?: ReadonlySet<string> }>;

/** Sends an object as JSON, YAML or protobuf, compressed when it is large. */
export async function answer(where: Where, code: number, value: unknown, accepted: Accepted, type?: string): Promise<void> {
  if (accepted.format === 'protobuf') return send(where, code, protobufType, encodeProtobuf(value as Record<string, unknown>));
  if (accepted.format === 'yaml') {
    const yaml = stringify(value, { aliasDuplicateObjects: false, sortMapEntries: true, indentSeq: false, lineWidth: 0 });
    return send(where, code, 'application/yaml', Buffer.from(yaml, 'utf8'));
  }
  const pretty = accepted.pretty || wantsPretty(where.request);
  const text = `${JSON.stringify(value, null, pretty ? 2 : 0)}\n`;
  return send(where, code, type ?? 'application/json', Buffer.from(text, 'utf8'));
}

export const answerText = (where: Where, code: number, text: string): Promise<void> =>
  send(where, code, 'text/plain; charset=utf-8', Buffer.from(text, 'utf8'));

/** A refusal, or what went wrong inside: told once on stderr, and to the client as the API server tells a panic. */
export function answerError(where: Where, error: unknown): Promise<void> {
  if (error instanceof PlainInternalError)
    return answerText(where, 500, `Internal Server Error: ${JSON.stringify(where.request.url ?? '')}: ${error.why}\n`);
  const refused = error instanceof ApiError ? error.status : mistake(error);
  const { retryAfterSeconds } = refused.details ?? {};
  if (retryAfterSeconds !== undefined) where.response.setHeader('Retry-After', String(retryAfterSeconds));
  let accepted: Accepted = { format: 'json', shape: 'as it is', pretty: false, parameters: {} };
  try {
    accepted = negotiate(where.request.headers.accept, undefined, () => true);
  } catch {
    // what cannot be written as it was asked for is written as JSON
  }
  // Some of the real one's have no reason.
  const { reason, ...rest } = refused;
  return answer(where, refused.code, reason === '' ? rest : refused, accepted);
}

export async function send(where: Where, code: number, type: string, body: Buffer): Promise<void> {
  const { request, response } = where;
  if (response.headersSent || response.destroyed) return;
  const packed = body.length > compressFrom && acceptsGzip(request) ? await compress(body, { level: 1 }) : undefined;
  if (response.headersSent || response.destroyed) return;
  for (const warning of where.warnings ?? []) response.appendHeader('Warning', `299 - ${quotedWarning(warning)}`);
  response.statusCode = code;
  response.setHeader('Content-Type', type);
  if (packed) {
    response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Vary', 'Accept-Encoding');
  }
  response.setHeader('Content-Length', (packed ?? body).length);
  response.end(request.method === 'HEAD' ? undefined : (packed ?? body));
}

function mistake(error: unknown): ApiError['status'] {
  console.error('sandbox: a request failed by a mistake of its own:', error);
  return status(500, 'InternalError', 'This request caused apiserver to panic. Look in the logs for details.');
}

const acceptsGzip = ({ headers }: IncomingMessage): boolean =>
  [headers['accept-encoding'] ?? '']
    .flat()
    .join(',')
    .split(',')
    .some((each) => each.trim() === 'gzip');

/** `?pretty=true`, or where nobody said, a person with curl or a browser. */
function wantsPretty({ url = '', headers }: IncomingMessage): boolean {
  const asked = /[?&]pretty=([^&]*)/.exec(url)?.[1];
  if (asked !== undefined) return /^(1|t|true)$/i.test(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(headers['user-agent'] ?? '');
}

/** net.NewWarningHeader: quoted, without what a header cannot carry. */
const quotedWarning = (text: string): string => `"${text.replace(/[^\x20-\x7e]/g, ' ').replace(/(["\\])/g, '\\$1')}"`;
