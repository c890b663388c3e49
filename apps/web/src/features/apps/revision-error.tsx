'use client';
import { OctagonX } from 'lucide-react';
import { useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';

/** Why a revision did not come to be, in the cluster's words. */
export function RevisionError({ project, app, revision }: { project: string; app: string; revision: number }) {
  const answer = useAsk(routes.getRevision, { params: { project, app, revision } });
  const error = answer.data?.error ?? answer.error?.message;
  if (!error) return null;
  return (
    <p className="flex gap-2 rounded-control bg-bad-tint px-2.5 py-2 text-sm">
      <OctagonX size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 shrink-0 text-bad" />
      <span className="min-w-0 break-words">
        <span className="font-medium text-bad">Revision {revision} was not applied.</span> {error}
      </span>
    </p>
  );
}
