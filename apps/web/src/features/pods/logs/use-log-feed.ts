'use client';
import type { PodRow } from '@fairlead/shared';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { formatClock } from '@/lib/format';
import { socketAddress } from '@/lib/pod-socket';
import { type PodTarget, shortPod } from '../target';
import { endedRun } from './ended';
import { LogFeed } from './log-feed';
import { logPath, type StreamOptions } from './options';
import type { LogSocket, PodLogState } from './pod-log';

/** As many streams as a browser opens without trouble; more pods are chosen from by name. */
export const maxStreams = 20;
/** The cluster's own name for a stream of bytes; it answers with it, and a browser takes no answer it did not ask for. */
const subprotocol = 'binary.k8s.io';

/** The merged log of pods while the page shows it. Another choice of container, time or previous begins anew. */
export function useLogFeed(target: PodTarget, pods: readonly PodRow[], { container, since, previous }: StreamOptions): LogFeed | null {
  const { cluster, namespace } = target;
  const [feed, setFeed] = useState<LogFeed | null>(null);
  const shown = useRef(pods);
  shown.current = pods;
  useEffect(() => {
    const optionsFor = (pod: string): StreamOptions => {
      const row = shown.current.find(({ name }) => name === pod);
      return { container, since, previous: previous && (!row || endedRun(row, container) !== 'current') };
    };
    const made = new LogFeed({
      connect: (pod, resume) =>
        new WebSocket(socketAddress(logPath({ cluster, namespace, pod }, optionsFor(pod), resume)), subprotocol) as unknown as LogSocket,
      follow: !previous,
      nextFrame: (commit) => (document.hidden ? setTimeout(commit, 250) : requestAnimationFrame(commit)),
      clock: (ms) => formatClock(ms),
    });
    setFeed(made);
    return () => made.stop();
  }, [cluster, namespace, container, since, previous]);
  const names = pods.map(({ name }) => name).join(' ');
  useEffect(() => {
    feed?.follow(names === '' ? [] : names.split(' '));
  }, [feed, names]);
  useRestartMarks(feed, pods, target);
  return feed;
}

/** Writes into the log that a container came again. */
function useRestartMarks(feed: LogFeed | null, pods: readonly PodRow[], target: PodTarget) {
  const [seen] = useState(() => new Map<string, number>());
  useEffect(() => {
    for (const pod of pods) {
      const before = seen.get(pod.key);
      if (feed && before !== undefined && pod.restarts > before) {
        feed.mark(pod.name, `${shortPod(pod.name, target)} restarted${pod.reason ? `: ${pod.reason}` : ''}, start ${pod.restarts + 1}`);
      }
      seen.set(pod.key, pod.restarts);
    }
  }, [feed, pods, seen, target]);
}

const noStates: [string, PodLogState][] = [];

/** How each stream does, as text that changes only when a state does. */
export function useStreamStates(feed: LogFeed | null): [string, PodLogState][] {
  const key = useSyncExternalStore(
    feed ? feed.subscribe : () => () => {},
    () => (feed ? JSON.stringify([...feed.states()]) : '[]'),
    () => '[]',
  );
  return key === '[]' ? noStates : (JSON.parse(key) as [string, PodLogState][]);
}
