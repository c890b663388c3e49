'use client';
import type { Cluster, ClusterDetail } from '@fairlead/shared';
import { Download, RefreshCw, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { Simulated } from '@/components/cluster-name';
import { ErrorBox } from '@/components/error-box';
import { TopicFreshness } from '@/components/freshness';
import { KeyValue } from '@/components/key-value';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';
import { useAct, useAsk, useRefresh } from '@/lib/ask';
import { formatDuration } from '@/lib/format';
import { useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { isPlatform } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { checkStatus, clusterStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { useMe } from '@/lib/use-me';
import { KubeconfigDialog } from './kubeconfig-dialog';
import { Nodes } from './nodes';
import { RemoveClusterDialog } from './remove-cluster-dialog';

/** One cluster: how it is (told), and what it is made of (asked, again whenever its state changes). */
export function ClusterPage({ name }: { name: string }) {
  const topic = useTopic('clusters', {});
  const told = useRows(topic).find(({ cluster }) => cluster.name === name || cluster.id === name)?.cluster;
  const answer = useAsk(routes.getCluster, { params: { cluster: name } });
  const cluster = told ?? answer.data;
  const refresh = useRefresh();
  const state = told ? `${told.state} ${told.nodes?.ready}/${told.nodes?.total}` : null;
  const seen = useRef(state);
  useEffect(() => {
    // A row that goes away is a cluster that was removed: there is nothing to ask for.
    if (seen.current !== null && state !== null && state !== seen.current) refresh(routes.getCluster);
    seen.current = state;
  }, [state, refresh]);
  const status = cluster ? clusterStatus(cluster) : null;
  return (
    <>
      <PageHeader
        title={name}
        stateWord={status?.word}
        context="Clusters"
        state={status ? <StatusWord status={status} variant="chip" /> : null}
        actions={cluster ? <Acts cluster={cluster} /> : null}
      >
        {cluster?.simulated ? <Simulated /> : null}
        <TopicFreshness state={useTopicState(topic)} />
      </PageHeader>
      {cluster ? <Trouble cluster={cluster} /> : null}
      <Asked answer={answer} waitingFor={name}>
        {(detail) => <Detail cluster={cluster ?? detail} detail={detail} />}
      </Asked>
    </>
  );
}

/** Why it is not ready, where the name stands. */
function Trouble({ cluster }: { cluster: Cluster }) {
  if (cluster.state === 'ready' || cluster.state === 'connecting') return null;
  return (
    <div className="mb-4 rounded-panel border border-stale-solid bg-stale-tint px-3 py-2.5 text-sm">
      <p className="font-medium">
        {cluster.name} {cluster.state === 'refused' ? 'refuses Fairlead' : 'does not answer'}
        {cluster.reason ? `: ${cluster.reason}` : null}
      </p>
      <p className="text-muted text-xs">
        since <Ago at={cluster.since} />
        {cluster.lastContactAt ? (
          <>
            {' '}
            · last contact <Ago at={cluster.lastContactAt} />
          </>
        ) : (
          ' · it has never answered'
        )}
        . What is shown below is what was last known; other clusters are not affected.
      </p>
    </div>
  );
}

function Acts({ cluster }: { cluster: Cluster }) {
  const mayManage = isPlatform(useMe(), 'admin');
  const check = useAct(routes.checkCluster, [routes.getCluster]);
  const [open, setOpen] = useState<'kubeconfig' | 'remove' | null>(null);
  const refused = mayManage ? null : 'This takes platform admin';
  return (
    <>
      <Button variant="primary" onClick={() => setOpen('kubeconfig')}>
        <Download size={16} strokeWidth={1.75} aria-hidden />
        Kubeconfig
      </Button>
      <Button refused={refused} busy={check.isPending} onClick={() => check.mutate({ params: { cluster: cluster.name } })}>
        <RefreshCw size={16} strokeWidth={1.75} aria-hidden />
        Check now
      </Button>
      <Button refused={refused} onClick={() => setOpen('remove')}>
        <Trash2 size={16} strokeWidth={1.75} aria-hidden />
        Remove…
      </Button>
      {check.error ? (
        <div className="w-full">
          <ErrorBox error={check.error} />
        </div>
      ) : null}
      <KubeconfigDialog cluster={cluster.name} open={open === 'kubeconfig'} onClose={() => setOpen(null)} />
      {open === 'remove' ? <RemoveClusterDialog cluster={cluster} onClose={() => setOpen(null)} /> : null}
    </>
  );
}

function Detail({ cluster, detail }: { cluster: Cluster; detail: ClusterDetail }) {
  return (
    <div className="grid items-start gap-4 wide:grid-cols-[1fr_22rem]">
      <div className="flex min-w-0 flex-col gap-4">
        <Nodes cluster={cluster} nodes={detail.nodeList} />
        {detail.accounts ? <Accounts accounts={detail.accounts} /> : null}
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Cluster">
          <KeyValue
            entries={[
              [
                'Version',
                <span key="v" className="font-mono text-xs">
                  {cluster.version ?? '–'}
                </span>,
              ],
              ['Nodes ready', cluster.nodes ? `${cluster.nodes.ready} of ${cluster.nodes.total}` : '–'],
              ['Answers in', formatDuration(cluster.latencyMs)],
              ['Last contact', cluster.lastContactAt ? <Ago key="c" at={cluster.lastContactAt} /> : 'never'],
              ...(cluster.server
                ? [
                    [
                      'Server',
                      <span key="s" className="break-all font-mono text-xs">
                        {cluster.server}
                      </span>,
                    ] as [string, React.ReactNode],
                  ]
                : []),
              ['Added', <Ago key="a" at={cluster.createdAt} />],
            ]}
          />
        </Panel>
        <Panel title="Projects here" count={detail.projects.length}>
          {detail.projects.length === 0 ? (
            <p className="text-muted text-sm">None that you may see.</p>
          ) : (
            <ul className="flex flex-col gap-1.5 text-sm">
              {detail.projects.map((project) => (
                <li key={project.id} className="flex flex-wrap items-baseline gap-x-3">
                  <Link href={paths.apps(project.name)} className="font-medium hover:underline">
                    {project.name}
                  </Link>
                  <span className="font-mono text-muted text-xs">{project.namespaces.join(', ')}</span>
                </li>
              ))}
            </ul>
          )}
        </Panel>
      </div>
    </div>
  );
}

function Accounts({ accounts }: { accounts: NonNullable<ClusterDetail['accounts']> }) {
  const outdated = accounts.version < accounts.wanted;
  return (
    <Panel
      title="Fairlead's own accounts"
      flush
      actions={
        <span className="text-muted text-xs">
          {outdated ? `version ${accounts.version} of ${accounts.wanted}` : `version ${accounts.version}`}
        </span>
      }
    >
      {outdated ? (
        <p className="border-b bg-warn-tint px-3 py-2 text-sm">
          This release needs more than version {accounts.version} gives. Everything from before goes on; add the cluster again to bring them
          up to version {accounts.wanted}.
        </p>
      ) : null}
      {accounts.checks.length === 0 ? (
        <p className="px-3 py-4 text-muted text-sm">Not checked since Fairlead started. “Check now” does it.</p>
      ) : (
        <ul>
          {accounts.checks.map((check) => (
            <li key={check.name} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-3 py-2 text-sm last:border-b-0">
              <div className="min-w-0 flex-1">
                <p className="first-letter:uppercase">{check.name}</p>
                <p className="break-words text-muted text-xs first-letter:uppercase">{check.message}</p>
              </div>
              <StatusWord status={checkStatus(check.ok)} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
