'use client';
import type { Me } from '@fairlead/shared';
import { Timer } from 'lucide-react';
import { formatClock } from '@/lib/format';
import { useNow, useZone } from '@/lib/time';

const warnMs = 2 * 60_000;

/** Says two minutes ahead that the session ends, and lets one go on without losing the page. */
export function SessionEnding({ me, onSignIn }: { me: Me; onSignIn: () => void }) {
  const end = me.session ? Date.parse(me.session.expiresAt) : Number.POSITIVE_INFINITY;
  const now = useNow(end);
  const zone = useZone();
  const left = end - now;
  if (now === 0 || left > warnMs || left <= 0) return null;
  return (
    <div
      role="alert"
      className="no-print fixed inset-x-3 top-14 z-30 mx-auto flex max-w-160 items-center gap-3 rounded-panel border border-warn-solid bg-warn-tint px-3 py-2 text-sm shadow-float"
    >
      <Timer size={16} strokeWidth={1.75} aria-hidden className="text-warn" />
      <span className="flex-1">Your session ends at {formatClock(end, zone)}.</span>
      <button type="button" className="font-medium text-link underline" onClick={onSignIn}>
        Sign in again now
      </button>
    </div>
  );
}
