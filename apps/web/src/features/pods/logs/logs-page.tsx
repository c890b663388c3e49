'use client';
import type { PodRow } from '@fairlead/shared';
import { ArrowDown, ArrowUp, Download } from 'lucide-react';
import { parseAsBoolean, parseAsString, useQueryState } from 'nuqs';
import { type KeyboardEvent, useCallback, useMemo, useState } from 'react';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { CopyButton } from '@/components/copy-button';
import { Empty } from '@/components/empty';
import { Checkbox, SelectField, TextField } from '@/components/field';
import { Skeleton } from '@/components/skeleton';
import { formatClock, formatCount } from '@/lib/format';
import { useKey } from '@/lib/keys';
import { useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { type PodTarget, podTag, shortPod } from '../target';
import { endedRun } from './ended';
import type { LogFeed } from './log-feed';
import { logText } from './log-line';
import { type Hits, LogView } from './log-view';
import { isSince, logCommand, sinceOptions } from './options';
import { maxStreams, useLogFeed, useStreamStates } from './use-log-feed';

/** The logs of an app's pods as one stream, following. */
export function LogsPage({ target }: { target: PodTarget }) {
  const topic = useTopic('pods', { app: target.appId });
  const topicState = useTopicState(topic);
  const pods = useRows(topic);
  const [pod, setPod] = useQueryState('pod', parseAsString.withDefault(''));
  const [containerName, setContainer] = useQueryState('container', parseAsString.withDefault(''));
  const [sinceText, setSince] = useQueryState('since', parseAsString.withDefault('tail'));
  const [previous, setPrevious] = useQueryState('previous', parseAsBoolean.withDefault(false));
  const since = isSince(sinceText) ? sinceText : 'tail';
  const containers = useMemo(() => [...new Set(pods.flatMap((one) => one.containers.map(({ name }) => name)))], [pods]);
  const container = containerName || (containers.length > 1 ? (containers[0] ?? null) : null);
  const inQuestion = useMemo(() => choosePods(pods, pod), [pods, pod]);
  const chosen = useMemo(
    () => (previous ? inQuestion.filter((one) => endedRun(one, container) !== null) : inQuestion),
    [previous, inQuestion, container],
  );
  const feed = useLogFeed(target, chosen, { container, since, previous });
  const states = useStreamStates(feed);
  const known = pods.some(({ name }) => name === pod);

  if (pods.length === 0 && !pod) {
    if (topicState.phase === 'loading') return <Skeleton rows={8} waitingFor="the pods" />;
    if (topicState.phase === 'refused')
      return (
        <Empty kind="not-allowed" title={`Logs take viewer in ${target.project}`}>
          {topicState.message}
        </Empty>
      );
    if (topicState.phase === 'stale')
      return (
        <Empty kind="unreachable" title={`${target.cluster} cannot be asked for the pods now`}>
          {topicState.reason}
        </Empty>
      );
    return (
      <Empty kind="nothing" title="No pods, so no logs">
        They stand here as soon as {target.app} has a pod.
      </Empty>
    );
  }
  const lost = states.flatMap(([name, state]) => (state.phase === 'lost' ? [`${shortPod(name, target)}: ${state.reason}`] : []));
  return (
    <div className="flex h-[calc(100dvh-15rem)] min-h-72 flex-col rounded-panel border bg-surface">
      <LogToolbar feed={feed} target={target} pods={chosen} container={container} since={since} previous={previous}>
        <SelectField
          label="Pods"
          bare
          value={pod}
          onChange={(next) => void setPod(next || null)}
          options={[
            { value: '', label: pods.length > maxStreams ? `newest ${maxStreams} of ${pods.length} pods` : `all ${pods.length} pods` },
            ...(pod && !known ? [{ value: pod, label: `${shortPod(pod, target)} (gone)` }] : []),
            ...pods.map(({ name }) => ({ value: name, label: shortPod(name, target) })),
          ]}
        />
        {containers.length > 1 ? (
          <SelectField
            label="Container"
            bare
            value={container ?? ''}
            onChange={(next) => void setContainer(next || null)}
            options={containers.map((name) => ({ value: name, label: name }))}
          />
        ) : null}
        <SelectField
          label="Since"
          bare
          value={since}
          onChange={(next) => void setSince(next === 'tail' ? null : next)}
          options={sinceOptions}
        />
        <Checkbox label="Previous" checked={previous} onChange={(on) => void setPrevious(on || null)} />
      </LogToolbar>
      {lost.length > 0 ? (
        <p className="border-b bg-stale-tint px-3 py-1 text-stale text-xs" role="status">
          {lost.slice(0, 3).join(' · ')}
          {lost.length > 3 ? ` · and ${lost.length - 3} more` : ''}
          {previous ? '' : '. Trying again.'}
        </p>
      ) : null}
      {previous && chosen.length === 0 && inQuestion.length > 0 ? (
        <p className="border-b px-3 py-1 text-muted text-xs" role="status">
          No run of {target.app} has ended yet, so there is no log before this one.
        </p>
      ) : null}
      {feed ? (
        <Lines key={`${container} ${since} ${previous}`} feed={feed} target={target} single={chosen.length <= 1} pods={pods} />
      ) : null}
    </div>
  );
}

/** The one that was chosen, or the newest that fit. A pod that is gone may still be read for a while. */
function choosePods(pods: readonly PodRow[], pod: string): readonly PodRow[] {
  if (pod) return pods.filter(({ name }) => name === pod);
  return [...pods].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, maxStreams);
}

function Lines({ feed, target, single, pods }: { feed: LogFeed; target: PodTarget; single: boolean; pods: readonly PodRow[] }) {
  const [find, setFind] = useQueryState('find', parseAsString.withDefault(''));
  const [onlyHits, setOnlyHits] = useState(false);
  const [wrap, setWrap] = useState(() => window.innerWidth < 640);
  const [times, setTimes] = useState(() => window.innerWidth >= 640);
  const [hits, setHits] = useState<Hits>({ count: 0, at: 0 });
  const [jump, setJump] = useState<{ step: 1 | -1; round: number }>({ step: -1, round: 0 });
  const go = (step: 1 | -1) => setJump(({ round }) => ({ step, round: round + 1 }));
  useKey('w', () => setWrap(!wrap));
  const [series] = useState(() => new Map<string, number>());
  for (const { name } of pods) if (!series.has(name)) series.set(name, (series.size % 8) + 1);
  const seriesOf = useCallback((pod: string) => series.get(pod) ?? 1, [series]);
  const names = pods.map(({ name }) => name).join(' ');
  const tagOf = useMemo(() => {
    const all = names.split(' ');
    return single ? null : (pod: string) => podTag(pod, target, all);
  }, [single, target, names]);
  const options = useMemo(() => ({ wrap, times, find: find.toLowerCase(), onlyHits }), [wrap, times, find, onlyHits]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      go(event.shiftKey ? 1 : -1);
    }
    if (event.key === 'Escape') void setFind(null);
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5 text-sm max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:whitespace-nowrap max-sm:*:shrink-0">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field goes to the next hit */}
        <div data-filter className="w-56 shrink-0 max-sm:w-40" onKeyDown={onKeyDown}>
          <TextField
            label="Find in the log"
            bare
            type="search"
            value={find}
            onChange={(next) => void setFind(next || null)}
            placeholder="Find  /"
          />
        </div>
        {find ? (
          <>
            <span className="text-muted text-xs tabular-nums" role="status">
              {hits.at > 0 ? `${formatCount(hits.at)} of ${formatCount(hits.count)}` : `${formatCount(hits.count)} lines`}
            </span>
            <Button size="small" variant="quiet" shape="icon" label="Hit above" onClick={() => go(-1)}>
              <ArrowUp size={16} strokeWidth={1.75} aria-hidden />
            </Button>
            <Button size="small" variant="quiet" shape="icon" label="Hit below" onClick={() => go(1)}>
              <ArrowDown size={16} strokeWidth={1.75} aria-hidden />
            </Button>
            <Checkbox label="Only hits" checked={onlyHits} onChange={setOnlyHits} />
          </>
        ) : null}
        <span className="ms-auto flex gap-4">
          <Checkbox label="Wrap" checked={wrap} onChange={setWrap} />
          <Checkbox label="Times" checked={times} onChange={setTimes} />
        </span>
      </div>
      <LogView
        feed={feed}
        options={options}
        tagOf={tagOf}
        seriesOf={seriesOf}
        jump={jump}
        onHits={setHits}
        label={`Log of ${target.app}`}
      />
    </>
  );
}

interface ToolbarProps {
  feed: LogFeed | null;
  target: PodTarget;
  pods: readonly PodRow[];
  container: string | null;
  since: Parameters<typeof logCommand>[1]['since'];
  previous: boolean;
  children: React.ReactNode;
}

function LogToolbar({ feed, target, pods, container, since, previous, children }: ToolbarProps) {
  const text = () => (feed ? logText(linesOf(feed), pods.length > 1) : '');
  const download = () => {
    const url = URL.createObjectURL(new Blob([text()], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${target.app}-${formatClock(Date.now()).replaceAll(':', '')}.log`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  const at = { cluster: target.cluster, namespace: target.namespace };
  return (
    <div className="flex flex-wrap items-center gap-2 border-b px-3 py-1.5 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:whitespace-nowrap max-sm:*:shrink-0">
      {children}
      <span className="ms-auto flex items-center gap-1">
        <CopyButton text={text} label="Copy all lines" />
        <Button size="small" variant="quiet" shape="icon" label="Download what is kept" onClick={download}>
          <Download size={14} strokeWidth={1.75} aria-hidden />
        </Button>
        <AsCommand
          what={`Read the logs of ${target.app}`}
          commands={{ kubectl: pods.map(({ name }) => logCommand({ ...at, pod: name }, { container, since, previous })).join('\n') }}
        />
      </span>
    </div>
  );
}

function* linesOf({ lines }: LogFeed) {
  for (let number = lines.first; number < lines.end; number++) {
    const line = lines.at(number);
    if (line) yield line;
  }
}
