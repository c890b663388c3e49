import { Check, Circle, LoaderCircle, OctagonX } from 'lucide-react';
import type { Step, StepState } from './rollout-steps';

const marks = {
  done: { Icon: Check, tone: 'text-ok', word: 'done' },
  running: { Icon: LoaderCircle, tone: 'text-busy', word: 'now' },
  failed: { Icon: OctagonX, tone: 'text-bad', word: 'failed' },
  waiting: { Icon: Circle, tone: 'text-muted', word: 'not yet' },
} as const satisfies Record<StepState, unknown>;

/** asked ✓ — accepted ✓ — 3 of 3 created ✓ — 2 of 3 ready … — serving */
export function RolloutLine({ steps, column }: { steps: Step[]; column?: boolean }) {
  return (
    <ol className={column ? 'flex flex-col gap-2' : 'flex flex-col gap-2 sm:flex-row sm:flex-wrap sm:items-center sm:gap-x-3'}>
      {steps.map((step, index) => {
        const { Icon, tone, word } = marks[step.state];
        return (
          <li key={step.id} className="flex min-w-0 items-start gap-2 text-sm">
            {index > 0 && !column ? <span aria-hidden className="mt-2.5 hidden h-px w-4 shrink-0 bg-line sm:block" /> : null}
            <Icon
              size={16}
              strokeWidth={1.75}
              aria-hidden
              className={`mt-0.5 shrink-0 ${tone} ${step.state === 'running' ? 'spin-slow' : ''}`}
            />
            <span className={`min-w-0 break-words tabular-nums ${step.state === 'waiting' ? 'text-muted' : ''}`}>
              {step.words}
              <span className="sr-only">: {word}</span>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
