'use client';
import type { Run } from '@fairlead/shared';
import dynamic from 'next/dynamic';
import { useCallback, useState } from 'react';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { Skeleton } from '@/components/skeleton';
import type { ShellState } from '@/components/terminal/shell-session';
import { podSocketPath } from '@/lib/pod-socket';
import { useApp } from '../app/app-context';
import { kubectl } from '../commands';

const TerminalPane = dynamic(() => import('@/components/terminal/terminal-pane').then((module) => module.TerminalPane), {
  ssr: false,
  loading: () => <Skeleton rows={6} waitingFor="the terminal" />,
});

/** The terminal of an interactive run: attached to its one process, which goes on while the page is loaded again. */
export function RunTerminal({ run, pod }: { run: Run; pod: string }) {
  const { app } = useApp();
  const [state, setState] = useState<ShellState>({ phase: 'connecting' });
  const [round, setRound] = useState(0);
  const again = useCallback(() => {
    setState({ phase: 'connecting' });
    setRound((old) => old + 1);
  }, []);
  const at = { cluster: app.cluster.name, namespace: app.namespace };
  const path = podSocketPath({ ...at, pod }, 'attach', [
    ['stdin', 'true'],
    ['stdout', 'true'],
    ['tty', 'true'],
    ['container', run.container],
  ]);
  const over = state.phase === 'ended' || state.phase === 'lost';
  return (
    <section aria-label="Terminal" className="flex h-[60dvh] min-h-80 flex-col rounded-panel border bg-surface" data-region>
      <div className="flex flex-wrap items-center gap-2 border-b px-3 py-1">
        <p className="min-w-48 flex-1 text-muted text-xs">
          No prompt? Press Enter. The pod goes 20 s after this page is left. <kbd className="font-mono">F6</kbd> leaves the terminal.
        </p>
        <AsCommand what={`Attach to ${pod}`} commands={{ kubectl: kubectl(at, 'attach', '-it', pod, '-c', run.container) }} />
      </div>
      <TerminalPane key={`${path} ${round}`} path={path} label={`Terminal in ${pod}`} onState={setState} />
      <div role="status" className="flex flex-wrap items-center gap-3 border-t px-3 py-1 text-xs">
        <span className="font-medium">{words(state)}</span>
        {over ? (
          <span className="ms-auto">
            <Button size="small" variant="primary" onClick={again}>
              Attach again
            </Button>
          </span>
        ) : null}
      </div>
    </section>
  );
}

function words(state: ShellState): string {
  switch (state.phase) {
    case 'connecting':
      return 'connecting';
    case 'live':
      return 'live';
    case 'ended':
      return `ended: ${state.ending.message}`;
    case 'lost':
      return state.reason;
    default:
      return state satisfies never;
  }
}
