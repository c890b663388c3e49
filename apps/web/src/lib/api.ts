import type { BodyInputOf, ErrorBody, Issue, Receipt, ResponseOf, RouteShape } from '@fairlead/shared';
import { noteServerTime } from './clock';
import type { WebRoute } from './routes';
import { sessionEnded } from './session-ended';

type InputOf<T> = T extends { _zod: { input: infer I } } ? I : never;
type Params<T extends RouteShape> = string extends keyof InputOf<T['params']> ? { params?: undefined } : { params: InputOf<T['params']> };
type Body<T extends RouteShape> = T['body'] extends null ? { body?: undefined } : { body: BodyInputOf<T> };
type Query<T extends RouteShape> = string extends keyof InputOf<T['query']> ? { query?: undefined } : { query?: InputOf<T['query']> };

export type CallArgs<T extends RouteShape> = Params<T> &
  Query<T> &
  Body<T> & {
    /** Revision that was changed; sent as If-Match. */
    ifMatch?: number;
    signal?: AbortSignal;
  };

/** An answer that is no success. `code` is one of the API's, or `network` when there was no answer. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null = null,
    readonly issues: Issue[] = [],
    readonly receipt: Receipt | null = null,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** The message for one field, by its path in the body. */
  issue(path: string): string | undefined {
    return this.issues.find((issue) => issue.path === path || issue.path.startsWith(`${path}.`))?.message;
  }
}

/** Calls one route of the contract on this origin. Throws ApiError; an aborted call throws its AbortError. */
export async function call<T extends RouteShape>(route: WebRoute<T>, args: CallArgs<T>): Promise<ResponseOf<T>> {
  const response = await send(route, args);
  // The API's own serialiser made this by the same contract: it is not parsed a second time here.
  return (response.status === 204 ? undefined : await response.json()) as ResponseOf<T>;
}

/** The same for routes that answer text (a kubeconfig). */
export async function callText<T extends RouteShape>(route: WebRoute<T>, args: CallArgs<T>): Promise<string> {
  return (await send(route, args)).text();
}

/** The address of a GET route, for links and downloads. */
export function addressOf<T extends RouteShape>(route: WebRoute<T>, args: Pick<CallArgs<T>, 'params' | 'query'>): string {
  return fullPath(route.path, args.params, args.query);
}

const fullPath = (path: string, params: unknown, query: unknown) => `/api/v1${fillPath(path, params)}${queryString(query)}`;

async function send<T extends RouteShape>(route: WebRoute<T>, args: CallArgs<T>): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5' };
  if (args.body !== undefined) headers['content-type'] = 'application/json';
  if (args.ifMatch !== undefined) headers['if-match'] = `"${args.ifMatch}"`;
  let response: Response;
  try {
    response = await fetch(fullPath(route.path, args.params, args.query), {
      method: route.method,
      headers,
      body: args.body === undefined ? undefined : JSON.stringify(args.body),
      credentials: 'same-origin',
      cache: 'no-store',
      signal: args.signal,
    });
  } catch (error) {
    if (args.signal?.aborted) throw error;
    throw new ApiError(0, 'network', 'Fairlead does not answer. Check the connection, then try again.');
  }
  noteServerTime(response.headers.get('date'));
  if (response.ok) return response;
  const error = await errorOf(response);
  if (error.code === 'not_signed_in' || error.code === 'token_expired') sessionEnded.raise();
  throw error;
}

async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  if (!isErrorBody(body)) return new ApiError(response.status, 'no_answer', `Fairlead answered ${response.status} without a reason.`);
  return new ApiError(response.status, body.code, body.message, body.requestId, body.issues, body.receipt ?? null, body.details);
}

const isErrorBody = (body: unknown): body is ErrorBody => typeof body === 'object' && body !== null && 'code' in body && 'message' in body;

export function fillPath(path: string, params: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values.get(name) ?? '')));
}

export function queryString(query: unknown): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs.map(([key, value]) => [key, String(value)]))}`;
}
