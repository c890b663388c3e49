'use client';
import type { ConflictChoice } from '@fairlead/shared';
import { Button } from '@/components/button';
import { ErrorBox } from '@/components/error-box';
import type { ApiError } from '@/lib/api';
import { ConflictRows } from './conflict-rows';
import { conflictsOf } from './conflicts-of';
import { useChoices } from './use-choices';

/** An act without a plan was refused because of what others have set: decide here, and ask again. Any other refusal is shown as it is. */
export function DecidePanel({ error, act, onAct }: { error: ApiError; act: string; onAct: (choices: ConflictChoice[]) => void }) {
  const { choices, decide } = useChoices();
  const listed = conflictsOf(error);
  if (listed.length === 0) return <ErrorBox error={error} />;
  const conflicts = listed.map((each) => ({
    ...each,
    choice: choices.find(({ object, field }) => object === each.object && field === each.field)?.choice ?? null,
  }));
  const open = conflicts.filter(({ choice }) => choice === null).length;
  return (
    <div role="alert" className="mt-3">
      <ConflictRows conflicts={conflicts} decide={decide} />
      <Button variant="primary" refused={open > 0 ? 'Decide first what to take over' : null} onClick={() => onAct(choices)}>
        {act}
      </Button>
    </div>
  );
}
