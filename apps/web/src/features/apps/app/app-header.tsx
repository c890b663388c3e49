'use client';
import { ExternalLink, MoreHorizontal, PackagePlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button, LinkButton } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { TopicFreshness } from '@/components/freshness';
import { Menu } from '@/components/menu';
import { PageHeader } from '@/components/page-header';
import { StatusWord } from '@/components/status-word';
import { LinkTabs } from '@/components/tabs';
import { middle } from '@/lib/format';
import { useKey } from '@/lib/keys';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import { appStatus } from '@/lib/status';
import { isWebAddress } from '../address';
import { SleepDialog } from '../sleep/sleep-dialog';
import { useRevising } from '../use-revising';
import { useApp } from './app-context';
import { DeleteAppDialog } from './delete-app-dialog';
import { ExportDialog } from './export-dialog';
import { NewVersionDialog } from './new-version-dialog';
import { RestartDialog } from './restart-dialog';

export function AppHeader() {
  const { app, row, status, state, project, ref, lacks } = useApp();
  const router = useRouter();
  const [open, setOpen] = useState<'version' | 'restart' | 'sleep' | 'export' | 'delete' | null>(null);
  const shown = appStatus(status);
  const scheduled = app.workload?.kind === 'CronJob';
  const wake = useRevising(routes.wakeApp, 'wakes');
  const lacksSleep =
    lacks('Putting it to sleep', 'apps.scale') ??
    (scheduled ? 'It runs by a schedule: suspend that instead' : app.workload ? null : 'No single workload to put to sleep');
  const lacksChange = lacks('Changing it', 'apps.change');
  const pages = {
    overview: paths.app(project, ref),
    logs: paths.logs(project, ref),
    terminal: paths.terminal(project, ref),
    revisions: paths.revisions(project, ref),
    runs: paths.runs(project, ref),
    network: paths.network(project, ref),
    resilience: paths.resilience(project, ref),
    settings: `${paths.app(project, ref)}/settings`,
  };
  useKey('l', () => router.push(pages.logs));
  useKey('t', () => router.push(pages.terminal));
  useKey('r', () => router.push(`${pages.revisions}${app.lastServed === null ? '' : `?to=${app.lastServed}`}`));
  const close = () => setOpen(null);
  const address = status?.address && isWebAddress(status.address) ? status.address : null;
  const image = status?.images[0];
  return (
    <>
      <PageHeader
        title={app.name}
        context={app.project.name}
        stateWord={row ? shown.word : undefined}
        state={row ? <StatusWord status={shown} variant="chip" /> : <span className="text-muted text-sm">not heard yet</span>}
        actions={
          <>
            {address ? (
              <LinkButton href={address} external>
                <ExternalLink size={16} strokeWidth={1.75} aria-hidden />
                Visit
              </LinkButton>
            ) : null}
            <Button onClick={() => setOpen('version')} refused={app.workload ? lacksChange : 'No single workload to give an image'}>
              <PackagePlus size={16} strokeWidth={1.75} aria-hidden />
              New version
            </Button>
            <Menu
              trigger={
                <Button shape="icon" label="More acts">
                  <MoreHorizontal size={16} strokeWidth={1.75} aria-hidden />
                </Button>
              }
              entries={[
                { label: 'Restart…', onSelect: () => setOpen('restart'), refused: lacksChange },
                app.asleep
                  ? { label: 'Wake', onSelect: () => wake.run(), refused: lacksSleep }
                  : { label: 'Put to sleep…', onSelect: () => setOpen('sleep'), refused: lacksSleep },
                { label: 'Run a command…', href: pages.runs },
                { label: 'Roll back…', href: pages.revisions, keys: 'R' },
                { label: 'Edit', href: pages.settings },
                { label: 'Export as YAML', onSelect: () => setOpen('export') },
                null,
                {
                  label: `Delete ${app.name}…`,
                  danger: true,
                  onSelect: () => setOpen('delete'),
                  refused: lacks('Deleting it', 'apps.delete'),
                },
              ]}
            />
          </>
        }
      >
        <span className="tabular-nums">rev {row?.revision ?? app.revision.number}</span>
        {image ? (
          <span className="font-mono text-xs" title={image}>
            {middle(image, 48)}
          </span>
        ) : null}
        <span>
          <ClusterName name={app.cluster.name} /> / {app.namespace}
        </span>
        <TopicFreshness state={state} />
      </PageHeader>
      <div className="mb-4">
        <LinkTabs
          label={`Pages of ${app.name}`}
          tabs={[
            { href: pages.overview, label: 'Overview', exact: true },
            { href: pages.logs, label: 'Logs' },
            { href: pages.terminal, label: 'Terminal' },
            { href: pages.runs, label: 'Runs' },
            { href: pages.revisions, label: 'Revisions' },
            { href: pages.network, label: 'Network' },
            { href: pages.resilience, label: 'Resilience' },
            { href: pages.settings, label: 'Settings' },
          ]}
        />
      </div>
      {open === 'version' ? <NewVersionDialog onClose={close} /> : null}
      {open === 'sleep' ? <SleepDialog onClose={close} /> : null}
      {open === 'restart' ? <RestartDialog onClose={close} /> : null}
      {open === 'export' ? <ExportDialog onClose={close} /> : null}
      {open === 'delete' ? (
        <DeleteAppDialog app={app} project={project} onClose={close} onDeleted={() => router.push(paths.apps(project))} />
      ) : null}
    </>
  );
}
