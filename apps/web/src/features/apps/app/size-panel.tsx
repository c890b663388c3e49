'use client';
import { Minus, Plus } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { AsCommand } from '@/components/as-command';
import { Button } from '@/components/button';
import { Panel } from '@/components/panel';
import { formatCount } from '@/lib/format';
import { useKey } from '@/lib/keys';
import { paths } from '@/lib/paths';
import { scaleCommands } from '../commands';
import { DecidePanel } from '../conflicts/decide-panel';
import { useScale } from '../use-scale';
import { useApp } from './app-context';
import { commandTarget } from './command-target';

const restMs = 700;

/** wanted [−] 5 [+], ready 3. Clicks gather for a moment, so that +, + asks once. What was asked stands apart until the cluster shows it. */
export function SizePanel() {
  const { app, row, status, project, lacks } = useApp();
  const { wish, asked, late, error, scale } = useScale(row, { project, app: app.id, name: app.name });
  const [draft, setDraft] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const replicas = status?.replicas ?? null;
  const wanted = replicas?.wanted ?? null;
  const refused = app.workload ? lacks('Scaling', 'apps.scale') : 'No single workload to scale';
  const value = draft !== null && /^\d{1,4}$/.test(draft) && Number(draft) <= 1000 ? Number(draft) : null;
  useKey('s', refused ? null : () => input.current?.select());

  const ask = (next: number | null) => {
    setDraft(null);
    if (next !== null && next !== (asked?.replicas ?? wanted)) void scale(next); // a failure comes back as `error`
  };
  const resting = useResting(value, ask);
  const step = (by: number) => {
    const from = value ?? asked?.replicas ?? wanted ?? 0;
    const next = Math.min(1000, Math.max(0, from + by));
    setDraft(String(next));
    resting.restart();
  };
  const shown = draft ?? String(asked?.replicas ?? wanted ?? '');
  return (
    <Panel
      title="Size"
      actions={
        wanted === null ? null : (
          <AsCommand commands={scaleCommands(commandTarget(app), value ?? asked?.replicas ?? wanted)} what={`Scale ${app.name}`} />
        )
      }
    >
      <div className="flex flex-wrap items-end gap-x-8 gap-y-3">
        <div>
          <p className="mb-1 text-muted text-xs">wanted</p>
          <form
            className="flex items-center gap-1"
            onSubmit={(event) => {
              event.preventDefault();
              resting.stop();
              ask(value);
            }}
          >
            <Button shape="icon" label="One fewer" refused={refused} onClick={() => step(-1)}>
              <Minus size={16} strokeWidth={1.75} aria-hidden />
            </Button>
            <input
              ref={input}
              aria-label="Wanted size"
              inputMode="numeric"
              value={shown}
              readOnly={Boolean(refused)}
              aria-invalid={(draft !== null && value === null) || undefined}
              onFocus={(event) => event.target.select()}
              onChange={(event) => {
                resting.stop();
                setDraft(event.target.value);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Escape') {
                  resting.stop();
                  setDraft(null);
                }
              }}
              onBlur={() => {
                if (!resting.running()) setDraft(null);
              }}
              className="h-10 w-20 rounded-control border border-edge bg-surface text-center font-medium text-xl tabular-nums aria-invalid:border-bad-solid"
            />
            <Button shape="icon" label="One more" refused={refused} onClick={() => step(1)}>
              <Plus size={16} strokeWidth={1.75} aria-hidden />
            </Button>
          </form>
        </div>
        <div>
          <p className="mb-1 text-muted text-xs">ready</p>
          <p className="flex h-10 items-center font-medium text-xl tabular-nums" data-testid="ready">
            {formatCount(replicas?.ready)}
          </p>
        </div>
        <p aria-live="polite" className={`min-w-0 flex-1 basis-24 self-center text-sm ${late ? 'text-warn' : 'text-busy'}`}>
          {value !== null && draft !== null ? (
            <span className="text-muted">{value} · Enter asks</span>
          ) : asked ? (
            <>
              Asked {asked.replicas}, the cluster says {formatCount(wanted)}
              {late ? ': not confirmed yet. ' : '…'}
              {late && asked.auditId ? (
                <Link href={paths.auditEntry(asked.auditId)} className="text-link underline">
                  Audit entry
                </Link>
              ) : null}
            </>
          ) : null}
        </p>
      </div>
      {app.spec.kind === 'image' && app.spec.autoscaling && app.spec.replicas > 0 ? (
        <p className="mt-3 text-muted text-sm">
          An autoscaler keeps it between {app.spec.autoscaling.minReplicas} and {app.spec.autoscaling.maxReplicas}
          {app.spec.autoscaling.cpuPercent === undefined ? '' : `, at ${app.spec.autoscaling.cpuPercent} % of the CPU asked`}. A size asked
          here becomes the lower bound; 0 lets it sleep.
        </p>
      ) : null}
      {error ? <DecidePanel key={wish} error={error} act={`Scale to ${wish}`} onAct={(choices) => void scale(wish, choices)} /> : null}
    </Panel>
  );
}

/** Calls `act` when clicks have rested. */
function useResting(value: number | null, act: (value: number | null) => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef({ value, act });
  useEffect(() => {
    latest.current = { value, act };
  });
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );
  const stop = () => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
  };
  return {
    running: () => timer.current !== null,
    stop,
    restart: () => {
      stop();
      timer.current = setTimeout(() => {
        timer.current = null;
        latest.current.act(latest.current.value);
      }, restMs);
    },
  };
}
