'use client';
import type { Run } from '@fairlead/shared';
import { AsCommand, CodeBlock } from '@/components/as-command';
import { Refused } from '@/components/asked';
import { Button } from '@/components/button';
import { ErrorBox } from '@/components/error-box';
import { KeyValue } from '@/components/key-value';
import { Panel } from '@/components/panel';
import { Skeleton } from '@/components/skeleton';
import { StatusWord } from '@/components/status-word';
import { useAct } from '@/lib/ask';
import { formatDuration } from '@/lib/format';
import { routes } from '@/lib/routes';
import { Ago, Until } from '@/lib/time';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { stopRunCommands } from '../commands';
import { isUnderWay, runStatus } from '../schedule/run-words';
import { lineOfCommand } from './command-line';
import { RunTerminal } from './run-terminal';
import { useRunLog } from './use-runs';

/** One run: how far it is or how it ended, and its log or its terminal. */
export function RunPanel({ run }: { run: Run }) {
  const { app, project, lacks } = useApp();
  const stop = useAct(routes.stopRun, [routes.listRuns, routes.listAudit]);
  const underWay = isUnderWay(run);
  const words = [...(run.command ?? []), ...(run.args ?? [])];
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Panel
        title={run.kind === 'interactive' ? 'Terminal run' : 'Run'}
        actions={
          underWay ? (
            <>
              <AsCommand commands={stopRunCommands(commandTarget(app), run)} what={`End ${run.job}`} />
              <Button
                size="small"
                busy={stop.isPending}
                refused={lacks('Ending it', 'apps.run')}
                onClick={() => stop.mutate({ params: { project, app: app.id, run: run.id } })}
              >
                End it
              </Button>
            </>
          ) : null
        }
      >
        <div className="flex flex-col gap-3">
          <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
            <StatusWord status={runStatus(run.state)} size="large" />
            <span>
              {run.exitCode === null ? '' : `exit ${run.exitCode}`}
              {run.seconds === null ? '' : `${run.exitCode === null ? '' : ', '}after ${formatDuration(run.seconds * 1000)}`}
            </span>
          </p>
          {run.reason ? <p className={`text-sm ${run.state === 'failed' ? 'text-bad' : ''}`}>{run.reason}</p> : null}
          {run.notes.map((note) => (
            <p key={note} className="text-sm text-warn">
              {note}
            </p>
          ))}
          <KeyValue
            entries={[
              ['Command', words.length > 0 ? <Code key="c" text={lineOfCommand(words)} /> : "the image's own"],
              ['Image', <Code key="i" text={run.image} />],
              ['Job', <Code key="j" text={run.job} />],
              [
                'Started',
                <span key="s">
                  {run.startedBy.name}, <Ago at={run.startedAt} />
                </span>,
              ],
            ]}
          />
          {stop.error ? <ErrorBox error={stop.error} /> : null}
        </div>
      </Panel>
      {run.kind === 'to-end' ? <RunLog run={run} /> : null}
      {run.kind === 'interactive' && run.state === 'running' && run.pod ? <RunTerminal run={run} pod={run.pod} /> : null}
    </div>
  );
}

const Code = ({ text }: { text: string }) => <code className="break-all font-mono text-xs">{text}</code>;

function RunLog({ run }: { run: Run }) {
  const { app, project } = useApp();
  const log = useRunLog(project, app.id, run);
  const underWay = isUnderWay(run);
  return (
    <Panel title="Log">
      {log.data ? (
        <div className="flex flex-col gap-2">
          {log.data.truncated ? <p className="text-muted text-xs">Only its last 256 kB; there was more before.</p> : null}
          {log.data.text === '' ? (
            <p className="text-muted text-sm">It wrote nothing{underWay ? ' yet' : ''}.</p>
          ) : (
            <CodeBlock text={log.data.text} />
          )}
          {run.log ? (
            <p className="text-muted text-xs">
              Kept by Fairlead; gone <Until at={run.log.until} />.
            </p>
          ) : null}
        </div>
      ) : log.error ? (
        <Refused error={log.error} what="The log" onRetry={() => void log.refetch()} />
      ) : underWay && run.pod ? (
        <Skeleton rows={3} waitingFor="the log" />
      ) : (
        <p className="text-muted text-sm">
          {underWay ? 'It has no pod yet.' : 'No log was kept: there was none to read when it ended, or its seven days are over.'}
        </p>
      )}
    </Panel>
  );
}
