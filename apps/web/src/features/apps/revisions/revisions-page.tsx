'use client';
import type { listRevisions, Revision } from '@fairlead/shared';
import { RotateCcw } from 'lucide-react';
import { parseAsInteger, useQueryState } from 'nuqs';
import { useMemo, useState } from 'react';
import { Refused } from '@/components/asked';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { Skeleton } from '@/components/skeleton';
import { StatusWord } from '@/components/status-word';
import { useAskPages } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { revisionStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { useApp } from '../app/app-context';
import { RevisionDiff } from './revision-diff';
import { RollbackDialog } from './rollback-dialog';

/** Every wanted state the app had; opened on what going back would change: from what is wanted now to the last one that was applied. */
export function RevisionsPage() {
  const { app, project, row, lacks } = useApp();
  const answer = useAskPages<Revision, typeof listRevisions>(routes.listRevisions, {
    params: { project, app: app.id },
    query: { limit: 50 },
  });
  const [fromParam, setFrom] = useQueryState('from', parseAsInteger);
  const [toParam, setTo] = useQueryState('to', parseAsInteger);
  const [rollingBack, setRollingBack] = useState<number | null>(null);
  const revisions = useMemo(() => answer.data?.pages.flatMap(({ items }) => items) ?? [], [answer.data]);
  const current = row?.revision ?? app.revision.number;
  const lastGood = revisions.find(({ number, state }) => number < current && state === 'applied')?.number ?? null;
  const from = fromParam ?? current;
  const to = toParam ?? lastGood;
  const lacksRollback = lacks('Rolling back', 'apps.rollback');
  const columns = useMemo(
    () =>
      revisionColumns({
        current,
        from,
        to,
        compare: (number) => {
          void setTo(number);
          void setFrom(null);
        },
        rollBack: setRollingBack,
        lacksRollback,
      }),
    [current, from, to, setTo, setFrom, lacksRollback],
  );
  if (answer.isPending) return <Skeleton rows={5} waitingFor="the revisions" />;
  if (answer.error && revisions.length === 0)
    return <Refused error={answer.error} what="The revisions" onRetry={() => void answer.refetch()} />;
  return (
    <div className="flex flex-col gap-4">
      <Panel title="Revisions" flush>
        <ResourceTable
          label={`Revisions of ${app.name}`}
          rows={revisions}
          keyOf={keyOf}
          columns={columns}
          isOpen={({ number }) => number === to}
          onOpen={({ number }) => void setTo(number)}
          empty={<Empty kind="nothing" title="No revision yet" />}
        />
        {answer.hasNextPage ? (
          <div className="border-t px-3 py-1.5">
            <Button size="small" variant="quiet" busy={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
              Older
            </Button>
          </div>
        ) : null}
      </Panel>
      {to === null || to === from ? (
        <Panel title="Difference">
          <p className="text-muted text-sm">
            {revisions.length < 2
              ? 'There is only one revision: nothing to compare yet.'
              : 'Choose a revision above to see what differs from the one that is wanted now.'}
          </p>
        </Panel>
      ) : (
        <RevisionDiff
          key={`${from} ${to}`}
          from={from}
          to={to}
          current={current}
          action={
            to !== current ? (
              <Button size="small" refused={lacksRollback} onClick={() => setRollingBack(to)}>
                <RotateCcw size={14} strokeWidth={1.75} aria-hidden />
                Roll back to {to}…
              </Button>
            ) : null
          }
        />
      )}
      {rollingBack === null ? null : <RollbackDialog revision={rollingBack} onClose={() => setRollingBack(null)} />}
    </div>
  );
}

const keyOf = (revision: Revision) => String(revision.number);

function revisionColumns({
  current,
  from,
  to,
  compare,
  rollBack,
  lacksRollback,
}: {
  current: number;
  from: number;
  to: number | null;
  compare: (number: number) => void;
  rollBack: (number: number) => void;
  lacksRollback: string | null;
}): Column<Revision>[] {
  return [
    {
      id: 'number',
      head: 'Revision',
      small: 'main',
      cell: ({ number }) => (
        <span className="inline-flex items-center gap-2 tabular-nums">
          <button
            type="button"
            onClick={() => compare(number)}
            aria-pressed={number === to}
            className="min-h-6 font-medium hover:underline"
          >
            {number}
          </button>
          {number === current ? <span className="rounded-chip bg-idle-tint px-1.5 text-idle text-xs">wanted now</span> : null}
          {number === from && number !== current ? <span className="text-muted text-xs">compared from</span> : null}
        </span>
      ),
    },
    {
      id: 'what',
      head: 'What',
      cell: ({ summary, error }) => (
        <span className="break-words">
          {summary}
          {error ? <span className="block text-bad text-xs">{error}</span> : null}
        </span>
      ),
    },
    {
      id: 'cause',
      head: 'Act',
      from: 'sm',
      cell: ({ cause, rolledBackFrom }) => <span className="text-muted">{rolledBackFrom ? `${cause} of ${rolledBackFrom}` : cause}</span>,
    },
    { id: 'state', head: 'State', small: 'side', cell: ({ state }) => <StatusWord status={revisionStatus(state)} /> },
    { id: 'who', head: 'Who', cell: ({ author }) => (author.kind === 'user' ? author.name : `${author.kind} ${author.name}`) },
    { id: 'when', head: 'When', align: 'end', cell: ({ createdAt }) => <Ago at={createdAt} /> },
    {
      id: 'act',
      head: '',
      align: 'end',
      cell: ({ number }) =>
        number === current ? null : (
          <Button size="small" variant="quiet" refused={lacksRollback} label={`Roll back to ${number}`} onClick={() => rollBack(number)}>
            Roll back…
          </Button>
        ),
    },
  ];
}
