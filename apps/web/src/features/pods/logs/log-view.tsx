'use client';
import { ArrowDown, Pause } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { formatClock, formatCount } from '@/lib/format';
import { useZone } from '@/lib/time';
import { columnsOf, LogLayout } from './layout';
import { keptLines, type LogFeed } from './log-feed';
import type { LogLine } from './log-line';
import { foldAt, LogRow } from './log-row';
import { rowPx, useLogScroll } from './use-log-scroll';

const overscan = 12;

export interface LogViewOptions {
  wrap: boolean;
  times: boolean;
  /** Lower case; empty: nothing is looked for. */
  find: string;
  onlyHits: boolean;
}

export interface Hits {
  count: number;
  /** Which one is shown, from 1; 0 before the first jump. */
  at: number;
}

/** The merged log: only the rows in sight are in the page, whatever is kept. */
export function LogView({
  feed,
  options,
  tagOf,
  seriesOf,
  jump,
  onHits,
  label,
}: {
  feed: LogFeed;
  options: LogViewOptions;
  /** Short name of a pod; null when there is only one. */
  tagOf: ((pod: string) => string) | null;
  seriesOf: (pod: string) => number;
  /** A new number goes to the next hit (+) or the one before (−). */
  jump: { step: 1 | -1; round: number };
  onHits: (hits: Hits) => void;
  label: string;
}) {
  const { wrap, times, find, onlyHits } = options;
  const version = useSyncExternalStore(
    feed.subscribe,
    () => feed.version,
    () => 0,
  );
  const box = useRef<HTMLDivElement>(null);
  const { following, view, onScroll, settle, toEnd, toRow, pause } = useLogScroll(box);
  const zone = useZone();
  const charPx = useCharWidth(box);
  const columns = useMemo(() => {
    if (!wrap || view.width === 0) return null;
    const before = (times ? 13 : 0) + (tagOf ? 8 : 0) + 1;
    return Math.max(10, Math.floor((view.width - 24 - 3) / charPx) - before);
  }, [wrap, view.width, times, tagOf, charPx]);
  const layout = useMemo(() => {
    const shows = find && onlyHits ? (line: LogLine) => line.plain.toLowerCase().includes(find) : () => true;
    const rowsOf = (line: LogLine) =>
      columns === null || line.kind === 'marker' ? 1 : Math.max(1, Math.ceil(columnsOf(line.plain.slice(0, foldAt)) / columns));
    return new LogLayout(feed.lines, shows, rowsOf);
  }, [feed, find, onlyHits, columns]);
  // What the layout takes from the ring here is drawn in this same pass.
  const change = useMemo(() => (version >= 0 ? layout.update() : { goneRows: 0, addedLines: 0 }), [layout, version]);

  const [pausedAt, setPausedAt] = useState<number | null>(null);
  useEffect(() => setPausedAt(following ? null : feed.lines.end), [following, feed]);
  useLayoutEffect(() => settle(change.goneRows), [change, settle]);

  const hits = useHits(feed, find, version);
  const [hit, setHit] = useState<number | null>(null);
  const state = useRef({ hits, hit, layout, toRow });
  useEffect(() => {
    state.current = { hits, hit, layout, toRow };
  });
  useEffect(() => {
    if (jump.round === 0) return;
    const now = state.current;
    const next = nextHit(now.hits, now.hit, jump.step);
    if (next === null) return;
    setHit(next);
    now.toRow(now.layout.top(now.layout.indexOf(next)));
  }, [jump]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another word begins anew
  useEffect(() => setHit(null), [find]);
  useEffect(() => onHits({ count: hits.length, at: hit === null ? 0 : hits.indexOf(hit) + 1 }), [hits, hit, onHits]);

  const rows = [];
  const firstRow = Math.floor(view.top / rowPx) - overscan;
  const lastRow = Math.ceil((view.top + view.height) / rowPx) + overscan;
  const now = Date.now();
  for (let index = layout.indexAt(Math.max(0, firstRow)); index < layout.count && layout.top(index) <= lastRow; index++) {
    const number = layout.number(index);
    const line = feed.lines.at(number);
    if (!line) continue;
    rows.push(
      <LogRow
        key={number}
        line={line}
        top={layout.top(index) * rowPx}
        time={times ? (Number.isNaN(line.ms) ? '' : formatClock(line.ms, zone, now, true)) : null}
        tag={tagOf ? tagOf(line.pod) : null}
        series={seriesOf(line.pod)}
        wrap={wrap}
        find={find}
        current={number === hit}
      />,
    );
  }
  const news = pausedAt === null ? 0 : Math.max(0, feed.lines.end - pausedAt);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'End') {
      event.preventDefault();
      toEnd();
    }
    if (event.key === 'PageUp' || event.key === 'Home') pause();
  };
  const onPointerUp = () => {
    const selection = window.getSelection();
    if (selection && !selection.isCollapsed && box.current?.contains(selection.anchorNode)) pause();
  };
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onPointerUp={onPointerUp}
        className="relative min-h-0 flex-1 overflow-auto overscroll-contain bg-sunken font-mono text-xs leading-5 outline-offset-[-2px]"
        style={{ overflowAnchor: 'none' }}
      >
        <div className="relative" style={{ height: Math.max(layout.rows * rowPx, 1) }}>
          {rows}
        </div>
      </div>
      <div className="relative flex min-h-7 items-center justify-between gap-2 border-t px-3 text-muted text-xs">
        <span className="inline-flex items-center gap-1.5 tabular-nums" data-testid="log-state">
          {following ? null : <Pause size={14} strokeWidth={1.75} aria-hidden />}
          {following ? 'following' : 'paused'} · {formatCount(layout.count)} lines
          {feed.lines.first > 0 && feed.lines.count >= keptLines - 1 ? ` · ${formatCount(feed.lines.first)} earlier ones let go` : ''}
        </span>
        {following ? null : (
          <button
            type="button"
            onClick={toEnd}
            className="absolute end-3 bottom-9 inline-flex h-8 items-center gap-1.5 rounded-control bg-accent px-3 font-medium text-on-accent text-xs shadow-float"
          >
            {news > 0 ? `${formatCount(news)} new lines` : 'To the end'}
            <ArrowDown size={14} strokeWidth={1.75} aria-hidden />
          </button>
        )}
      </div>
    </div>
  );
}

/** Ring numbers of the lines that hold the text, kept up as lines come. */
function useHits(feed: LogFeed, find: string, version: number): number[] {
  const memory = useRef<{ feed: LogFeed; find: string; next: number; hits: number[] }>({ feed, find: '', next: 0, hits: [] });
  return useMemo(() => {
    if (find === '' || version < 0) return none;
    const old = memory.current;
    const fresh = old.feed !== feed || old.find !== find;
    const { lines } = feed;
    const hits = fresh ? [] : old.hits.filter((number) => number >= lines.first);
    for (let number = Math.max(fresh ? 0 : old.next, lines.first); number < lines.end; number++) {
      if (lines.at(number)?.plain.toLowerCase().includes(find)) hits.push(number);
    }
    memory.current = { feed, find, next: lines.end, hits };
    return hits;
  }, [feed, find, version]);
}

const none: number[] = [];

/** The hit after or before the one that is shown; the last one first, because the newest lines are in sight. */
function nextHit(hits: readonly number[], hit: number | null, step: 1 | -1): number | null {
  if (hits.length === 0) return null;
  if (hit === null) return hits.at(-1) ?? null;
  const at = step === 1 ? hits.findIndex((number) => number > hit) : hits.findLastIndex((number) => number < hit);
  return (at >= 0 ? hits[at] : step === 1 ? hits[0] : hits.at(-1)) ?? null;
}

/** Width of a character in the log's own font. */
function useCharWidth(box: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(7.2);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => {
      const probe = document.createElement('span');
      probe.textContent = '0'.repeat(100);
      probe.style.cssText = 'position:absolute;visibility:hidden;white-space:pre';
      element.append(probe);
      setWidth(probe.getBoundingClientRect().width / 100 || 7.2);
      probe.remove();
    };
    measure();
    void document.fonts.ready.then(measure); // the font may come after the first lines
  }, [box]);
  return width;
}
