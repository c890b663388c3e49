import type { AppStatus, Cause } from '@fairlead/shared';
import { StatusMark } from '@/components/status-word';
import { appStatus } from '@/lib/status';
import { Ago } from '@/lib/time';

const tints = {
  ok: 'bg-ok-tint',
  busy: 'bg-busy-tint',
  warn: 'bg-warn-tint',
  bad: 'bg-bad-tint',
  idle: 'bg-idle-tint',
  stale: 'bg-stale-tint',
};
const texts = { ok: 'text-ok', busy: 'text-busy', warn: 'text-warn', bad: 'text-bad', idle: 'text-idle', stale: 'text-stale' };

/** One sentence of cause with the line that shows it. */
export function CausePanel({ cause, state }: { cause: Cause; state: AppStatus['state'] }) {
  const status = appStatus({ state });
  return (
    <div className={`rounded-panel px-3 py-2.5 text-sm ${tints[status.tone]}`}>
      <p className="flex gap-2 font-medium">
        <span className={`mt-0.5 ${texts[status.tone]}`}>
          <StatusMark status={status} />
        </span>
        <span className="min-w-0 break-words">{cause.sentence}</span>
      </p>
      {cause.evidence || cause.object || cause.since ? (
        <dl className="mt-1.5 ms-6 grid grid-cols-[max-content_1fr] gap-x-3 gap-y-1 text-xs">
          {cause.evidence ? (
            <>
              <dt className="text-muted">evidence</dt>
              <dd className="max-h-32 overflow-auto whitespace-pre-wrap break-words font-mono">{cause.evidence}</dd>
            </>
          ) : null}
          {cause.object ? (
            <>
              <dt className="text-muted">shown by</dt>
              <dd className="break-all font-mono">{cause.object}</dd>
            </>
          ) : null}
          {cause.since ? (
            <>
              <dt className="text-muted">since</dt>
              <dd>
                <Ago at={cause.since} />
              </dd>
            </>
          ) : null}
        </dl>
      ) : null}
    </div>
  );
}
