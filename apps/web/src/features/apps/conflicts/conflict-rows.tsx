'use client';
import type { ConflictChoice, FieldConflict } from '@fairlead/shared';
import { GitMerge } from 'lucide-react';
import { Button } from '@/components/button';
import { counted } from '@/lib/format';
import { Ago } from '@/lib/time';

export type Decide = (choices: readonly ConflictChoice[]) => void;

/** Fields that somebody else has set: both sides, whose it is, and the two things that can be done about each. */
export function ConflictRows({ conflicts, decide }: { conflicts: readonly FieldConflict[]; decide: Decide }) {
  if (conflicts.length === 0) return null;
  const open = conflicts.filter(({ choice }) => choice === null).length;
  const all = (choice: ConflictChoice['choice']) => decide(conflicts.map(({ object, field }) => ({ object, field, choice })));
  return (
    <section aria-label="Set by others" className="mb-3 rounded-panel border border-warn-solid bg-warn-tint p-3 text-sm">
      <p className="flex items-center gap-2 font-medium">
        <GitMerge size={16} strokeWidth={1.75} aria-hidden className="text-warn" />
        {open > 0 ? `Set by others: ${counted(open, 'decision')} to make` : 'Set by others: decided'}
      </p>
      <ul className="mt-2 flex flex-col">
        {conflicts.map((conflict) => (
          <ConflictRow key={`${conflict.object} ${conflict.field}`} conflict={conflict} decide={decide} />
        ))}
      </ul>
      {conflicts.length > 1 ? (
        <div className="mt-2 flex flex-wrap gap-2 border-t pt-2">
          <Button size="small" onClick={() => all('take-over')}>
            Take all over
          </Button>
          <Button size="small" onClick={() => all('leave')}>
            Leave all
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function ConflictRow({ conflict, decide }: { conflict: FieldConflict; decide: Decide }) {
  const { object, field, wanted, found, owner, choice } = conflict;
  const pick = (next: ConflictChoice['choice']) => () => decide([{ object, field, choice: next }]);
  return (
    <li className="border-t py-2 first:border-t-0">
      <p className="break-all font-mono text-xs">
        {object} {field}
      </p>
      <dl className="mt-1 grid grid-cols-[max-content_1fr] gap-x-3">
        <dt className="text-muted">the app wants</dt>
        <dd className="break-words font-mono text-xs leading-5">{wanted}</dd>
        <dt className="text-muted">it is</dt>
        <dd className="break-words font-mono text-xs leading-5">{found}</dd>
        <dt className="text-muted">set by</dt>
        <dd className="break-words">
          {owner.name}
          {owner.name === owner.manager ? null : <span className="text-muted"> ({owner.manager})</span>}
          {owner.at ? (
            <span className="text-muted">
              , <Ago at={owner.at} />
            </span>
          ) : null}
        </dd>
      </dl>
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <Button
          size="small"
          variant={choice === 'take-over' ? 'primary' : 'secondary'}
          pressed={choice === 'take-over'}
          label={`Take over: ${field} of ${object}`}
          onClick={pick('take-over')}
        >
          Take over
        </Button>
        <Button
          size="small"
          variant={choice === 'leave' ? 'primary' : 'secondary'}
          pressed={choice === 'leave'}
          label={`Leave to ${owner.name}: ${field} of ${object}`}
          onClick={pick('leave')}
        >
          Leave to {owner.name}
        </Button>
        <span role="status" className="text-muted text-xs">
          {choice === 'take-over' ? `It becomes ${wanted}.` : null}
          {choice === 'leave' ? 'It stays as it is, now and after later changes, until you take it over.' : null}
        </span>
      </div>
    </li>
  );
}
