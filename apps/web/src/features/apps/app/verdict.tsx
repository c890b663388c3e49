'use client';
import type { Rollout } from '@fairlead/shared';
import Link from 'next/link';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { Panel } from '@/components/panel';
import { Skeleton } from '@/components/skeleton';
import { StatusWord } from '@/components/status-word';
import { formatDuration } from '@/lib/format';
import { paths } from '@/lib/paths';
import { appStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { CausePanel } from '../cause-panel';
import { RevisionError } from '../revision-error';
import { RollbackDialog } from '../revisions/rollback-dialog';
import { failedWords, servingWords } from '../rollout-steps';
import { hasCrashed, readySentence } from '../text';
import { useApp } from './app-context';

/** What became of the revision that stands. */
function RolloutVerdict({ rollout, word, serves }: { rollout: Rollout; word: string; serves: boolean }) {
  if (rollout.state === 'serving' && serves) return <p className="text-muted text-sm tabular-nums">{servingWords(rollout, word)}.</p>;
  if (rollout.state === 'failed' && serves) return <p className="text-muted text-sm">Its rollout failed: {failedWords(rollout)}</p>;
  return null;
}

/** The first thing on an app's page: that it serves, or one sentence of cause with what to do about it. */
export function Verdict() {
  const { app, row, status, project, ref, state, lacks } = useApp();
  const [rollingBack, setRollingBack] = useState<number | null>(null);
  if (!row)
    return <Panel title="State">{state.phase === 'refused' ? state.message : <Skeleton rows={2} waitingFor={app.cluster.name} />}</Panel>;
  const troubled = status?.cause && status.state !== 'serving';
  const failed = row.revisionState === 'failed' || row.revisionState === 'interrupted';
  const rollout = status?.rollout;
  const took = rollout?.endedAt ? Date.parse(rollout.endedAt) - Date.parse(rollout.startedAt) : null;
  return (
    <Panel title="State">
      <div className="flex flex-col gap-3">
        {failed ? <RevisionError project={project} app={app.id} revision={row.revision} /> : null}
        {status?.cause ? (
          <CausePanel cause={status.cause} state={status.state} />
        ) : (
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-base">
            <StatusWord status={appStatus(status)} size="large" />
            <span>
              {status?.state === 'unknown' && !status.replicas
                ? 'The cluster says nothing of it.'
                : app.workload?.kind === 'CronJob'
                  ? 'Its runs stand below.'
                  : readySentence(status?.replicas)}
            </span>
          </p>
        )}
        {status?.cause ? <p className="text-muted text-sm">{readySentence(status.replicas)}</p> : null}
        <p className="text-muted text-sm">
          Revision {row.revision} by {row.changedBy}, <Ago at={row.changedAt} frozen={state.phase === 'stale' ? state.since : undefined} />
          {!row.rollout && rollout?.state === 'done' && took !== null && took >= 0 ? `; rolled out in ${formatDuration(took)}` : null}.
        </p>
        {row.rollout ? <RolloutVerdict rollout={row.rollout} word={appStatus(status).word} serves={status?.state === 'serving'} /> : null}
        {troubled || failed ? (
          <div className="flex flex-wrap gap-2">
            {app.lastServed !== null ? (
              <Button variant="primary" refused={lacks('Rolling back', 'apps.rollback')} onClick={() => setRollingBack(app.lastServed)}>
                Roll back to {app.lastServed}, which served…
              </Button>
            ) : null}
            {hasCrashed(status?.cause) ? (
              <LinkButton href={`${paths.logs(project, ref)}?previous=true`}>Last crash's log</LinkButton>
            ) : (
              <LinkButton href={paths.logs(project, ref)}>Logs</LinkButton>
            )}
            <LinkButton href={`${paths.app(project, ref)}/settings`}>Edit</LinkButton>
          </div>
        ) : null}
        {rollingBack === null ? null : <RollbackDialog revision={rollingBack} onClose={() => setRollingBack(null)} />}
        {state.phase === 'stale' ? (
          <p className="text-stale text-sm">
            What stands here may be behind{state.reason ? `: ${state.reason}` : ''}.{' '}
            <Link href={paths.cluster(app.cluster.name)} className="underline">
              <ClusterName name={app.cluster.name} />
            </Link>
          </p>
        ) : null}
      </div>
    </Panel>
  );
}
