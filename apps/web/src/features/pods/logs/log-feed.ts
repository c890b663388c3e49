import { type LogLine, logLine, markerLine, weightOf } from './log-line';
import { type LogSocket, PodLog, type PodLogState } from './pod-log';
import { Ring } from './ring';

export const keptLines = 50_000;
const keptBytes = 32 * 1024 * 1024;
const mergeMs = 500;

export interface FeedOptions {
  connect: (pod: string, since: string | null) => LogSocket;
  follow: boolean;
  /** Calls back at most once a frame. */
  nextFrame: (commit: () => void) => void;
  /** "14:02:20": for marks. */
  clock: (ms: number) => string;
}

/**
 * The logs of several pods as one, by time: lines that come within half a second of one another are put in order. Pods may be added; those
 * that go keep their lines. Of everything the newest 50,000 lines or 32 MiB stay.
 */
export class LogFeed {
  readonly lines = new Ring<LogLine>(keptLines, keptBytes, weightOf);
  /** Grows with each commit. */
  version = 0;
  readonly #options: FeedOptions;
  readonly #pods = new Map<string, { log: PodLog; state: PodLogState }>();
  readonly #listeners = new Set<() => void>();
  #waiting: LogLine[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #committing = false;
  #stopped = false;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Follows exactly these pods. */
  follow(pods: readonly string[]): void {
    for (const [pod, { log }] of this.#pods) {
      if (pods.includes(pod)) continue;
      log.stop();
      this.#pods.delete(pod);
      this.#add([markerLine(pod, Date.now(), `${pod} is gone`)]);
    }
    for (const pod of pods) if (!this.#pods.has(pod)) this.#start(pod);
    this.#commitSoon();
  }

  mark(pod: string, text: string): void {
    this.#add([markerLine(pod, Date.now(), text)]);
  }

  states(): Map<string, PodLogState> {
    return new Map([...this.#pods].map(([pod, { state }]) => [pod, state]));
  }

  clear(): void {
    this.#waiting = [];
    this.lines.clear();
    this.#commitSoon();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    for (const { log } of this.#pods.values()) log.stop();
    this.#pods.clear();
  }

  #start(pod: string): void {
    const states: { now: PodLogState } = { now: { phase: 'connecting' } };
    let lostAt: number | null = null;
    const set = (state: PodLogState) => {
      if (state.phase === 'lost') lostAt ??= state.since;
      if (state.phase === 'open' && lostAt !== null) {
        const { clock } = this.#options;
        this.#add([markerLine(pod, Date.now(), `${pod}: connection lost ${clock(lostAt)} → ${clock(Date.now())}, resumed`)]);
        lostAt = null;
      }
      states.now = state;
      const entry = this.#pods.get(pod);
      if (entry) entry.state = state;
      this.#commitSoon();
    };
    const log = new PodLog({
      connect: (since) => this.#options.connect(pod, since),
      follow: this.#options.follow,
      onLines: (lines) => this.#add(lines.map(({ stamp, text }) => logLine(pod, stamp, text))),
      onState: set,
    });
    this.#pods.set(pod, { log, state: states.now });
  }

  #add(lines: LogLine[]): void {
    this.#waiting.push(...lines);
    // One pod is in order by itself.
    if (this.#pods.size <= 1) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), mergeMs);
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    for (const line of inOrder(this.#waiting)) this.lines.push(line);
    this.#waiting = [];
    this.#commitSoon();
  }

  #commitSoon(): void {
    if (this.#committing || this.#stopped) return;
    this.#committing = true;
    this.#options.nextFrame(() => {
      this.#committing = false;
      this.version++;
      for (const listener of this.#listeners) listener();
    });
  }
}

/** By time; a line without one stays behind the line it came after. Stable. */
export function inOrder(lines: readonly LogLine[]): LogLine[] {
  const lastOf = new Map<string, number>();
  return lines
    .map((line, index) => {
      const at = Number.isNaN(line.ms) ? (lastOf.get(line.pod) ?? 0) : line.ms;
      lastOf.set(line.pod, at);
      return { line, at, index };
    })
    .sort((a, b) => a.at - b.at || compareStamps(a.line, b.line) || a.index - b.index)
    .map(({ line }) => line);
}

const compareStamps = (a: LogLine, b: LogLine): number =>
  a.stamp === null || b.stamp === null || a.stamp === b.stamp ? 0 : a.stamp < b.stamp ? -1 : 1;
