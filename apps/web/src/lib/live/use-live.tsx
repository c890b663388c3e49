'use client';
import type { TopicName, TopicRows } from '@fairlead/shared';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { noteServerTime } from '../clock';
import { sessionEnded } from '../session-ended';
import { type ConnectionState, LiveClient, type Socket } from './live-client';
import { TopicStore } from './topic-store';

const hiddenPauseMs = 5 * 60_000;
const LiveContext = createContext<LiveClient | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const [client] = useState(() => new LiveClient({ connect, nextFrame, onServerTime: noteServerTime, onSignedOut: sessionEnded.raise }));
  useEffect(() => pauseWhenHidden(client), [client]);
  return <LiveContext value={client}>{children}</LiveContext>;
}

function connect(): Socket {
  const { protocol, host } = window.location;
  return new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/v1/live`) as unknown as Socket;
}

/** Frames stop in hidden tabs; there a timer commits. */
function nextFrame(commit: () => void): void {
  if (document.hidden) setTimeout(commit, 250);
  else requestAnimationFrame(commit);
}

function pauseWhenHidden(client: LiveClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onVisibility = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => client.pause(), hiddenPauseMs);
    else if (client.connection.phase === 'paused' || client.connection.phase === 'stale') client.retryNow();
  };
  const onOnline = () => {
    if (client.connection.phase === 'stale') client.retryNow();
  };
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', onVisibility);
    window.removeEventListener('online', onOnline);
  };
}

export function useLiveClient(): LiveClient {
  const client = useContext(LiveContext);
  if (!client) throw new Error('useLiveClient needs a LiveProvider');
  return client;
}

const connecting: ConnectionState = { phase: 'connecting', since: 0 };

export function useConnection(): ConnectionState {
  const client = useLiveClient();
  return useSyncExternalStore(
    client.subscribe,
    () => client.connection,
    () => connecting,
  );
}

const nothing = new TopicStore<never>();

/**
 * Subscribes to a topic while mounted. `params` null: not yet. Answers the store: watch it by useTopicState, useRows or useRow,
 * each of which renders only for what it reads.
 */
export function useTopic<T extends TopicName>(topic: T, params: Record<string, string> | null): TopicStore<TopicRows[T]> {
  const client = useLiveClient();
  const key = params ? JSON.stringify(params) : null;
  // The same params give the same store, whatever object they came in.
  const store = useMemo(() => {
    if (key === null) return nothing as unknown as TopicStore<TopicRows[T]>;
    return client.store(topic, JSON.parse(key) as Record<string, string>);
  }, [client, topic, key]);
  useEffect(() => (key === null ? undefined : client.retain(topic, JSON.parse(key) as Record<string, string>)), [client, topic, key]);
  return store;
}

export function useTopicState<Row extends { key: string }>(store: TopicStore<Row>) {
  const read = () => store.state;
  return useSyncExternalStore(store.subscribe, read, read);
}

export function useRows<Row extends { key: string }>(store: TopicStore<Row>): readonly Row[] {
  const read = () => store.rows;
  return useSyncExternalStore(store.subscribe, read, read);
}

export function useRow<Row extends { key: string }>(store: TopicStore<Row>, key: string): Row | undefined {
  const read = () => store.row(key);
  const subscribe = useCallback((listener: () => void) => store.subscribeRow(key, listener), [store, key]);
  return useSyncExternalStore(subscribe, read, read);
}
