'use client';
import { CommandTabs } from '@/components/as-command';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { sleepCommands } from '../commands';
import { useRevising } from '../use-revising';
import { sleepWarning } from './sleep-words';

/** Nobody is served while it sleeps: so it is asked once. Waking is one click. */
export function SleepDialog({ onClose }: { onClose: () => void }) {
  const { app, status } = useApp();
  const { run, busy, error } = useRevising(routes.sleepApp, 'goes to sleep');
  return (
    <ConfirmDialog
      open
      level={1}
      onClose={onClose}
      title={`Put ${app.name} to sleep`}
      act={`Put ${app.name} to sleep`}
      busy={busy}
      error={error}
      onConfirm={() => run(onClose)}
    >
      <p>{sleepWarning(app, status)}</p>
      <p>Its configuration, volumes and address stay. It wakes with one click.</p>
      <CommandTabs commands={sleepCommands(commandTarget(app))} />
    </ConfirmDialog>
  );
}
