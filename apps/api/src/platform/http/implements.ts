import 'reflect-metadata';
import type { BodyOf, ParamsOf, QueryOf, ResponseOf, Route } from '@fairlead/shared';
import { createParamDecorator, type ExecutionContext, HttpCode, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';
import type { RestRequest } from './rest-context.js';

const ROUTE = 'fairlead:route';
const implemented = new Map<string, Route>();

type AnyRoute = Route<z.ZodType, z.ZodType, z.ZodType | null, z.ZodType | null>;

/**
 * The handler of one route of the contract. It is called with `(caller, params, bodyOrQuery, context)`, all checked:
 * the body where the route has one, else the query; `context` has the query too, the audit handle and the Fastify reply.
 * For a public route `caller` is null.
 */
export function Implements<R extends AnyRoute>(route: R) {
  return <T>(target: object, key: string, descriptor: TypedPropertyDescriptor<T>): void => {
    implemented.set(`${route.method} ${route.path}`, route);
    RequestMapping({ method: RequestMethod[route.method], path: `/api/v1${route.path}` })(target, key, descriptor);
    HttpCode(route.status)(target, key, descriptor);
    SetMetadata(ROUTE, route)(target, key, descriptor);
    fromContext((c) => c.caller)(target, key, 0);
    fromContext((c) => c.params)(target, key, 1);
    fromContext((c) => (route.body ? c.body : c.query))(target, key, 2);
    fromContext((c) => c)(target, key, 3);
  };
}

const fromContext = (pick: (context: RestRequest['fairlead']) => unknown) =>
  createParamDecorator((_: unknown, host: ExecutionContext) => pick(host.switchToHttp().getRequest<RestRequest>().fairlead))();

/** The route that a handler implements; undefined for a handler without one, which admission refuses. */
export const routeOf = (handler: object): Route | undefined => Reflect.getMetadata(ROUTE, handler) as Route | undefined;

/** Every route that some controller implements: what OpenAPI and the route-walk test read. */
export const implementedRoutes = (): readonly Route[] => [...implemented.values()];

/** What a handler of `R` must answer. */
export type Answer<R extends AnyRoute> = Promise<ResponseOf<R>>;
export type { BodyOf, ParamsOf, QueryOf };
