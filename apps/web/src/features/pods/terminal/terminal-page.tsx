'use client';
import type { PodRow } from '@fairlead/shared';
import { CircleDot, LoaderCircle, RotateCw, Unplug } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { useCallback, useMemo, useState } from 'react';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { Empty } from '@/components/empty';
import { SelectField } from '@/components/field';
import { Skeleton } from '@/components/skeleton';
import type { ShellState } from '@/components/terminal/shell-session';
import { useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { allows, permissions, roleIn } from '@/lib/roles';
import { useMe } from '@/lib/use-me';
import { type PodTarget, shortPod } from '../target';
import { execCommand, execPath, isShell, shells } from './shells';

const TerminalPane = dynamic(() => import('@/components/terminal/terminal-pane').then((module) => module.TerminalPane), {
  ssr: false,
  loading: () => <Skeleton rows={6} waitingFor="the terminal" />,
});

/** A shell in one of the app's pods: the newest that is ready, unless another is chosen. */
export function TerminalPage({ target }: { target: PodTarget }) {
  const me = useMe();
  const topic = useTopic('pods', { app: target.appId });
  const topicState = useTopicState(topic);
  const pods = useRows(topic);
  const role = roleIn(me, target.project);
  if (me && !allows(role, 'pods.exec')) {
    return (
      <Empty kind="not-allowed" title={`A shell takes ${permissions['pods.exec']} in ${target.project}`}>
        {role ? `You are ${role} there. ` : 'You have no role there. '}An admin of the project can give it.
      </Empty>
    );
  }
  const live = pods.filter((pod) => pod.deletingSince === null && pod.containers.some(({ state }) => state === 'running'));
  if (pods.length === 0 || live.length === 0) {
    if (topicState.phase === 'loading') return <Skeleton rows={6} waitingFor="the pods" />;
    if (topicState.phase === 'stale')
      return (
        <Empty kind="unreachable" title={`${target.cluster} cannot be asked for the pods now`}>
          {topicState.reason}
        </Empty>
      );
    if (topicState.phase === 'refused')
      return (
        <Empty kind="not-allowed" title="Seeing the pods is not allowed">
          {topicState.message}
        </Empty>
      );
    if (pods.length === 0)
      return (
        <Empty kind="nothing" title="No pod to open a shell in">
          Give {target.app} a size above 0 first.
        </Empty>
      );
  }
  return <Shells target={target} pods={live.length > 0 ? live : pods} who={me?.displayName ?? me?.name ?? 'you'} />;
}

const newestReady = (pods: readonly PodRow[]): PodRow | undefined =>
  [...pods].sort((a, b) => Number(b.ready) - Number(a.ready) || b.createdAt.localeCompare(a.createdAt))[0];

function Shells({ target, pods, who }: { target: PodTarget; pods: readonly PodRow[]; who: string }) {
  const [podName, setPod] = useQueryState('pod', parseAsString);
  const [containerName, setContainer] = useQueryState('container', parseAsString);
  const [shellName, setShell] = useQueryState('shell', parseAsString.withDefault('auto'));
  const shell = isShell(shellName) ? shellName : 'auto';
  // Chosen once: another pod that becomes ready must not take the shell away.
  const [first] = useState(() => newestReady(pods)?.name ?? '');
  const pod = podName ?? first;
  const containers = pods.find(({ name }) => name === pod)?.containers.map(({ name }) => name) ?? [];
  const container = containerName ?? (containers.length > 1 ? (containers[0] ?? null) : null);
  const [round, setRound] = useState(0);
  const [state, setState] = useState<ShellState>({ phase: 'connecting' });
  const place = useMemo(
    () => ({ cluster: target.cluster, namespace: target.namespace, pod, container }),
    [target.cluster, target.namespace, pod, container],
  );
  const path = execPath(place, shell);
  const again = useCallback(() => {
    setState({ phase: 'connecting' });
    setRound((old) => old + 1);
  }, []);
  const known = pods.some(({ name }) => name === pod);
  return (
    <div className="flex h-[calc(100dvh-15rem)] min-h-96 flex-col rounded-panel border bg-surface" data-region>
      <div className="flex flex-wrap items-center gap-2 border-b px-3 py-1.5">
        <SelectField
          label="Pod"
          bare
          value={pod}
          onChange={(next) => void setPod(next)}
          options={[
            ...(known ? [] : [{ value: pod, label: `${shortPod(pod, target)} (gone)` }]),
            ...pods.map(({ name, ready }) => ({ value: name, label: `${shortPod(name, target)}${ready ? '' : ' (not ready)'}` })),
          ]}
        />
        {containers.length > 1 ? (
          <SelectField
            label="Container"
            bare
            value={container ?? ''}
            onChange={(next) => void setContainer(next)}
            options={containers.map((name) => ({ value: name, label: name }))}
          />
        ) : null}
        <SelectField label="Shell" bare value={shell} onChange={(next) => void setShell(next === 'auto' ? null : next)} options={shells} />
        <Button size="small" onClick={again}>
          <RotateCw size={14} strokeWidth={1.75} aria-hidden />
          New shell
        </Button>
        <span className="ms-auto">
          <AsCommand what={`A shell in ${pod}`} commands={{ kubectl: execCommand(place, shell) }} />
        </span>
      </div>
      <p className="border-b px-3 py-1 text-muted text-xs">
        Opened as {who}. That you open it, where and how long stands in the audit log; what you type is not recorded.{' '}
        <kbd className="font-mono">F6</kbd> leaves the terminal.
      </p>
      <TerminalPane key={`${path} ${round}`} path={path} label={`Shell in ${pod}`} onState={setState} />
      <StatusLine state={state} place={[pod, container].filter(Boolean).join(' · ')} onAgain={again} />
    </div>
  );
}

function StatusLine({ state, place, onAgain }: { state: ShellState; place: string; onAgain: () => void }) {
  const word = stateWord(state);
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t px-3 py-1 text-xs">
      <span className={`inline-flex items-center gap-1.5 font-medium ${word.tone}`}>
        <word.Icon size={14} strokeWidth={1.75} aria-hidden className={state.phase === 'connecting' ? 'spin-slow' : ''} />
        {word.text}
      </span>
      <span className="min-w-0 truncate font-mono text-muted">{place}</span>
      {state.phase === 'ended' || state.phase === 'lost' ? (
        <span className="ms-auto flex items-center gap-2">
          Keys are not sent.
          <Button size="small" variant="primary" onClick={onAgain}>
            New shell
          </Button>
        </span>
      ) : null}
    </div>
  );
}

function stateWord(state: ShellState) {
  switch (state.phase) {
    case 'connecting':
      return { Icon: LoaderCircle, tone: 'text-busy', text: 'connecting' };
    case 'live':
      return { Icon: CircleDot, tone: 'text-ok', text: 'live' };
    case 'ended':
      return { Icon: Unplug, tone: 'text-idle', text: `ended: ${state.ending.message}` };
    case 'lost':
      return { Icon: Unplug, tone: 'text-stale', text: state.reason };
    default:
      return state satisfies never;
  }
}
