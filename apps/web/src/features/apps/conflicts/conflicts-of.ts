import type { FieldConflict } from '@fairlead/shared';
import type { ApiError } from '@/lib/api';

/** The fields to decide about that a refusal lists; empty for any other refusal. */
export const conflictsOf = (error: ApiError | null): FieldConflict[] =>
  error?.code === 'field_conflict' && Array.isArray(error.details.conflicts) ? (error.details.conflicts as FieldConflict[]) : [];
