'use client';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTitle } from '@/lib/titles';

/** The page's h1, which gets the focus on a new route, with its state and acts. `context` goes into the tab's title. */
export function PageHeader({
  title,
  state,
  stateWord,
  context,
  actions,
  children,
}: {
  title: string;
  state?: ReactNode;
  stateWord?: string;
  context?: string;
  actions?: ReactNode;
  children?: ReactNode;
}) {
  useTitle(stateWord ? `${title}: ${stateWord}` : title, context);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A field that asked for the focus keeps it.
    if (document.activeElement === document.body || document.activeElement?.closest('nav')) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      <h1 ref={heading} tabIndex={-1} className="min-w-0 break-words font-semibold text-xl">
        {title}
      </h1>
      {state}
      {children ? <div className="flex min-w-0 flex-wrap items-center gap-x-3 text-muted text-sm">{children}</div> : null}
      {actions ? <div className="no-print ms-auto flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
