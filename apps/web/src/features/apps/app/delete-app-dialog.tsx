'use client';
import type { App } from '@fairlead/shared';
import { useState } from 'react';
import { CommandTabs } from '@/components/as-command';
import { ClusterName } from '@/components/cluster-name';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Checkbox } from '@/components/field';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { counted } from '@/lib/format';
import { routes } from '@/lib/routes';
import { deleteCommands } from '../commands';
import { useUndelete } from '../list/use-undelete';
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
  const act = useAct(routes.deleteApp, [routes.listProjects, routes.getProject, routes.listDeletedApps]);
  const undelete = useUndelete();
  const [deleteData, setDeleteData] = useState(false);
  const { show } = useToast();
  const claims = app.objects.filter(({ kind }) => kind === 'PersistentVolumeClaim');
  const going = deleteData ? app.objects : app.objects.filter((object) => !claims.includes(object));
  const undo = () =>
    undelete.mutate(
      { params: { project, app: app.id } },
      {
        onSuccess: () => show({ title: `${app.name} is back`, description: 'Its pods start again.' }),
        onError: (error) => show({ title: `${app.name} is not brought back`, description: error.issues[0]?.message ?? error.message }),
      },
    );
  return (
    <ConfirmDialog
      open
      level={2}
      name={app.name}
      onClose={onClose}
      title={`Delete ${app.name}`}
      act={going.length > 0 ? `Delete ${app.name} and ${counted(going.length, 'object')}` : `Delete ${app.name}`}
      busy={act.isPending}
      error={act.error}
      onConfirm={(confirm) =>
        act.mutate(
          { params: { project, app: app.id }, body: { confirm, deleteData } },
          {
            onSuccess: () => {
              onClose();
              show({
                title: `Asked: ${app.name} is deleted`,
                description: `Its objects go from ${app.cluster.name}/${app.namespace}. For ten minutes the list of apps can bring it back.`,
                undo,
              });
              onDeleted();
            },
          },
        )
      }
    >
      <p>
        Goes from{' '}
        <span className="font-mono">
          <ClusterName name={app.cluster.name} />/{app.namespace}
        </span>
        , with its pods and its {counted(app.revision.number, 'revision')}. For ten minutes that can be undone.
      </p>
      <ul className="max-h-40 overflow-auto rounded-control bg-sunken px-3 py-2 font-mono text-xs">
        {going.map(({ apiVersion, kind, name }) => (
          <li key={`${apiVersion} ${kind} ${name}`}>
            {kind}/{name}
          </li>
        ))}
      </ul>
      {claims.length > 0 ? (
        <Checkbox
          label={`Delete its data too (${counted(claims.length, 'volume')})`}
          hint={
            deleteData
              ? 'Data is gone for good: an undo brings the app back with empty volumes.'
              : `Otherwise ${claims.map(({ name }) => name).join(', ')} stays in the cluster and belongs to no app.`
          }
          checked={deleteData}
          onChange={setDeleteData}
        />
      ) : null}
      <details>
        <summary className="w-fit text-link">As command</summary>
        <div className="mt-2">
          <CommandTabs commands={deleteCommands(commandTarget(app), going, deleteData)} />
        </div>
      </details>
    </ConfirmDialog>
  );
}
