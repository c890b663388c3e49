'use client';
import type { ScheduleView } from '@fairlead/shared';
import { Play } from 'lucide-react';
import { AsCommand } from '@/components/as-command';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ErrorBox } from '@/components/error-box';
import { KeyValue } from '@/components/key-value';
import { Panel } from '@/components/panel';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { Ago, Until } from '@/lib/time';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { runNowCommands, suspendCommands } from '../commands';
import { useRevising } from '../use-revising';
import { keepWords, overlapWords, wallTime } from './schedule-words';
import { useSchedule } from './use-schedule';

/** When an app runs: in words, in its zone, the next times; run now, suspend, resume. */
export function SchedulePanel() {
  const { app, project } = useApp();
  const schedule = useSchedule(project, app.id);
  return (
    <Panel title="Schedule">
      <Asked answer={schedule} waitingFor="the schedule" rows={5}>
        {(data) => <Schedule schedule={data} />}
      </Asked>
    </Panel>
  );
}

function Schedule({ schedule }: { schedule: ScheduleView }) {
  const zone = schedule.timeZone ?? 'UTC';
  return (
    <div className="flex flex-col gap-3">
      <p className="text-base">
        {schedule.suspended ? 'Suspended. It would run ' : 'Runs '}
        {schedule.words ?? 'by a schedule that only the cluster reads'}.
      </p>
      <KeyValue
        entries={[
          [
            'As cron',
            <code key="cron" className="font-mono text-xs">
              {schedule.cron}
            </code>,
          ],
          ['Time zone', schedule.timeZone ?? "the cluster's own, reckoned as UTC"],
          ['Still running', overlapWords[schedule.overlap]],
          ...(schedule.startingDeadlineSeconds === null
            ? []
            : ([['Too late after', `${schedule.startingDeadlineSeconds} s: left out`]] as [string, string][])),
          ['Kept', keepWords(schedule.keep)],
          ['Last time', schedule.lastScheduledAt ? <Ago key="last" at={schedule.lastScheduledAt} /> : 'none yet'],
        ]}
      />
      {schedule.next.length > 0 ? (
        <section aria-label="Next runs">
          <h3 className="mb-1 text-muted text-xs">Next runs, {zone}</h3>
          <ol className="text-sm tabular-nums">
            {schedule.next.map((time) => (
              <li key={time} className="flex justify-between gap-3 py-0.5">
                <span>{wallTime(time, schedule.timeZone)}</span>
                <span className="text-muted">
                  <Until at={time} />
                </span>
              </li>
            ))}
          </ol>
        </section>
      ) : (
        <p className="text-muted text-sm">
          {schedule.suspended
            ? 'No next run: it is suspended. Jobs that run go on.'
            : schedule.cron.startsWith('@every')
              ? 'Its next times hang on when it ran last.'
              : 'It has no next run within five years.'}
        </p>
      )}
      <Acts schedule={schedule} />
    </div>
  );
}

function Acts({ schedule }: { schedule: ScheduleView }) {
  const { app, project, lacks } = useApp();
  const { show } = useToast();
  const now = useAct(routes.runScheduleNow, [routes.getSchedule, routes.listAudit]);
  const suspend = useRevising(routes.suspendSchedule, 'is suspended');
  const resume = useRevising(routes.resumeSchedule, 'is resumed');
  const refused = lacks('Running it', 'apps.change');
  const target = commandTarget(app);
  const other = schedule.suspended ? resume : suspend;
  const error = now.error ?? other.error;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="primary"
          busy={now.isPending}
          refused={refused}
          onClick={() =>
            now.mutate(
              { params: { project, app: app.id } },
              { onSuccess: ({ name }) => show({ title: `Asked: ${app.name} runs now`, description: `As the Job ${name}.` }) },
            )
          }
        >
          <Play size={16} strokeWidth={1.75} aria-hidden />
          Run now
        </Button>
        <Button busy={other.busy} refused={refused} onClick={() => other.run()}>
          {schedule.suspended ? 'Resume' : 'Suspend'}
        </Button>
        <span className="ms-auto flex flex-wrap">
          <AsCommand commands={runNowCommands(target)} what={`Run ${app.name} now`} />
        </span>
      </div>
      <p className="text-muted text-xs">
        {schedule.suspended
          ? 'Resumed, it runs at its next time; what it missed is not made up for.'
          : 'Suspended, it makes no Jobs until it is resumed.'}{' '}
        <code className="break-all font-mono">{suspendCommands(target, !schedule.suspended).kubectl}</code>
      </p>
      {error ? <ErrorBox error={error} /> : null}
    </>
  );
}
