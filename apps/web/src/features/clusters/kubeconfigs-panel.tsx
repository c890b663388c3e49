'use client';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { KubeconfigDialog } from './kubeconfig-dialog';

/** A kubeconfig for each cluster that one may see. */
export function KubeconfigsPanel() {
  const clusters = useAsk(routes.listClusters, { query: { limit: 500 } });
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Panel title="Kubeconfig for kubectl" flush>
      <Asked answer={clusters} waitingFor="the clusters" rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty kind="nothing" title="No cluster that you may see">
              kubectl works on the clusters of the projects that you are in.
            </Empty>
          ) : (
            <ul>
              {items.map((cluster) => (
                <li key={cluster.id} className="flex items-center gap-3 border-b px-3 py-1.5 text-sm last:border-b-0">
                  <span className="min-w-0 flex-1 truncate font-medium">
                    <ClusterName name={cluster.name} />
                  </span>
                  <Button size="small" onClick={() => setOpen(cluster.name)}>
                    <Download size={14} strokeWidth={1.75} aria-hidden />
                    Kubeconfig
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
      <KubeconfigDialog cluster={open ?? ''} open={open !== null} onClose={() => setOpen(null)} />
    </Panel>
  );
}
