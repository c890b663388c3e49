'use client';
import type { PodRow } from '@fairlead/shared';
import { CommandTabs } from '@/components/as-command';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { useToast } from '@/components/toast';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { deletePodCommands } from '../commands';
import { useApp } from './app-context';
import { commandTarget } from './command-target';

/** Level 1: it disturbs, and the cluster puts a new pod in its place. */
export function DeletePodDialog({ pod, onClose }: { pod: PodRow; onClose: () => void }) {
  const { app, project, status } = useApp();
  const act = useAct(routes.deletePod, [routes.listAudit]);
  const { show } = useToast();
  const others = Math.max(0, (status?.replicas?.ready ?? 0) - (pod.ready ? 1 : 0));
  return (
    <ConfirmDialog
      open
      level={1}
      onClose={onClose}
      title="Delete pod"
      act="Delete pod"
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate(
          { params: { project, app: app.id, pod: pod.name } },
          {
            onSuccess: () => {
              onClose();
              show({ title: 'Asked: the pod is deleted', description: `${pod.name}; its owner makes a new one.` });
            },
          },
        )
      }
    >
      <p className="break-all font-mono text-xs">{pod.name}</p>
      <p>
        It stops, and its owner makes a new one.{' '}
        {others === 0
          ? 'No other pod is ready: until the new one is, nobody is served.'
          : `Meanwhile ${others} ready ${others === 1 ? 'one serves' : 'ones serve'}.`}
      </p>
      <CommandTabs commands={deletePodCommands(commandTarget(app), pod.name)} />
    </ConfirmDialog>
  );
}
