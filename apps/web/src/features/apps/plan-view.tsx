'use client';
import type { Obstacle, Plan } from '@fairlead/shared';
import { OctagonX, TriangleAlert } from 'lucide-react';
import { type Commands, CommandTabs } from '@/components/as-command';
import { Diff } from '@/components/diff';
import { ErrorBox } from '@/components/error-box';
import { Skeleton } from '@/components/skeleton';
import { StatusWord } from '@/components/status-word';
import type { ApiError } from '@/lib/api';
import { planStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { ConflictRows, type Decide } from './conflicts/conflict-rows';
import type { PlanAnswer } from './use-plan';

/** Why a plan may not be applied, or not yet; null when nothing stands in its way. */
export const blockedBy = (plan: Plan | null): string | null => {
  const first = plan?.obstacles.find(({ severity }) => severity === 'blocks');
  if (first) return `Blocked: ${first.reason}`;
  const open = plan?.conflicts.find(({ choice }) => choice === null);
  return open ? `Decide first: ${open.field} of ${open.object} was set by ${open.owner.name}` : null;
};

/** Fields that are not right yet: they say so themselves, and there is nothing to plan. */
const isUnfinished = (error: ApiError): boolean => error.code === 'invalid_request' && error.issues.length > 0;

/** Why the form cannot be sent as it stands; null when it can. */
export const unfinishedBy = (answer: PlanAnswer): string | null =>
  answer.error && isUnfinished(answer.error) ? `Not yet: ${answer.error.issues[0]?.message ?? answer.error.message}` : null;

function Unfinished({ error }: { error: ApiError }) {
  return (
    <div className="text-sm">
      <p className="text-muted">The plan comes when these are right:</p>
      <ul className="mt-1 list-disc ps-5">
        {error.issues.slice(0, 8).map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <code className="font-mono text-xs">{path.replace(/^spec\./, '') || 'form'}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The word over a plan: clean, warned of, blocked or undecided, and how old. */
export function PlanState({ answer }: { answer: PlanAnswer }) {
  const { plan, current, at } = answer;
  const count = (severity: Obstacle['severity']) => plan?.obstacles.filter((each) => each.severity === severity).length ?? 0;
  if (!current) return <span className="text-muted text-xs">checking…</span>;
  if (!plan) return null;
  return (
    <span className="inline-flex items-center gap-2 text-xs">
      <StatusWord
        status={planStatus(count('blocks'), plan.conflicts.filter(({ choice }) => choice === null).length, count('warns'))}
        size="small"
      />
      <span className="text-muted">
        checked <Ago at={at} />
      </span>
    </span>
  );
}

/**
 * What would happen: obstacles first, then what others have set and is to be decided, then changes in words, YAML and commands. A plan of what
 * was typed before is dimmed. `commands`: the act's own, where they say more.
 */
export function PlanView({ answer, idle, commands, decide }: { answer: PlanAnswer; idle: string; commands?: Commands; decide?: Decide }) {
  const { plan, error, current } = answer;
  if (error) return isUnfinished(error) ? <Unfinished error={error} /> : <ErrorBox error={error} onRetry={answer.again} />;
  if (!plan) return current || answer.at > 0 ? <p className="text-muted text-sm">{idle}</p> : <PlanWaiting idle={idle} />;
  return (
    <div className={current ? '' : 'opacity-60'} aria-busy={!current}>
      <Obstacles obstacles={plan.obstacles} />
      {decide ? <ConflictRows conflicts={plan.conflicts} decide={decide} /> : null}
      {blockedBy(plan) && plan.changes.every(({ action }) => action === 'none') ? null : <Diff changes={plan.changes} />}
      <details className="mt-3 border-t pt-3">
        <summary className="w-fit text-link text-sm">All YAML, as kubectl, as REST</summary>
        <div className="mt-2">
          <CommandTabs commands={{ ...plan.commands, ...commands, yaml: plan.manifests }} />
        </div>
      </details>
    </div>
  );
}

function PlanWaiting({ idle }: { idle: string }) {
  return idle ? <p className="text-muted text-sm">{idle}</p> : <Skeleton rows={3} waitingFor="the plan" />;
}

function Obstacles({ obstacles }: { obstacles: Obstacle[] }) {
  if (obstacles.length === 0) return null;
  return (
    <ul className="mb-2 flex flex-col gap-1.5">
      {obstacles.map((obstacle) => {
        const blocks = obstacle.severity === 'blocks';
        const Icon = blocks ? OctagonX : TriangleAlert;
        return (
          <li
            key={`${obstacle.object} ${obstacle.field ?? ''} ${obstacle.reason}`}
            className={`flex gap-2 rounded-control px-2.5 py-2 text-sm ${blocks ? 'bg-bad-tint' : 'bg-warn-tint'}`}
          >
            <Icon size={16} strokeWidth={1.75} aria-hidden className={`mt-0.5 shrink-0 ${blocks ? 'text-bad' : 'text-warn'}`} />
            <span className="min-w-0 break-words">
              <span className={`font-medium ${blocks ? 'text-bad' : 'text-warn'}`}>{blocks ? 'Blocks' : 'Warns'}</span>{' '}
              <span className="font-mono text-xs">
                {obstacle.object}
                {obstacle.field ? ` ${obstacle.field}` : ''}
              </span>
              <span className="block">{obstacle.reason}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
