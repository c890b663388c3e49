import type { AppSpec } from '@fairlead/shared';
import { specChanges } from '../spec-words';

export interface ConflictLine {
  field: string;
  mine: string | null;
  theirs: string | null;
  /** Both changed it, and differently. */
  clash: boolean;
}

/** Two people's changes to one spec, field by field: what each did since `base`, and where they meet. */
export function conflictLines(base: AppSpec, mine: AppSpec, theirs: AppSpec): ConflictLine[] {
  const left = specChanges(base, mine);
  const right = specChanges(base, theirs);
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].map((field) => ({
    field,
    mine: left[field] ?? null,
    theirs: right[field] ?? null,
    clash: left[field] !== undefined && right[field] !== undefined && left[field] !== right[field],
  }));
}
