'use client';
import type { ConflictChoice } from '@fairlead/shared';
import { useCallback, useState } from 'react';

/** What a person decided of fields that somebody else has set; a later word about the same field replaces the one before. */
export function useChoices() {
  const [choices, setChoices] = useState<ConflictChoice[]>([]);
  const decide = useCallback((next: readonly ConflictChoice[]) => {
    setChoices((before) => [
      ...before.filter((each) => !next.some((one) => one.object === each.object && one.field === each.field)),
      ...next,
    ]);
  }, []);
  return { choices, decide };
}
