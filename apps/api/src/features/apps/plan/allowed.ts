import type { Obstacle } from '@fairlead/shared';
import { AppError } from '../../../platform/app-error.js';
import type { Inspection } from './planner.js';

/** @throws AppError plan_changed when it is not the plan that was shown; plan_blocked with every obstacle that blocks */
export function allowed(plan: Inspection, planHash: string | undefined): void {
  if (planHash !== undefined && planHash !== plan.hash) throw new AppError('plan_changed', {}, { details: { hash: plan.hash } });
  const blocking = plan.obstacles.filter((each) => each.severity === 'blocks');
  const [first] = blocking;
  if (first)
    throw new AppError(
      'plan_blocked',
      { reason: say(first) },
      { issues: blocking.map((each) => ({ path: each.field ? `${each.object} ${each.field}` : each.object, message: each.reason })) },
    );
}

/** @throws AppError field_conflict with every field that nobody has decided about */
export function decided({ conflicts }: Inspection): void {
  const open = conflicts.filter(({ choice }) => choice === null);
  const [first] = open;
  if (!first) return;
  const more = open.length > 1 ? `, and ${open.length - 1} more like it` : '';
  throw new AppError(
    'field_conflict',
    { object: first.object, field: first.field, owner: first.owner.name, more },
    {
      issues: open.map(({ object, field, owner }) => ({ path: `${object} ${field}`, message: `was set by ${owner.name}` })),
      details: { conflicts: open },
    },
  );
}

const say = (obstacle: Obstacle): string => `${obstacle.object}: ${obstacle.field ? `${obstacle.field}: ` : ''}${obstacle.reason}`;
