import { z } from 'zod';
import type { PlatformPermission, ProjectPermission } from '../permissions.js';

/** Who may call a route. Anything but `public` needs a caller; a project permission is judged in the project of the path. */
export type Access = 'public' | 'signed-in' | { platform: PlatformPermission } | { project: ProjectPermission };

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RouteShape {
  method: Method;
  /** Below /api/v1, with `:name` for params. */
  path: string;
  /** The audit action, feature first: `apps.scale`. */
  action: string;
  summary: string;
  access: Access;
  params: z.ZodType;
  query: z.ZodType;
  body: z.ZodType | null;
  response: z.ZodType | null;
  status: number;
  /** The answer's type where no `response` describes it (NDJSON, YAML). */
  produces?: string;
  /** Request headers with a meaning of their own: name → what it says. */
  headers?: Record<string, string>;
}

export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType | null = z.ZodType | null,
  R extends z.ZodType | null = z.ZodType | null,
> extends RouteShape {
  params: P;
  query: Q;
  body: B;
  response: R;
}

export type ParamsOf<T extends RouteShape> = z.output<T['params']>;
export type QueryOf<T extends RouteShape> = z.output<T['query']>;
export type BodyOf<T extends RouteShape> = T['body'] extends z.ZodType ? z.output<T['body']> : undefined;
export type BodyInputOf<T extends RouteShape> = T['body'] extends z.ZodType ? z.input<T['body']> : undefined;
export type ResponseOf<T extends RouteShape> = T['response'] extends z.ZodType ? z.output<T['response']> : undefined;

const none = z.strictObject({});
type None = typeof none;

/**
 * One REST route: its path, guard, audit action, validation, serialisation, OpenAPI entry and the web's typed call all come from here.
 * Params, query and body are strict objects: an unknown key is an error.
 */
export function route<
  P extends z.ZodType = None,
  Q extends z.ZodType = None,
  B extends z.ZodType | null = null,
  R extends z.ZodType | null = null,
>(spec: {
  method: Method;
  path: string;
  action: string;
  summary: string;
  access: Access;
  params?: P;
  query?: Q;
  body?: B;
  response?: R;
  status?: number;
  produces?: string;
  headers?: Record<string, string>;
}): Route<P, Q, B, R> {
  return {
    status: spec.response || spec.produces ? 200 : 204,
    ...spec,
    params: (spec.params ?? none) as P,
    query: (spec.query ?? none) as Q,
    body: (spec.body ?? null) as B,
    response: (spec.response ?? null) as R,
  };
}

/** Query of every list: `limit` ≤ 500 and the opaque `cursor` that the page before gave as `next`. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(500).optional(),
});

export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });
