'use client';
import type { listMoments, Moment } from '@fairlead/shared';
import { useEffect } from 'react';
import { Refused } from '@/components/asked';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { Skeleton } from '@/components/skeleton';
import { StatusWord } from '@/components/status-word';
import { useAskPages, useRefresh } from '@/lib/ask';
import { formatDuration } from '@/lib/format';
import { routes } from '@/lib/routes';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { momentStatus } from './moment-words';

/** What happened to the app, newest first: losses and repairs with their seconds, verdicts, drift, drills. */
export function MomentsPanel() {
  const { app, project } = useApp();
  const answer = useAskPages<Moment, typeof listMoments>(routes.listMoments, {
    params: { project, app: app.id },
    query: { limit: 50 },
  });
  useFollowsTheApp();
  const moments = answer.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel title="What happened" flush>
      {answer.isPending ? (
        <Skeleton rows={3} waitingFor="the timeline" />
      ) : answer.error && moments.length === 0 ? (
        <Refused error={answer.error} what="The timeline" onRetry={() => void answer.refetch()} />
      ) : moments.length === 0 ? (
        <Empty kind="nothing" title="Nothing happened yet">
          Losses of pods, their repair, verdicts and drift stand here for 30 days.
        </Empty>
      ) : (
        <ol>
          {moments.map((moment) => (
            <MomentItem key={moment.id} moment={moment} />
          ))}
        </ol>
      )}
      {answer.hasNextPage ? (
        <div className="border-t px-3 py-1.5">
          <Button size="small" variant="quiet" busy={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            Older
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

const MomentItem = ({ moment: { at, kind, sentence, seconds, evidence } }: { moment: Moment }) => (
  <li className="grid grid-cols-[4.5rem_1fr] gap-x-3 border-b px-3 py-1.5 text-sm last:border-b-0">
    <span className="text-muted text-xs leading-5">
      <Ago at={at} />
    </span>
    <span className="min-w-0 break-words">
      <StatusWord status={momentStatus(kind)} size="small" /> {sentence}
      {afterLoss.has(kind) && seconds !== null ? <span className="text-muted tabular-nums"> {afterTheLoss(seconds)}</span> : null}
      {evidence ? <code className="mt-0.5 block whitespace-pre-wrap break-words font-mono text-muted text-xs">{evidence}</code> : null}
    </span>
  </li>
);

const afterLoss = new Set<Moment['kind']>(['pod-replaced', 'pod-healed', 'container-back']);
const afterTheLoss = (seconds: number) => (seconds < 0.1 ? 'At once.' : `${formatDuration(seconds * 1000)} after the loss.`);

/** What is written a moment after the cluster tells it: a second after the app's state or its pods changed the timeline is asked again. */
function useFollowsTheApp() {
  const { status } = useApp();
  const refresh = useRefresh();
  const told = `${status?.state} ${status?.replicas?.ready} ${status?.drift.length} ${status?.rollout?.state}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is told asks again
  useEffect(() => {
    const timer = setTimeout(() => refresh(routes.listMoments), 1_500);
    return () => clearTimeout(timer);
  }, [told]);
}
