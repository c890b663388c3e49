'use client';
import { CircleDot, ClockAlert, LoaderCircle, Pause } from 'lucide-react';
import { useEffect } from 'react';
import { formatClock } from '@/lib/format';
import type { TopicState } from '@/lib/live/topic-store';
import { useConnection, useLiveClient } from '@/lib/live/use-live';
import { useNow, useZone } from '@/lib/time';
import { useAnnounce } from './announce';

/** The tab's own connection, in the top bar: live, connecting, paused, or stale with the time. */
export function ConnectionPill() {
  const connection = useConnection();
  const zone = useZone();
  const announce = useAnnounce();
  const { phase } = connection;
  useEffect(() => {
    if (phase === 'stale') announce('The connection was lost; what you see is not up to date.');
  }, [phase, announce]);
  const base = 'inline-flex items-center gap-1.5 whitespace-nowrap text-xs';
  if (phase === 'live') {
    return (
      <span className={`${base} text-ok`}>
        <CircleDot size={14} strokeWidth={1.75} aria-hidden />
        Live
      </span>
    );
  }
  if (phase === 'connecting') {
    return (
      <span className={`${base} text-muted`}>
        <LoaderCircle size={14} strokeWidth={1.75} aria-hidden className="spin-slow" />
        Connecting
      </span>
    );
  }
  if (phase === 'paused') {
    return (
      <span className={`${base} text-stale`}>
        <Pause size={14} strokeWidth={1.75} aria-hidden />
        Paused
      </span>
    );
  }
  return (
    <span className={`${base} text-stale`}>
      <ClockAlert size={14} strokeWidth={1.75} aria-hidden />
      Stale since {formatClock(connection.since, zone)}
    </span>
  );
}

/** One line over the page when the connection has been gone for three seconds. */
export function StaleBanner() {
  const connection = useConnection();
  const client = useLiveClient();
  const zone = useZone();
  const now = useNow(connection.since);
  if (connection.phase === 'stopped') {
    if (connection.reason === 'signed-out') return null;
    return (
      <Banner
        text={connection.reason === 'new-version' ? 'A new version of Fairlead is out.' : 'Live data is refused from this address.'}
        act="Reload"
        onAct={() => window.location.reload()}
      />
    );
  }
  if (connection.phase !== 'stale' || now - connection.since < 3000) return null;
  const seconds = Math.max(0, Math.ceil((connection.retryAt - now) / 1000));
  return (
    <Banner
      text={`Stale since ${formatClock(connection.since, zone)}, ${seconds > 0 ? `trying again in ${seconds} s` : 'trying again'}.`}
      act="Retry now"
      onAct={() => client.retryNow()}
    />
  );
}

function Banner({ text, act, onAct }: { text: string; act: string; onAct: () => void }) {
  return (
    <div className="no-print flex items-center gap-3 border-b bg-stale-tint px-4 py-1.5 text-sm text-stale">
      <ClockAlert size={16} strokeWidth={1.75} aria-hidden />
      <span>{text}</span>
      <button type="button" onClick={onAct} className="font-medium underline">
        {act}
      </button>
    </div>
  );
}

/** How old one region is: nothing while live, "caught up" after a gap, else since when it may be wrong and why. */
export function TopicFreshness({ state }: { state: TopicState }) {
  const zone = useZone();
  if (state.phase === 'live') {
    return state.caughtUp > 0 ? <span className="text-muted text-xs">caught up, {state.caughtUp} changes</span> : null;
  }
  if (state.phase !== 'stale') return null;
  return (
    <span className="inline-flex items-center gap-1.5 text-stale text-xs" title={state.reason ?? undefined}>
      <ClockAlert size={14} strokeWidth={1.75} aria-hidden />
      stale since {formatClock(state.since, zone)}
      {state.reason ? <span className="hidden sm:inline">· {state.reason}</span> : null}
    </span>
  );
}
