'use client';
import type { AppRow, Project } from '@fairlead/shared';
import Link from 'next/link';
import { useMemo } from 'react';
import { Asked } from '@/components/asked';
import { LinkButton } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { useAsk } from '@/lib/ask';
import { useRows, useTopic } from '@/lib/live/use-live';
import { paths } from '@/lib/paths';
import { isPlatform } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { useMe } from '@/lib/use-me';

/** The projects with how many of their apps are not well. */
export function Projects() {
  const projects = useAsk(routes.listProjects, { query: { limit: 100 } });
  const rows = useRows(useTopic('apps', { project: '_' }));
  const me = useMe();
  const columns = useMemo(() => columnsFor(rows), [rows]);
  return (
    <Panel title="Projects" count={projects.data?.items.length} flush>
      <Asked answer={projects} waitingFor="your projects">
        {({ items }) => (
          <ResourceTable
            label="Projects"
            rows={items}
            keyOf={(project) => project.id}
            columns={columns}
            empty={
              isPlatform(me, 'admin') ? (
                <Empty kind="nothing" title="No projects yet" action={<LinkButton href={paths.projects}>Create a project</LinkButton>}>
                  A project holds the apps and the people of a team. It needs a cluster first.
                </Empty>
              ) : (
                <Empty kind="not-allowed" title="You are in no project yet">
                  Seeing apps takes viewer in a project; its admin or a platform admin can grant it.
                </Empty>
              )
            }
          />
        )}
      </Asked>
    </Panel>
  );
}

function columnsFor(rows: readonly AppRow[]): Column<Project>[] {
  const troubled = (project: Project) =>
    rows.filter((row) => row.projectId === project.id && (row.status?.state === 'failing' || row.status?.state === 'degraded')).length;
  return [
    {
      id: 'name',
      head: 'Project',
      small: 'main',
      sortBy: (project) => project.name,
      cell: (project) => (
        <Link href={paths.apps(project.name)} className="font-medium hover:underline">
          {project.name}
        </Link>
      ),
    },
    { id: 'clusters', head: 'Clusters', cell: (project) => <ClustersOf project={project} /> },
    {
      id: 'apps',
      head: 'Apps',
      align: 'end',
      small: 'side',
      sortBy: (project) => project.apps,
      cell: (project) => <Apps count={project.apps} />,
    },
    {
      id: 'trouble',
      head: 'Not well',
      align: 'end',
      small: 'under',
      sortBy: troubled,
      cell: (project) => {
        const count = troubled(project);
        return count > 0 ? (
          <span className="font-medium text-bad">{count} not well</span>
        ) : (
          <span className="text-muted max-sm:hidden">0</span>
        );
      },
    },
  ];
}

/** The column's head is not there on narrow screens. */
const Apps = ({ count }: { count: number }) => (
  <>
    {count}
    <span className="sm:hidden"> apps</span>
  </>
);

function ClustersOf({ project }: { project: Project }) {
  const names = [...new Set(project.namespaces.map(({ cluster }) => cluster.name))];
  if (names.length === 0) return '–';
  return names.map((name, i) => (
    <span key={name}>
      {i > 0 ? ', ' : ''}
      <ClusterName name={name} />
    </span>
  ));
}
