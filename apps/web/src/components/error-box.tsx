'use client';
import { OctagonX } from 'lucide-react';
import type { ApiError } from '@/lib/api';
import { Button } from './button';
import { CopyButton } from './copy-button';

/** An error beside its cause: the server's sentence, then what to copy for whoever helps. Fields show their own issues. */
export function ErrorBox({ error, onRetry }: { error: ApiError; onRetry?: () => void }) {
  const { receipt } = error;
  return (
    <div role="alert" className="flex gap-2.5 rounded-panel border border-bad-solid bg-bad-tint px-3 py-2.5 text-sm">
      <OctagonX size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        <p className="break-words font-medium">{error.message}</p>
        {error.issues.length > 0 ? (
          <ul className="mt-1 list-disc ps-4">
            {error.issues.slice(0, 8).map((issue) => (
              <li key={`${issue.path} ${issue.message}`}>
                {issue.path ? <code className="font-mono">{issue.path}</code> : null} {issue.message}
              </li>
            ))}
          </ul>
        ) : null}
        {receipt ? (
          <p className="mt-1">
            {receipt.needs ? `This takes ${receipt.needs} in ${receipt.scope}. ` : 'No role allows this. '}
            {receipt.has ? `You are ${receipt.has}. ` : ''}
            {receipt.askFor.length > 0 ? `${receipt.askFor.join(', ')} can give it.` : ''}
          </p>
        ) : null}
        <p className="mt-1 flex flex-wrap items-center gap-x-2 text-muted text-xs">
          <code className="font-mono">{error.code}</code>
          {error.requestId ? (
            <>
              <span>request {error.requestId}</span>
              <CopyButton text={`${error.code} ${error.requestId}`} label="Copy code and request id" />
            </>
          ) : null}
        </p>
      </div>
      {onRetry ? (
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}
