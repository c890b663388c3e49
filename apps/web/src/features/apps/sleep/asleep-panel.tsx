'use client';
import { Sun } from 'lucide-react';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { ErrorBox } from '@/components/error-box';
import { Panel } from '@/components/panel';
import { routes } from '@/lib/routes';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { wakeCommands } from '../commands';
import { useRevising } from '../use-revising';
import { wakesTo } from './sleep-words';

/** Since when and by whom an app sleeps, and the click that wakes it; nothing for one that is awake. */
export function AsleepPanel() {
  const { app, lacks } = useApp();
  const { run, busy, error } = useRevising(routes.wakeApp, 'wakes');
  if (!app.asleep) return null;
  return (
    <Panel title="Asleep" actions={<AsCommand commands={wakeCommands(commandTarget(app), app.asleep.size)} what={`Wake ${app.name}`} />}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
        <p className="min-w-48 flex-1">
          {app.asleep.by} put it to sleep <Ago at={app.asleep.since} />. It wakes to {wakesTo(app)}.
        </p>
        <Button variant="primary" onClick={() => run()} busy={busy} refused={lacks('Waking it', 'apps.scale')}>
          <Sun size={16} strokeWidth={1.75} aria-hidden />
          Wake
        </Button>
      </div>
      {error ? <ErrorBox error={error} /> : null}
    </Panel>
  );
}
