'use client';
import type { AppRow } from '@fairlead/shared';
import { Anchor, Plus, RotateCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { parseAsString, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { Button, LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { TextField } from '@/components/field';
import { TopicFreshness } from '@/components/freshness';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { ResourceTable } from '@/components/resource-table';
import { Skeleton } from '@/components/skeleton';
import { counted } from '@/lib/format';
import { useKey } from '@/lib/keys';
import type { TopicState } from '@/lib/live/topic-store';
import { useLiveClient, useRows, useTopic, useTopicState } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { allows, lacking, roleIn } from '@/lib/roles';
import { useMe } from '@/lib/use-me';
import { noApps, noneMatch } from '../text';
import { appColumns } from './app-columns';
import { DeletedApps } from './deleted-apps';
import { matchesFilter } from './filter';

/** The apps of a project as the clusters tell them, worst first. */
export function AppsPage({ project }: { project: string }) {
  const router = useRouter();
  const topic = useTopic('apps', { project });
  const state = useTopicState(topic);
  const rows = useRows(topic);
  const role = roleIn(useMe(), project);
  const [filter, setFilter] = useQueryState('q', parseAsString.withDefault(''));
  const byName = useMemo(() => [...rows].sort((a, b) => a.name.localeCompare(b.name)), [rows]);
  const shown = useMemo(() => byName.filter((row) => matchesFilter(row, filter)), [byName, filter]);
  const lacksScale = allows(role, 'apps.scale') ? null : lacking('Scaling', 'apps.scale', project);
  const lacksCreate = allows(role, 'apps.create') ? null : lacking('Deploying', 'apps.create', project);
  const columns = useMemo(() => appColumns(project, rows, lacksScale), [project, rows, lacksScale]);
  useKey('n', lacksCreate ? null : () => router.push(paths.newApp(project)));
  const deploy = (
    <Button key="deploy" variant="primary" keys="n" refused={lacksCreate} onClick={() => router.push(paths.newApp(project))}>
      <Plus size={16} strokeWidth={1.75} aria-hidden />
      Deploy
    </Button>
  );
  const adopt = (
    <LinkButton key="adopt" href={paths.adopt(project)}>
      <Anchor size={16} strokeWidth={1.75} aria-hidden />
      Adopt
    </LinkButton>
  );
  return (
    <>
      <PageHeader title="Apps" context={project} actions={rows.length > 0 ? [adopt, deploy] : null}>
        {rows.length > 0 ? <span className="tabular-nums">{counted(rows.length, 'app')}</span> : null}
        <TopicFreshness state={state} />
      </PageHeader>
      {rows.length > 1 || filter ? (
        <div data-filter className="mb-3 max-w-96">
          <TextField
            label="Filter the apps"
            bare
            type="search"
            value={filter}
            onChange={(next) => void setFilter(next || null)}
            placeholder="Filter: name, state, image, cluster…  /"
          />
        </div>
      ) : null}
      <DeletedApps project={project} apps={rows.length} refused={lacksCreate} />
      <Panel flush>
        <ResourceTable
          label={`Apps of ${project}`}
          rows={shown}
          keyOf={keyOf}
          columns={columns}
          defaultSort="state"
          urlSort
          live
          view={filter}
          stale={state.phase === 'stale'}
          empty={
            rows.length > 0 ? (
              <Empty
                kind="no-match"
                title={noneMatch(rows.length)}
                action={<Button onClick={() => void setFilter(null)}>Clear filter</Button>}
              />
            ) : (
              <NoApps project={project} state={state} acts={[deploy, adopt]} />
            )
          }
        />
      </Panel>
    </>
  );
}

const keyOf = (row: AppRow) => row.key;

function NoApps({ project, state, acts }: { project: string; state: TopicState; acts: React.ReactNode }) {
  const client = useLiveClient();
  switch (state.phase) {
    case 'loading':
      return <Skeleton rows={5} waitingFor="the apps" />;
    case 'refused':
      return (
        <Empty
          kind="not-allowed"
          title={`Seeing apps here takes viewer in ${project}`}
          action={<LinkButton href={paths.projects}>Your projects</LinkButton>}
        >
          {state.message} An admin of the project can grant it.
        </Empty>
      );
    case 'stale':
      return (
        <Empty
          kind="unreachable"
          title="The apps cannot be asked now"
          action={
            <Button onClick={() => client.retryNow()}>
              <RotateCw size={16} strokeWidth={1.75} aria-hidden />
              Try again
            </Button>
          }
        >
          {state.reason ?? 'Fairlead does not answer.'}
        </Empty>
      );
    case 'live':
      return (
        <Empty kind="nothing" title={noApps(project)} action={acts}>
          An image name is enough: you see what will be made before anything is. What already runs in its namespaces can be adopted without
          a restart.
        </Empty>
      );
    default:
      return state satisfies never;
  }
}
