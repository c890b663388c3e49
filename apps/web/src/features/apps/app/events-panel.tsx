'use client';
import { Info, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import { TopicFreshness } from '@/components/freshness';
import { Panel } from '@/components/panel';
import { Skeleton } from '@/components/skeleton';
import { useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { Ago } from '@/lib/time';
import { useApp } from './app-context';

const first = 12;

/** What the cluster reported about the app's objects, newest first. */
export function EventsPanel() {
  const { app } = useApp();
  const topic = useTopic('events', { app: app.id });
  const state = useTopicState(topic);
  const rows = useRows(topic);
  const [all, setAll] = useState(false);
  const sorted = [...rows].sort((a, b) => b.at.localeCompare(a.at));
  const shown = all ? sorted.slice(0, 300) : sorted.slice(0, first);
  return (
    <Panel title="Events" count={rows.length} flush actions={<TopicFreshness state={state} />}>
      {rows.length === 0 ? (
        state.phase === 'loading' ? (
          <Skeleton rows={2} waitingFor="the events" />
        ) : state.phase === 'refused' ? (
          <Empty kind="not-allowed" title="Events are not for this role">
            {state.message}
          </Empty>
        ) : state.phase === 'stale' ? (
          <Empty kind="unreachable" title="Events cannot be asked now">
            {state.reason}
          </Empty>
        ) : (
          <Empty kind="nothing" title="No events">
            The cluster keeps them for an hour.
          </Empty>
        )
      ) : (
        <ul>
          {shown.map((event) => {
            const warns = event.type === 'Warning';
            const Icon = warns ? TriangleAlert : Info;
            return (
              <li key={event.key} className="flex gap-2.5 border-b px-3 py-2 text-sm last:border-b-0">
                <Icon size={16} strokeWidth={1.75} aria-hidden className={`mt-0.5 shrink-0 ${warns ? 'text-warn' : 'text-muted'}`} />
                <div className="min-w-0 flex-1">
                  <p className="flex flex-wrap items-baseline gap-x-2">
                    <span className={`font-medium ${warns ? 'text-warn' : ''}`}>{event.reason}</span>
                    {event.count > 1 ? <span className="text-muted text-xs tabular-nums">×{event.count}</span> : null}
                    <span className="min-w-0 flex-1 truncate font-mono text-muted text-xs" title={event.object}>
                      {event.object}
                    </span>
                    <span className="text-muted text-xs">
                      <Ago at={event.at} />
                    </span>
                  </p>
                  <p className="break-words text-muted">{event.message}</p>
                </div>
              </li>
            );
          })}
        </ul>
      )}
      {rows.length > first && !all ? (
        <div className="border-t px-3 py-1.5">
          <Button size="small" variant="quiet" onClick={() => setAll(true)}>
            All {rows.length}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}
