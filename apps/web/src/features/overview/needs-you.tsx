'use client';
import type { AppRow, ClusterRow, Me } from '@fairlead/shared';
import { KeyRound } from 'lucide-react';
import Link from 'next/link';
import { LinkButton } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { TopicFreshness } from '@/components/freshness';
import { Panel } from '@/components/panel';
import { Skeleton } from '@/components/skeleton';
import { StatusWord } from '@/components/status-word';
import { appRef } from '@/lib/app-ref';
import { useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { appSeverity, appStatus, clusterStatus } from '@/lib/status';
import { Ago, Until, useNow } from '@/lib/time';
import { useMe } from '@/lib/use-me';

const soonMs = 24 * 3_600_000;

/** Failing and degraded apps, clusters that are away, grants that end within a day. */
export function NeedsYou() {
  const me = useMe();
  const appsTopic = useTopic('apps', { project: '_' });
  const clustersTopic = useTopic('clusters', {});
  const state = useTopicState(appsTopic);
  const clustersState = useTopicState(clustersTopic);
  const rows = useRows(appsTopic);
  const apps = rows.filter(isTroubled).sort(worstFirst);
  const clusters = useRows(clustersTopic).filter(({ cluster }) => cluster.state === 'unreachable' || cluster.state === 'refused');
  const now = useNow(0);
  const grants = endingGrants(me, now);
  const count = apps.length + clusters.length + grants.length;
  const waiting = state.phase === 'loading' || clustersState.phase === 'loading';
  const refused = [state, clustersState].find((one) => one.phase === 'refused');
  return (
    <Panel title="Needs you" count={count} flush actions={<TopicFreshness state={state} />}>
      {waiting && count === 0 ? (
        <Skeleton rows={2} waitingFor="the state of the apps" />
      ) : count === 0 ? (
        <p className="px-3 py-4 text-muted text-sm">
          {refused
            ? `This cannot be said: ${refused.message}`
            : 'Nothing: no app that you may see is failing or degraded, and every cluster answers.'}
        </p>
      ) : (
        <ul>
          {clusters.map((row) => (
            <ClusterItem key={row.key} row={row} />
          ))}
          {apps.map((row) => (
            <AppItem key={row.key} row={row} href={paths.app(row.project, appRef(row, rows))} />
          ))}
          {grants.map((grant) => (
            <li key={grant.project.id} className={line}>
              <span className="inline-flex items-center gap-1.5 text-sm text-warn">
                <KeyRound size={16} strokeWidth={1.75} aria-hidden />
                Ends <Until at={grant.expiresAt} />
              </span>
              <span className="min-w-0 flex-1 text-sm">
                Your grant {grant.role} in{' '}
                <Link href={paths.members(grant.project.name)} className="text-link underline underline-offset-2">
                  {grant.project.name}
                </Link>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const line = 'flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-3 py-2 last:border-b-0';

function AppItem({ row, href }: { row: AppRow; href: string }) {
  const cause = row.status?.cause;
  return (
    <li className={line}>
      <span className="w-28 shrink-0">
        <StatusWord status={appStatus(row.status)} />
      </span>
      <span className="min-w-0 sm:w-56">
        <Link href={href} className="font-medium hover:underline">
          {row.name}
        </Link>
        <span className="ms-2 text-muted text-xs">
          {row.project} · <ClusterName name={row.cluster} />
        </span>
      </span>
      <span className="min-w-0 flex-1 basis-60 break-words text-sm">
        {cause?.sentence ?? replicasSentence(row)}
        {cause?.since ? (
          <span className="ms-2 text-muted text-xs">
            <Ago at={cause.since} />
          </span>
        ) : null}
      </span>
      <LinkButton href={href} size="small">
        Open
      </LinkButton>
    </li>
  );
}

function ClusterItem({ row: { cluster } }: { row: ClusterRow }) {
  return (
    <li className={line}>
      <span className="w-28 shrink-0">
        <StatusWord status={clusterStatus(cluster)} />
      </span>
      <span className="min-w-0 sm:w-56">
        <Link href={paths.cluster(cluster.name)} className="font-medium hover:underline">
          <ClusterName name={cluster.name} />
        </Link>
        <span className="ms-2 text-muted text-xs">cluster</span>
      </span>
      <span className="min-w-0 flex-1 basis-60 break-words text-sm">
        {cluster.reason ?? 'It gave no reason.'}
        <span className="ms-2 text-muted text-xs">
          since <Ago at={cluster.since} />
        </span>
      </span>
      <LinkButton href={paths.cluster(cluster.name)} size="small">
        Open
      </LinkButton>
    </li>
  );
}

const isTroubled = (row: AppRow) =>
  row.status?.state === 'failing' ||
  row.status?.state === 'degraded' ||
  row.revisionState === 'failed' ||
  row.revisionState === 'interrupted';

const worstFirst = (a: AppRow, b: AppRow) => appSeverity(a.status) - appSeverity(b.status) || a.name.localeCompare(b.name);

function replicasSentence(row: AppRow): string {
  if (row.revisionState === 'failed') return `Revision ${row.revision} was refused.`;
  if (row.revisionState === 'interrupted') return `Revision ${row.revision} was cut off in the middle.`;
  const replicas = row.status?.replicas;
  return replicas ? `${replicas.ready} of ${replicas.wanted} ready.` : 'The cluster names no cause.';
}

function endingGrants(me: Me | undefined, now: number) {
  return (me?.grants ?? []).filter(({ expiresAt }) => expiresAt !== null && now > 0 && Date.parse(expiresAt) - now < soonMs);
}
