'use client';
import type { DeletedApp } from '@fairlead/shared';
import { useEffect } from 'react';
import { Button } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { useToast } from '@/components/toast';
import { useAsk, useRefresh } from '@/lib/ask';
import { serverNow } from '@/lib/clock';
import { routes } from '@/lib/routes';
import { Ago } from '@/lib/time';
import { useUndelete } from './use-undelete';

/** Apps that were deleted a moment ago, each with its way back; nothing where there are none. */
export function DeletedApps({ project, apps, refused }: { project: string; apps: number; refused: string | null }) {
  const answer = useAsk(routes.listDeletedApps, { params: { project } });
  const refresh = useRefresh();
  const items = answer.data?.items.filter(({ expiresAt }) => Date.parse(expiresAt) > serverNow()) ?? [];
  const next = items.length > 0 ? Math.min(...items.map(({ expiresAt }) => Date.parse(expiresAt))) : null;
  // An app that came or went is told; what became of it is asked.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of apps alone asks again
  useEffect(() => refresh(routes.listDeletedApps), [apps]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next end alone sets the clock
  useEffect(() => {
    if (next === null) return;
    const timer = setTimeout(() => refresh(routes.listDeletedApps), Math.max(1_000, next - serverNow() + 500));
    return () => clearTimeout(timer);
  }, [next]);
  if (items.length === 0) return null;
  return (
    <ul aria-label="Deleted a moment ago" className="mb-3 flex flex-col gap-1.5">
      {items.map((app) => (
        <Row key={app.id} app={app} project={project} refused={refused} />
      ))}
    </ul>
  );
}

function Row({ app, project, refused }: { app: DeletedApp; project: string; refused: string | null }) {
  const { show } = useToast();
  const act = useUndelete();
  const undo = () =>
    act.mutate(
      { params: { project, app: app.id } },
      {
        onSuccess: () => show({ title: `${app.name} is back`, description: 'Its pods start again.' }),
        onError: (error) => show({ title: `${app.name} is not brought back`, description: error.issues[0]?.message ?? error.message }),
      },
    );
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-panel border bg-surface px-3 py-1.5 text-sm">
      <span className="min-w-0 flex-1">
        <span className="font-medium">{app.name}</span> was deleted by {app.deletedBy.name} <Ago at={app.deletedAt} />
        <span className="text-muted">
          {' '}
          from <ClusterName name={app.cluster.name} />/{app.namespace}
          {app.deletedData ? '; its data is gone' : ''}
        </span>
      </span>
      <Button size="small" busy={act.isPending} refused={refused} label={`Undo the deletion of ${app.name}`} onClick={undo}>
        Undo
      </Button>
    </li>
  );
}
