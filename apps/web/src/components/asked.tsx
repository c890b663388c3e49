'use client';
import type { ReactNode } from 'react';
import type { ApiError } from '@/lib/api';
import { Button } from './button';
import { Empty } from './empty';
import { ErrorBox } from './error-box';
import { Skeleton } from './skeleton';

interface Answer<T> {
  data: T | undefined;
  error: ApiError | Error | null;
  refetch: () => unknown;
}

/** Waits for an answer: its shape, then itself, or why there is none. An error over data that is already shown stands above it. */
export function Asked<T>({
  answer,
  children,
  waitingFor,
  rows,
}: {
  answer: Answer<T>;
  children: (data: T) => ReactNode;
  waitingFor: string;
  rows?: number;
}) {
  const { data, error } = answer;
  const retry = () => void answer.refetch(); // its failure comes back as `error`
  if (data === undefined)
    return error ? <Refused error={error} what={waitingFor} onRetry={retry} /> : <Skeleton rows={rows} waitingFor={waitingFor} />;
  return (
    <>
      {error && isApiError(error) ? (
        <div className="p-3">
          <ErrorBox error={error} onRetry={retry} />
        </div>
      ) : null}
      {children(data)}
    </>
  );
}

/** Why something asked for is not shown: not there or not allowed, away, or failed. */
export function Refused({ error, what, onRetry }: { error: ApiError | Error; what: string; onRetry: () => void }) {
  const again = <Button onClick={onRetry}>Try again</Button>;
  if (!isApiError(error)) return <Empty kind="unreachable" title={`${what} cannot be shown`} action={again} />;
  if (error.status === 403 || error.status === 404) {
    return (
      <Empty kind="not-allowed" title={error.message}>
        {error.receipt ? (
          <>
            {error.receipt.needs ? `It takes ${error.receipt.needs} in ${error.receipt.scope}. ` : null}
            {error.receipt.askFor.length > 0 ? `${error.receipt.askFor.join(' or ')} can grant it.` : null}
          </>
        ) : null}
      </Empty>
    );
  }
  if (error.status === 0 || error.status >= 502) {
    return (
      <Empty kind="unreachable" title={error.message} action={again}>
        {error.requestId ? <code className="font-mono text-xs">request {error.requestId}</code> : null}
      </Empty>
    );
  }
  return (
    <div className="p-3">
      <ErrorBox error={error} onRetry={onRetry} />
    </div>
  );
}

const isApiError = (error: Error): error is ApiError => error.name === 'ApiError';
