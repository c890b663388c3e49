'use client';
import type { App } from '@fairlead/shared';
import { CommandTabs } from '@/components/as-command';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { counted } from '@/lib/format';
import { routes } from '@/lib/routes';
import { deleteCommands } from '../commands';
import { commandTarget } from './command-target';

/** Level 2: what is lost is listed, the name is typed. */
export function DeleteAppDialog({
  app,
  project,
  onClose,
  onDeleted,
}: {
  app: App;
  project: string;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const act = useAct(routes.deleteApp, [routes.listProjects, routes.getProject]);
  const { show } = useToast();
  return (
    <ConfirmDialog
      open
      level={2}
      name={app.name}
      onClose={onClose}
      title={`Delete ${app.name}`}
      act={app.objects.length > 0 ? `Delete ${app.name} and ${counted(app.objects.length, 'object')}` : `Delete ${app.name}`}
      busy={act.isPending}
      error={act.error}
      onConfirm={(confirm) =>
        act.mutate(
          { params: { project, app: app.id }, body: { confirm } },
          {
            onSuccess: () => {
              onClose();
              show({ title: `Asked: ${app.name} is deleted`, description: `Its objects go from ${app.cluster.name}/${app.namespace}.` });
              onDeleted();
            },
          },
        )
      }
    >
      <p>
        Gone for good from <span className="font-mono">{`${app.cluster.name}/${app.namespace}`}</span>, with its pods and its{' '}
        {counted(app.revision.number, 'revision')}:
      </p>
      <ul className="max-h-40 overflow-auto rounded-control bg-sunken px-3 py-2 font-mono text-xs">
        {app.objects.map(({ apiVersion, kind, name }) => (
          <li key={`${apiVersion} ${kind} ${name}`}>
            {kind}/{name}
          </li>
        ))}
      </ul>
      <details>
        <summary className="w-fit text-link">As command</summary>
        <div className="mt-2">
          <CommandTabs commands={deleteCommands(commandTarget(app), app.objects)} />
        </div>
      </details>
    </ConfirmDialog>
  );
}
