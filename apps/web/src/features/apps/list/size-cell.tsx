'use client';
import type { AppRow } from '@fairlead/shared';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '@/lib/format';
import { useScale } from '../use-scale';

/** The size as wanted → ready. A click makes it a field; Enter asks, Escape leaves. */
export function SizeCell({ row, refused }: { row: AppRow; refused: string | null }) {
  const { asked, late, error, scale } = useScale(row, { project: row.project, app: row.key, name: row.name });
  const [typed, setTyped] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && typed === null) button.current?.focus();
    wasEditing.current = typed !== null;
  }, [typed]);
  const replicas = row.status?.replicas ?? null;
  if (!replicas) return <span className="text-muted">–</span>;
  if (typed !== null) {
    const value = /^\d{1,4}$/.test(typed) && Number(typed) <= 1000 ? Number(typed) : null;
    return (
      <form
        className="inline-flex"
        onSubmit={(event) => {
          event.preventDefault();
          if (value === null) return;
          setTyped(null);
          if (value !== replicas.wanted) void scale(value); // failures come back as `error`
        }}
      >
        <input
          aria-label={`Size of ${row.name}, 0 to 1000`}
          aria-invalid={value === null || undefined}
          // biome-ignore lint/a11y/noAutofocus: the click asked for this field
          autoFocus
          inputMode="numeric"
          value={typed}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation();
              setTyped(null);
            }
          }}
          onBlur={() => setTyped(null)}
          className="h-7 w-14 rounded-control border border-edge bg-surface px-1.5 text-end text-sm tabular-nums aria-invalid:border-bad-solid pointer-coarse:h-11 pointer-coarse:text-lg"
        />
      </form>
    );
  }
  return (
    <span className="inline-flex flex-col items-end">
      <span className="inline-flex items-center justify-end gap-2 whitespace-nowrap">
        {asked ? (
          <span className={`text-xs ${late ? 'text-warn' : 'text-busy'}`}>
            asked {asked.replicas}
            {late ? ', not confirmed' : ''}
          </span>
        ) : null}
        <button
          ref={button}
          type="button"
          aria-disabled={refused ? true : undefined}
          title={refused ?? `Change the size of ${row.name}`}
          onClick={() => (refused ? undefined : setTyped(String(replicas.wanted)))}
          className="inline-flex min-h-7 min-w-10 items-center justify-end rounded-control border border-transparent px-1.5 tabular-nums not-aria-disabled:hover:border-edge pointer-coarse:min-h-11"
        >
          <span className="sr-only">Size of {row.name}, wanted and ready: </span>
          {formatCount(replicas.wanted)}
          {replicas.ready === replicas.wanted ? null : <span className="text-muted">&nbsp;→ {formatCount(replicas.ready)}</span>}
        </button>
      </span>
      {error ? (
        <span role="alert" className="max-w-56 text-balance text-bad text-xs">
          {error.message}
        </span>
      ) : null}
    </span>
  );
}
