import { type ReactNode, useId } from 'react';

/** A flat region with a heading. `flush`: its content brings its own padding (tables). */
export function Panel({
  title,
  count,
  actions,
  children,
  flush,
}: {
  title?: string;
  count?: number;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}) {
  const id = useId();
  return (
    <section aria-labelledby={title ? id : undefined} className="min-w-0 rounded-panel border bg-surface">
      {title ? (
        <header className="flex min-h-10 flex-wrap items-center gap-2 border-b px-3 py-1">
          <h2 id={id} className="flex-1 font-medium text-sm">
            {title}
            {count === undefined ? null : <span className="ms-2 font-normal text-muted tabular-nums">{count}</span>}
          </h2>
          {actions}
        </header>
      ) : null}
      <div className={flush ? 'overflow-hidden rounded-b-panel' : 'p-3'}>{children}</div>
    </section>
  );
}
