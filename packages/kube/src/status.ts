import { isRecord } from './objects.js';

/** metav1.Status: how the Kubernetes API says that something failed (or that it is done). */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, unknown>;
  status: 'Success' | 'Failure';
  message: string;
  reason: string;
  details?: StatusDetails;
  code: number;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** A failure as kubectl understands it. `code` is the HTTP status to send it with. */
export function status(code: number, reason: string, message: string, details?: StatusDetails): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...(details ? { details } : {}), code };
}

export const badRequest = (message: string): Status => status(400, 'BadRequest', message);
export const unauthorized = (message = 'Unauthorized'): Status => status(401, 'Unauthorized', message);
export const forbidden = (message: string, details?: StatusDetails): Status => status(403, 'Forbidden', message, details);
export const notFound = (message: string, details?: StatusDetails): Status => status(404, 'NotFound', message, details);
export const methodNotAllowed = (message: string): Status => status(405, 'MethodNotAllowed', message);
export const expired = (message: string): Status => status(410, 'Expired', message);
export const tooLarge = (message: string): Status => status(413, 'RequestEntityTooLarge', message);
export const tooManyRequests = (message: string, retryAfterSeconds: number): Status =>
  status(429, 'TooManyRequests', message, { retryAfterSeconds });
export const unavailable = (message: string, retryAfterSeconds?: number): Status =>
  status(503, 'ServiceUnavailable', message, retryAfterSeconds === undefined ? undefined : { retryAfterSeconds });

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  406: 'NotAcceptable',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Reads a Status out of what a server sent; undefined when it is none. Strings are capped at 32 kB. */
export function parseStatus(value: unknown): Status | undefined {
  if (!isRecord(value) || value.kind !== 'Status') return undefined;
  const details = readDetails(value.details);
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: isRecord(value.metadata) ? value.metadata : {},
    status: value.status === 'Success' ? 'Success' : 'Failure',
    message: text(value.message) ?? '',
    reason: text(value.reason) ?? '',
    ...(details ? { details } : {}),
    code: typeof value.code === 'number' ? value.code : 0,
  };
}

/** The Status of a refused HTTP answer. A body that is no Status (HTML, a proxy's page) is not quoted. */
export function statusOfResponse(code: number, body: string): Status {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  const found = parseStatus(parsed);
  if (found) return { ...found, code: found.code || code, reason: found.reason || (reasons[code] ?? 'Unknown') };
  return status(code, reasons[code] ?? 'Unknown', `the server answered ${code} without a Kubernetes status`);
}

function readDetails(value: unknown): StatusDetails | undefined {
  if (!isRecord(value)) return undefined;
  const details: StatusDetails = {};
  for (const key of ['name', 'group', 'kind', 'uid'] as const) {
    const found = text(value[key]);
    if (found !== undefined) details[key] = found;
  }
  if (typeof value.retryAfterSeconds === 'number') details.retryAfterSeconds = value.retryAfterSeconds;
  if (Array.isArray(value.causes)) details.causes = value.causes.slice(0, 100).filter(isRecord).map(readCause);
  return details;
}

function readCause(value: Record<string, unknown>): StatusCause {
  const cause: StatusCause = {};
  for (const key of ['reason', 'message', 'field'] as const) {
    const found = text(value[key]);
    if (found !== undefined) cause[key] = found;
  }
  return cause;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 32_768) : undefined;
}
