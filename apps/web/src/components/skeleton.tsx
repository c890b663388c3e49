'use client';
import { useEffect, useState } from 'react';

/** Nothing for 150 ms, then the shape of what comes; after 4 s it says what it waits for. */
export function Skeleton({ rows = 4, waitingFor }: { rows?: number; waitingFor?: string }) {
  const [phase, setPhase] = useState<'blank' | 'shape' | 'long'>('blank');
  useEffect(() => {
    const shape = setTimeout(() => setPhase('shape'), 150);
    const long = setTimeout(() => setPhase('long'), 4000);
    return () => {
      clearTimeout(shape);
      clearTimeout(long);
    };
  }, []);
  return (
    <div role="status" aria-label={waitingFor ? `Waiting for ${waitingFor}` : 'Loading'} className="flex flex-col">
      {phase === 'long' && waitingFor ? <p className="px-3 py-2 text-muted text-sm">Still waiting for {waitingFor}…</p> : null}
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: shapes have no identity
        <div key={index} className="flex h-10 items-center gap-6 border-b px-3 last:border-b-0">
          {phase === 'blank' ? null : (
            <>
              <span className="skeleton h-3 w-32" />
              <span className="skeleton h-3 w-20" />
              <span className="skeleton hidden h-3 flex-1 sm:block" />
            </>
          )}
        </div>
      ))}
    </div>
  );
}
