import type { ReactNode } from 'react';
import { Mark } from '@/components/mark';

/** The page outside of the shell: sign-in and the first password. */
export function Entrance({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-10">
      <div className="w-full max-w-90">
        <div className="mb-8 flex items-center gap-2.5">
          <Mark />
          <span className="font-semibold text-lg tracking-tight">Fairlead</span>
        </div>
        <h1 className="font-semibold text-xl">{title}</h1>
        {lead ? <p className="mt-1 text-muted text-sm">{lead}</p> : null}
        <div className="mt-6">{children}</div>
      </div>
    </main>
  );
}
