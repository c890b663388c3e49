import type { IncomingMessage } from 'node:http';
import { isRecord, type KubeObject, parseStrictYaml } from '@fairlead/kube/protocol';
import { type ApiError, badRequest } from '../machinery/api-error.js';
import { JsonTextError, readJsonText } from '../machinery/json-text.js';
import { mediaTypes } from './negotiation.js';
import { decodeProtobuf, protobufType } from './protobuf/decode.js';
import { tooLarge, unsupportedMediaType } from './refusal.js';

/** The API server's own limit on what it reads. */
export const maxBody = 3 * 1024 * 1024;

/** The whole body; 413 beyond the limit. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBody) return Promise.reject(tooLarge(maxBody));
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    request.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= maxBody) pieces.push(piece);
      else reject(tooLarge(maxBody));
    });
    request.on('end', () => resolve(Buffer.concat(pieces)));
    request.on('error', reject);
  });
}

/** `application/json`, without parameters; JSON where nothing is said. */
export const mediaType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export interface ParsedBody {
  object: KubeObject;
  /** Keys that came more than once. */
  duplicates: readonly string[];
}

/** An object of a request: JSON, YAML or protobuf, of the kind that the route takes. Throws 400 and 415 as the API server's decoders do. */
export function parseObject(request: IncomingMessage, body: Buffer, kind: string): ParsedBody {
  const type = mediaType(request) || 'application/json';
  if (type === protobufType) return { object: decodeProtobuf(body), duplicates: [] };
  if (type !== 'application/json' && type !== 'application/yaml') throw unsupportedMediaType([...mediaTypes, protobufType]);
  const { value, duplicates } = type === 'application/json' ? parseJson(body, kind) : { value: parseYaml(body), duplicates: [] };
  if (value === null || value === undefined) return { object: { metadata: { name: '' } }, duplicates: [] };
  if (!isRecord(value)) throw unrecognized(kind, body, `json: cannot unmarshal ${jsonType(value)} into Go value of type ${versionAndKind}`);
  // What is no object here is judged with the other fields.
  return { object: { ...value, metadata: (value.metadata ?? {}) as KubeObject['metadata'] }, duplicates };
}

/** The change of a PATCH in JSON. */
export function parsePatch(body: Buffer): unknown {
  try {
    return readJsonText(body.toString('utf8')).value;
  } catch (error) {
    if (error instanceof JsonTextError) throw badRequest(`error decoding patch: ${error.message}`);
    throw error;
  }
}

export function parseYaml(body: Buffer): unknown {
  try {
    return parseStrictYaml(body.toString('utf8'), { maxBytes: maxBody, maxDocuments: 1, maxTokens: 350_000 })[0]?.value;
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${error instanceof Error ? error.message : 'invalid'}`);
  }
}

function parseJson(body: Buffer, kind: string): { value: unknown; duplicates: string[] } {
  try {
    return readJsonText(body.toString('utf8'));
  } catch (error) {
    if (error instanceof JsonTextError) throw unrecognized(kind, body, error.message);
    throw error;
  }
}

const versionAndKind = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

const unrecognized = (kind: string, body: Buffer, problem: string): ApiError =>
  badRequest(
    `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${problem} (${summary(body)})`,
  );

/** The beginning of what came: as it is when it looks like JSON, else in hexadecimal digits. */
function summary(body: Buffer): string {
  if (body.length === 0) return '<empty>';
  const start = body.subarray(0, 30);
  return `${start.toString(start[0] === 0x7b ? 'utf8' : 'hex')}${body.length > 30 ? ' ...' : ''}`;
}

const jsonType = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
