'use client';
import type { Project } from '@fairlead/shared';
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { Empty } from '@/components/empty';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { useAsk } from '@/lib/ask';
import { useKey } from '@/lib/keys';
import { paths } from '@/lib/paths';
import { isPlatform } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { Ago } from '@/lib/time';
import { useMe } from '@/lib/use-me';
import { CreateProjectDialog } from './create-project-dialog';

export function ProjectsPage() {
  const projects = useAsk(routes.listProjects, { query: { limit: 500 } });
  const me = useMe();
  const mayCreate = isPlatform(me, 'admin');
  const [creating, setCreating] = useState(false);
  useKey('n', mayCreate ? () => setCreating(true) : null);
  const create = (
    <Button
      variant="primary"
      keys="n"
      onClick={() => setCreating(true)}
      refused={mayCreate ? null : 'Creating projects takes platform admin'}
    >
      <Plus size={16} strokeWidth={1.75} aria-hidden />
      Create project
    </Button>
  );
  return (
    <>
      <PageHeader title="Projects" actions={create} />
      <Panel flush>
        <Asked answer={projects} waitingFor="your projects">
          {({ items }) => (
            <ResourceTable
              label="Projects"
              rows={items}
              keyOf={(project) => project.id}
              columns={columns}
              urlSort
              defaultSort="name"
              empty={
                mayCreate ? (
                  <Empty kind="nothing" title="No projects yet" action={create}>
                    A project owns namespaces on clusters and says who may do what in them.
                  </Empty>
                ) : (
                  <Empty kind="not-allowed" title="You are in no project yet">
                    Seeing a project takes viewer in it. Its admin or a platform admin can grant it.
                  </Empty>
                )
              }
            />
          )}
        </Asked>
      </Panel>
      <CreateProjectDialog open={creating} onClose={() => setCreating(false)} />
    </>
  );
}

const columns: Column<Project>[] = [
  {
    id: 'name',
    head: 'Name',
    small: 'main',
    sortBy: (project) => project.name,
    cell: (project) => (
      <>
        <Link href={paths.apps(project.name)} className="font-medium hover:underline">
          {project.name}
        </Link>
        {project.displayName !== project.name ? <span className="ms-2 text-muted">{project.displayName}</span> : null}
      </>
    ),
  },
  { id: 'role', head: 'Your role', small: 'side', sortBy: (project) => project.myRole, cell: (project) => project.myRole ?? <None /> },
  {
    id: 'namespaces',
    head: 'Namespaces',
    cell: (project) => (
      <span className="break-words">
        {project.namespaces.length === 0 ? '–' : null}
        {project.namespaces.map(({ id, cluster, namespace }, i) => (
          <span key={id}>
            {i > 0 ? ', ' : ''}
            <ClusterName name={cluster.name} />/{namespace}
          </span>
        ))}
      </span>
    ),
  },
  {
    id: 'apps',
    head: 'Apps',
    align: 'end',
    sortBy: (project) => project.apps,
    cell: (project) => <Count value={project.apps} word="apps" />,
  },
  {
    id: 'members',
    head: 'Members',
    align: 'end',
    sortBy: (project) => project.members,
    cell: (project) => <Count value={project.members} word="members" />,
  },
  {
    id: 'created',
    head: 'Created',
    align: 'end',
    from: 'sm',
    sortBy: (project) => project.createdAt,
    cell: (project) => <Ago at={project.createdAt} />,
  },
];

const None = () => <span className="text-muted">none</span>;

/** The column's head is not there on narrow screens. */
const Count = ({ value, word }: { value: number; word: string }) => (
  <>
    {value}
    <span className="sm:hidden"> {word}</span>
  </>
);
