import type { ConflictChoice } from '@fairlead/shared';
import { AppError } from '../../../platform/app-error.js';
import { manifestsOf, type RevisionRecord } from '../app-store.js';
import { titleOf } from '../render/identity.js';
import { theWorkload } from '../render/manifest-app.js';
import { choiceOf } from './conflicts.js';
import { leftOf } from './left.js';

/**
 * What an act that sets the size alone has decided by that: whoever had set it before is gone over. Pure.
 * @throws AppError conflict where the app leaves its size to others, unless it is taken over in the same breath
 */
export function sizeTaken(current: RevisionRecord, choices: readonly ConflictChoice[] = []): ConflictChoice[] {
  const workload = theWorkload(manifestsOf(current));
  if (!workload) return [...choices];
  const size = { object: titleOf(workload), field: 'spec.replicas' };
  const owner = leftOf(current).find(({ object, field }) => object === size.object && field === size.field)?.owner;
  if (owner && choiceOf(size, choices) !== 'take-over')
    throw new AppError('conflict', { reason: `${size.field} of ${size.object} is left to ${owner.name}: take it over first.` });
  return [{ ...size, choice: 'take-over' }, ...choices];
}
