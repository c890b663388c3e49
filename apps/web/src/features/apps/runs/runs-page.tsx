'use client';
import { Plus } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { runStatus } from '../schedule/run-words';
import { lineOfCommand } from './command-line';
import { RunPanel } from './run-panel';
import { StartRunDialog } from './start-run-dialog';
import { useRuns } from './use-runs';

/** Commands that are run once in the app's own setting: start one, see how those before ended. */
export function RunsPage() {
  const { app, project, lacks } = useApp();
  const [chosen, choose] = useQueryState('run', parseAsString);
  const [starting, setStarting] = useState(false);
  const runs = useRuns(project, app.id);
  const refused = lacks('Running a command', 'apps.run') ?? (app.workload ? null : 'No single workload whose setting could be taken');
  const items = runs.data?.items ?? [];
  const open = items.find(({ id }) => id === chosen) ?? (chosen === null ? items[0] : undefined);
  const start = (
    <Button variant="primary" onClick={() => setStarting(true)} refused={refused}>
      <Plus size={16} strokeWidth={1.75} aria-hidden />
      Run a command…
    </Button>
  );
  return (
    <div className="grid items-start gap-4 wide:grid-cols-[26rem_minmax(0,1fr)]">
      <Panel title="Runs" flush actions={items.length > 0 ? start : null}>
        <Asked answer={runs} waitingFor="the runs" rows={4}>
          {() =>
            items.length === 0 ? (
              <Empty kind="nothing" title="Nothing was run yet" action={start}>
                A migration, a script, a look around: a command runs once in a pod with {app.name}’s image, configuration and secrets. It
                takes no requests and counts for no size. What ran stands here for 30 days.
              </Empty>
            ) : (
              <ul>
                {items.map((run) => (
                  <li key={run.id} className="border-b last:border-b-0">
                    <button
                      type="button"
                      aria-current={run.id === open?.id ? 'true' : undefined}
                      onClick={() => void choose(run.id)}
                      className={`flex min-h-8 w-full flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-2 text-start text-sm hover:bg-hover ${run.id === open?.id ? 'bg-hover' : ''}`}
                    >
                      <span className="min-w-32 flex-1 truncate font-mono text-xs">
                        {run.kind === 'interactive' ? 'terminal' : run.command ? lineOfCommand(run.command) : "the app's own command"}
                      </span>
                      <StatusWord status={runStatus(run.state)} size="small" />
                      <span className="basis-full text-muted text-xs">
                        {run.startedBy.name}, <Ago at={run.startedAt} />
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            )
          }
        </Asked>
      </Panel>
      {open ? <RunPanel key={open.id} run={open} /> : null}
      {starting ? <StartRunDialog onClose={() => setStarting(false)} onStarted={(id) => void choose(id)} /> : null}
    </div>
  );
}
