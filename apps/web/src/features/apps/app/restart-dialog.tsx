'use client';
import { CommandTabs } from '@/components/as-command';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { restartCommands } from '../commands';
import { useApp } from './app-context';
import { commandTarget } from './command-target';

/** A restart cannot be undone, only run again: so it is asked once, with what it does. */
export function RestartDialog({ onClose }: { onClose: () => void }) {
  const { app, project, status } = useApp();
  const act = useAct(routes.restartApp, [routes.listAudit]);
  const { show } = useToast();
  const pods = status?.replicas?.total ?? null;
  return (
    <ConfirmDialog
      open
      level={1}
      onClose={onClose}
      title={`Restart ${app.name}`}
      act={`Restart ${app.name}`}
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate(
          { params: { project, app: app.id } },
          {
            onSuccess: () => {
              onClose();
              show({ title: `Asked: ${app.name} restarts`, description: 'Its pods are replaced one after the other.' });
            },
          },
        )
      }
    >
      <p>
        {pods === null ? 'Its pods are' : pods === 1 ? 'Its one pod is' : `Its ${pods} pods are`} replaced one after the other; a new one
        must be ready before an old one goes. The wanted state stays as it is.
      </p>
      <CommandTabs commands={restartCommands(commandTarget(app))} />
    </ConfirmDialog>
  );
}
