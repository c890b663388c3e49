'use client';
import type { ResponseOf, RouteShape } from '@fairlead/shared';
import { QueryClient, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, type CallArgs, call } from './api';
import type { WebRoute } from './routes';

/** Asks once and again on focus; nothing polls. What the cluster tells comes by live topics, never from here. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, gcTime: 300_000, retry: (count, error) => count < 2 && worthRetrying(error) },
      mutations: { retry: false },
    },
  });
}

const worthRetrying = (error: unknown) => error instanceof ApiError && (error.status === 0 || error.status === 502 || error.status === 503);

type AskArgs<T extends RouteShape> = Omit<CallArgs<T>, 'signal'>;

export function useAsk<T extends RouteShape>(route: WebRoute<T>, args: AskArgs<T> | null) {
  return useQuery<ResponseOf<T>, ApiError>({
    queryKey: [route.path, route.method, args],
    queryFn: ({ signal }) => call(route, { ...(args as CallArgs<T>), signal }),
    enabled: args !== null,
  });
}

/** Pages of a list, one after the other, by its cursor. */
export function useAskPages<Item, T extends RouteShape>(
  route: WebRoute<T> & { shape?: { response: { _zod: { output: { items: Item[]; next: string | null } } } | null } },
  args: AskArgs<T>,
) {
  return useInfiniteQuery({
    queryKey: [route.path, 'pages', args],
    queryFn: async ({ signal, pageParam }) => {
      const withCursor = pageParam ? { ...args, query: { ...(args.query as object | undefined), cursor: pageParam } } : args;
      return (await call(route, { ...(withCursor as CallArgs<T>), signal })) as { items: Item[]; next: string | null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

/** An act; afterwards everything asked from `refresh` is asked again. */
export function useAct<T extends RouteShape>(route: WebRoute<T>, refresh: WebRoute[] = []) {
  const client = useQueryClient();
  return useMutation<ResponseOf<T>, ApiError, CallArgs<T>>({
    mutationFn: (args) => call(route, args),
    onSuccess: async () => {
      await Promise.all(refresh.map((one) => client.invalidateQueries({ queryKey: [one.path] })));
    },
  });
}

/** Asks again for everything that came from a route. */
export function useRefresh() {
  const client = useQueryClient();
  return (...which: WebRoute[]) => {
    for (const route of which) void client.invalidateQueries({ queryKey: [route.path] }); // a failed refetch shows in its own place
  };
}
