'use client';
import type { App, AppSpec } from '@fairlead/shared';
import { GitMerge } from 'lucide-react';
import { Button } from '@/components/button';
import { conflictLines } from './conflict';

/** Someone else changed the app meanwhile: both sides, and what saving would make of them. Nothing typed is lost. */
export function ConflictPanel({
  base,
  mine,
  theirs,
  busy,
  onMine,
  onTheirs,
}: {
  base: AppSpec;
  mine: AppSpec;
  theirs: App;
  busy: boolean;
  onMine: () => void;
  onTheirs: () => void;
}) {
  const lines = conflictLines(base, mine, theirs.spec);
  const clashes = lines.filter(({ clash }) => clash).length;
  return (
    <section role="alert" className="rounded-panel border border-warn-solid bg-warn-tint p-3 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <GitMerge size={16} strokeWidth={1.75} aria-hidden className="text-warn" />
        {theirs.revision.author.name} saved revision {theirs.revision.number} while you were editing
      </p>
      <table className="mt-2 w-full text-start">
        <thead>
          <tr className="text-muted text-xs">
            <th scope="col" className="py-1 pe-3 text-start font-medium">
              Field
            </th>
            <th scope="col" className="py-1 pe-3 text-start font-medium">
              You
            </th>
            <th scope="col" className="py-1 text-start font-medium">
              {theirs.revision.author.name}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ field, mine: left, theirs: right, clash }) => (
            <tr key={field} className="border-t align-top">
              <td className="py-1 pe-3">
                {field}
                {clash ? <span className="ms-2 font-medium text-warn text-xs">both</span> : null}
              </td>
              <td className="break-words py-1 pe-3">{left ?? '–'}</td>
              <td className="break-words py-1">{right ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button variant="primary" busy={busy} onClick={onMine}>
          {clashes > 0 ? 'Save mine where both changed, keep the rest of theirs' : 'Save mine on top of theirs'}
        </Button>
        <Button onClick={onTheirs}>Drop mine, take theirs</Button>
      </div>
    </section>
  );
}
