import type { IncomingMessage } from 'node:http';
import { isRecord, type KubeObject, parseStrictYaml } from '@fairlead/kube';
import { badRequest } from '../machinery/api-error.js';
import { mediaTypes } from './negotiation.js';
import { decodeProtobuf, protobufType } from './protobuf/decode.js';
import { tooLarge, unsupportedMediaType } from './refusal.js';

/** The API server's own limit on what it reads. */
export const maxBody = 3 * 1024 * 1024;

/** The whole body; 413 beyond the limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBody) throw tooLarge(maxBody);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBody) throw tooLarge(maxBody);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** `application/json`, without parameters; JSON where nothing is said. */
export const mediaType = (request: IncomingMessage): string =>
  (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** An object of a request: JSON, YAML or protobuf. Throws 400 and 415 as the API server's decoders do. */
export function parseObject(request: IncomingMessage, body: Buffer): KubeObject {
  const type = mediaType(request) || 'application/json';
  if (type === protobufType) return decodeProtobuf(body);
  if (type !== 'application/json' && type !== 'application/yaml') throw unsupportedMediaType([...mediaTypes, protobufType]);
  const value = type === 'application/json' ? parseJson(body) : parseYaml(body);
  if (!isRecord(value))
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  const metadata = isRecord(value.metadata) ? value.metadata : {};
  return { ...value, metadata: metadata as KubeObject['metadata'] };
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : 'invalid'}`);
  }
}

export function parseYaml(body: Buffer): unknown {
  try {
    return parseStrictYaml(body.toString('utf8'), { maxBytes: maxBody, maxDocuments: 1, maxTokens: 350_000 })[0]?.value;
  } catch (error) {
    throw badRequest(`error converting YAML to JSON: ${error instanceof Error ? error.message : 'invalid'}`);
  }
}

const jsonType = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
