'use client';
import type { Cluster } from '@fairlead/shared';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Checkbox } from '@/components/field';
import { useAct } from '@/lib/ask';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';

export function RemoveClusterDialog({ cluster, onClose }: { cluster: Cluster; onClose: () => void }) {
  const router = useRouter();
  const act = useAct(routes.deleteCluster, [routes.listClusters, routes.listProjects]);
  const [cleanup, setCleanup] = useState(cluster.state === 'ready');
  return (
    <ConfirmDialog
      open
      level={2}
      name={cluster.name}
      onClose={onClose}
      title={`Remove ${cluster.name}`}
      act={`Remove ${cluster.name}`}
      busy={act.isPending}
      error={act.error}
      onConfirm={(confirm) =>
        act.mutate(
          { params: { cluster: cluster.name }, body: { confirm, cleanup } },
          {
            onSuccess: () => {
              onClose();
              router.push(paths.clusters);
            },
          },
        )
      }
    >
      <p>Fairlead forgets the cluster and the apps that it has there, with their revisions. What runs in the cluster goes on running.</p>
      <Checkbox
        label="Also remove what Fairlead made for itself in the cluster"
        hint={cluster.state === 'ready' ? undefined : 'The cluster does not answer: this will fail until it does.'}
        checked={cleanup}
        onChange={setCleanup}
      />
    </ConfirmDialog>
  );
}
