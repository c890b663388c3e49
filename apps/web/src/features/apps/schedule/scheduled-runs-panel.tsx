'use client';
import type { ScheduledRun } from '@fairlead/shared';
import Link from 'next/link';
import { Asked } from '@/components/asked';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';
import { formatDuration } from '@/lib/format';
import { paths } from '@/lib/paths';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { runStatus } from './run-words';
import { useSchedule } from './use-schedule';

/** The Jobs of a schedule that are still there: when, how long, how they ended and why, and where their logs are. */
export function ScheduledRunsPanel() {
  const { app, project } = useApp();
  const schedule = useSchedule(project, app.id);
  return (
    <Panel title="Last runs" flush>
      <Asked answer={schedule} waitingFor="the last runs" rows={3}>
        {({ runs, keep }) =>
          runs.length === 0 ? (
            <Empty kind="nothing" title="No run is there">
              {keep.succeeded === 0 && keep.failed === 0
                ? 'Its Jobs are removed as soon as they end.'
                : 'It has not run yet, or its Jobs were removed. “Run now” does not wait for its time.'}
            </Empty>
          ) : (
            <ul>
              {runs.map((run) => (
                <RunItem key={run.name} run={run} />
              ))}
            </ul>
          )
        }
      </Asked>
    </Panel>
  );
}

function RunItem({ run }: { run: ScheduledRun }) {
  const { project, ref } = useApp();
  const [pod] = run.pods;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-2 text-sm last:border-b-0">
      <StatusWord status={runStatus(run.state)} size="small" />
      <span className="min-w-40 flex-1 break-all font-mono text-xs">{run.name}</span>
      {run.manual ? <span className="text-muted text-xs">by hand</span> : null}
      <span className="text-muted text-xs">
        <Ago at={run.startedAt} />
        {run.seconds === null ? '' : `, took ${formatDuration(run.seconds * 1000)}`}
        {run.exitCode === null ? '' : `, exit ${run.exitCode}`}
      </span>
      {pod ? (
        <Link href={`${paths.logs(project, ref)}?pod=${encodeURIComponent(pod)}`} className="text-link text-xs underline">
          Logs<span className="sr-only"> of {run.name}</span>
        </Link>
      ) : (
        <span className="text-muted text-xs">no pod left</span>
      )}
      {run.cause ? <p className={`basis-full text-xs ${run.state === 'failed' ? 'text-bad' : 'text-muted'}`}>{run.cause}</p> : null}
    </li>
  );
}
