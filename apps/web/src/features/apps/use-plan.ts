'use client';
import type { Plan } from '@fairlead/shared';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ApiError } from '@/lib/api';

/** A plan for what is in the form now, and whether it still is for that. */
export interface PlanAnswer {
  plan: Plan | null;
  error: ApiError | null;
  /** The plan or error is of what is shown now, not of what was typed before. */
  current: boolean;
  at: number;
  again: () => void;
}

/**
 * Asks for a plan when `key` has rested for `delayMs`; an earlier question is aborted. Null key: there is nothing to plan yet. The plan before
 * stays, marked as not current, until the next is there.
 */
export function usePlan(key: string | null, ask: (signal: AbortSignal) => Promise<Plan>, delayMs = 400): PlanAnswer {
  const rested = useRested(key, delayMs);
  const query = useQuery<Plan, ApiError>({
    queryKey: ['plan', rested],
    queryFn: ({ signal }) => ask(signal),
    enabled: rested !== null && rested === key,
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const current = key !== null && rested === key && !query.isFetching;
  return {
    plan: key === null || query.error ? null : (query.data ?? null),
    error: key === null ? null : query.error,
    current,
    at: Math.max(query.dataUpdatedAt, query.errorUpdatedAt),
    again: () => void query.refetch(), // its failure comes back as `error`
  };
}

/** The key once it has not changed for `delayMs`; none is taken at once. */
export function useRested(key: string | null, delayMs: number): string | null {
  const [rested, setRested] = useState(key);
  useEffect(() => {
    const timer = setTimeout(() => setRested(key), key === null ? 0 : delayMs);
    return () => clearTimeout(timer);
  }, [key, delayMs]);
  return rested;
}
