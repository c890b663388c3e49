'use client';
import type { Drill } from '@fairlead/shared';
import { Check, CircleDashed, LoaderCircle } from 'lucide-react';
import { KeyValue } from '@/components/key-value';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';
import { Ago } from '@/lib/time';
import { DrillStrip } from './drill-strip';
import { drillStatus, drillSteps, drillTitles, figures, type Step } from './drill-words';

/** One drill: how far it is while it runs, then what a visitor would have noticed and what to change. */
export function DrillReportPanel({ drill }: { drill: Drill }) {
  const { kind, state, report, reason } = drill;
  return (
    <Panel
      title={drillTitles[kind]}
      actions={
        <span className="flex flex-wrap items-center gap-x-3 text-muted text-xs">
          <StatusWord status={drillStatus(drill)} variant="chip" size="small" />
          <span>
            {drill.startedBy.name}, <Ago at={drill.startedAt} />
          </span>
        </span>
      }
    >
      <div className="flex flex-col gap-4">
        <p role="status" className="text-base">
          {state === 'running'
            ? `${drillSteps(kind, report?.phase ?? 'before').find((step) => step.state === 'now')?.label ?? 'Ends'}…`
            : (report?.verdict ?? reason)}
        </p>
        {state === 'running' ? <Steps steps={drillSteps(kind, report?.phase ?? 'before')} /> : null}
        {report ? (
          <>
            {report.acted ? <p className="break-words text-muted text-sm">{report.acted}</p> : null}
            {report.url ? (
              <p className="break-all text-muted text-sm">
                Asked ten times a second: <span className="font-mono text-xs">{report.url}</span>
              </p>
            ) : null}
            <DrillStrip report={report} />
            <KeyValue
              entries={figures(report).map(([name, value]) => [
                name,
                <span key={name} className="tabular-nums">
                  {value}
                </span>,
              ])}
            />
            {report.failures.length > 0 ? <Failures failures={report.failures} /> : null}
            {state === 'done' ? <Advice advice={report.advice} /> : null}
          </>
        ) : null}
      </div>
    </Panel>
  );
}

const stepIcons = { done: Check, now: LoaderCircle, waits: CircleDashed } as const;
const stepWords = { done: 'done', now: 'now', waits: 'to come' } as const;
const stepTones = { done: 'text-ok', now: 'text-busy', waits: 'text-muted' } as const;

const Steps = ({ steps }: { steps: Step[] }) => (
  <ol className="flex flex-col gap-1 text-sm">
    {steps.map(({ label, state }) => {
      const Icon = stepIcons[state];
      return (
        <li key={label} className={`flex items-center gap-2 ${state === 'waits' ? 'text-muted' : ''}`}>
          <Icon size={16} strokeWidth={1.75} aria-hidden className={`shrink-0 ${stepTones[state]} ${state === 'now' ? 'spin-slow' : ''}`} />
          {label}
          <span className="text-muted text-xs">{stepWords[state]}</span>
        </li>
      );
    })}
  </ol>
);

const Failures = ({ failures }: { failures: { what: string; count: number }[] }) => (
  <section>
    <h3 className="mb-1 font-medium text-sm">How they failed</h3>
    <ul className="text-sm">
      {failures.map(({ what, count }) => (
        <li key={what}>
          {what} <span className="text-muted tabular-nums">×{count}</span>
        </li>
      ))}
    </ul>
  </section>
);

const Advice = ({ advice }: { advice: string[] }) => (
  <section>
    <h3 className="mb-1 font-medium text-sm">What to change</h3>
    {advice.length === 0 ? (
      <p className="text-muted text-sm">Nothing: it bears this.</p>
    ) : (
      <ul className="flex list-disc flex-col gap-1 ps-5 text-sm">
        {advice.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    )}
  </section>
);
