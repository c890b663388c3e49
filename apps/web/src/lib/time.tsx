'use client';
import { useCallback, useSyncExternalStore } from 'react';
import { serverNow } from './clock';
import { agoStepMs, formatAbsolute, formatAgo, type Zone } from './format';

/** One ticker for the page: a beat each second while someone shows a time below a minute, else every 30 s; none while hidden. */
const ticker = (() => {
  let now = serverNow();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const watchers = new Map<() => void, () => number>();
  const beat = () => {
    timer = null;
    now = serverNow();
    for (const listener of [...watchers.keys()]) listener();
    schedule();
  };
  const schedule = () => {
    if (timer || watchers.size === 0 || document.hidden) return;
    let step = 30_000;
    for (const stepOf of watchers.values()) step = Math.min(step, stepOf());
    timer = setTimeout(beat, step);
  };
  return {
    now: () => now,
    watch(listener: () => void, stepMs: () => number): () => void {
      if (watchers.size === 0) {
        if (Math.abs(serverNow() - now) >= 1000) now = serverNow();
        document.addEventListener('visibilitychange', onVisibility);
      }
      watchers.set(listener, stepMs);
      if (timer && stepMs() < 30_000) {
        clearTimeout(timer);
        timer = null;
      }
      schedule();
      return () => {
        watchers.delete(listener);
        if (watchers.size > 0) return;
        if (timer) clearTimeout(timer);
        timer = null;
        document.removeEventListener('visibilitychange', onVisibility);
      };
    },
  };
  function onVisibility() {
    if (!document.hidden && !timer) beat();
  }
})();

/** The server's time now, renewed as often as a time `at` needs. 0 on the web server. */
export function useNow(at: number): number {
  const subscribe = useCallback((listener: () => void) => ticker.watch(listener, () => agoStepMs(at, ticker.now())), [at]);
  return useSyncExternalStore(subscribe, ticker.now, () => 0);
}

/** "4 s ago" with the absolute time behind it. `frozen`: the time at which the data stopped being right. */
export function Ago({ at, frozen }: { at: string | number; frozen?: number }) {
  const time = typeof at === 'number' ? at : Date.parse(at);
  const now = useNow(time);
  const zone = useZone();
  if (Number.isNaN(time)) return <>–</>;
  return (
    <time dateTime={new Date(time).toISOString()} title={formatAbsolute(time, zone, true)} className="whitespace-nowrap">
      {now === 0 ? '' : formatAgo(time, frozen ?? Math.max(now, time))}
    </time>
  );
}

/** "in 2 h", or "2 h ago" when it is over. */
export function Until({ at }: { at: string | null }) {
  const time = at ? Date.parse(at) : Number.NaN;
  const now = useNow(time);
  const zone = useZone();
  if (Number.isNaN(time)) return <>never</>;
  return (
    <time dateTime={new Date(time).toISOString()} title={formatAbsolute(time, zone)} className="whitespace-nowrap">
      {now === 0 ? '' : formatAgo(time, now)}
    </time>
  );
}

const zoneKey = 'fairlead-zone';
const zoneListeners = new Set<() => void>();

/** Local time or UTC, as this browser chose. */
export function useZone(): Zone {
  return useSyncExternalStore(subscribeZone, readZone, () => 'local' as const);
}

export function setZone(zone: Zone): void {
  window.localStorage.setItem(zoneKey, zone);
  for (const listener of zoneListeners) listener();
}

const readZone = (): Zone => (window.localStorage.getItem(zoneKey) === 'utc' ? 'utc' : 'local');
const subscribeZone = (listener: () => void) => {
  zoneListeners.add(listener);
  return () => {
    zoneListeners.delete(listener);
  };
};
