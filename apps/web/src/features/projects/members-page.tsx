'use client';
import type { Grant } from '@fairlead/shared';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Empty } from '@/components/empty';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { useKey } from '@/lib/keys';
import { allows, lacking, roles, roleWords } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { Ago, Until } from '@/lib/time';
import { AddMemberDialog } from './add-member-dialog';

export function MembersPage({ project }: { project: string }) {
  const grants = useAsk(routes.listGrants, { params: { project }, query: { limit: 500 } });
  const role = useAsk(routes.getProject, { params: { project } }).data?.myRole;
  const may = allows(role, 'projects.grants');
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Grant | null>(null);
  useKey('n', may ? () => setAdding(true) : null);
  const refused = may ? null : lacking('Changing members', 'projects.grants', project);
  return (
    <>
      <PageHeader
        title="Members"
        context={project}
        actions={
          <Button variant="primary" keys="n" onClick={() => setAdding(true)} refused={refused}>
            <UserPlus size={16} strokeWidth={1.75} aria-hidden />
            Give a role
          </Button>
        }
      />
      <div className="grid items-start gap-4 wide:grid-cols-[1fr_20rem]">
        <Panel flush>
          <Asked answer={grants} waitingFor="the members">
            {({ items }) => (
              <ResourceTable
                label={`Members of ${project}`}
                rows={items}
                keyOf={(grant) => grant.id}
                columns={columnsFor(refused, setRemoving)}
                urlSort
                defaultSort="who"
                empty={<Empty kind="nothing" title={`Nobody has a role in ${project}`} />}
              />
            )}
          </Asked>
        </Panel>
        <Panel title="What roles allow">
          <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1.5 text-sm">
            {roles.map((one) => (
              <div key={one} className="contents">
                <dt className="font-medium">{one}</dt>
                <dd className="text-muted">{roleWords[one]}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      </div>
      <AddMemberDialog project={project} open={adding} onClose={() => setAdding(false)} />
      {removing ? <RemoveDialog project={project} grant={removing} onClose={() => setRemoving(null)} /> : null}
    </>
  );
}

function columnsFor(refused: string | null, remove: (grant: Grant) => void): Column<Grant>[] {
  return [
    {
      id: 'who',
      head: 'Who',
      small: 'main',
      sortBy: (grant) => grant.principal.name,
      cell: ({ principal }) => (
        <>
          <span className="font-medium">{principal.displayName}</span>
          <span className="ms-2 font-mono text-muted text-xs">
            {principal.kind === 'robot' ? `robot ${principal.name}` : principal.name}
          </span>
        </>
      ),
    },
    {
      id: 'role',
      head: 'Role',
      small: 'side',
      sortBy: (grant) => roles.indexOf(grant.role),
      cell: (grant) => (
        <>
          {grant.role}
          {grant.expired ? <span className="ms-2 text-warn text-xs">ended</span> : null}
        </>
      ),
    },
    {
      id: 'until',
      head: 'Until',
      sortBy: (grant) => grant.expiresAt,
      cell: (grant) => (grant.expiresAt ? <Until at={grant.expiresAt} /> : <Always />),
    },
    { id: 'since', head: 'Since', sortBy: (grant) => grant.createdAt, cell: (grant) => <Ago at={grant.createdAt} /> },
    { id: 'by', head: 'By', sortBy: (grant) => grant.grantedBy, cell: (grant) => <span className="text-muted">{grant.grantedBy}</span> },
    {
      id: 'pending',
      head: 'In the clusters',
      cell: (grant) =>
        grant.pending.length > 0 ? (
          <span className="text-warn">not yet in {grant.pending.join(', ')}</span>
        ) : (
          <span className="text-muted">{grant.expired ? 'taken' : 'there'}</span>
        ),
    },
    {
      id: 'act',
      head: '',
      align: 'end',
      cell: (grant) => (
        <Button size="small" variant="quiet" refused={refused} onClick={() => remove(grant)}>
          Take away
        </Button>
      ),
    },
  ];
}

const Always = () => <span className="text-muted">no end</span>;

function RemoveDialog({ project, grant, onClose }: { project: string; grant: Grant; onClose: () => void }) {
  const act = useAct(routes.deleteGrant, [routes.listGrants, routes.getMe]);
  const { show } = useToast();
  const who = grant.principal.displayName;
  return (
    <ConfirmDialog
      open
      level={1}
      onClose={onClose}
      title={`Take ${grant.role} from ${who}`}
      act={`Take ${grant.role} away`}
      busy={act.isPending}
      error={act.error}
      onConfirm={() =>
        act.mutate(
          { params: { project, grant: grant.id } },
          {
            onSuccess: () => {
              onClose();
              show({ title: `${who} is no longer ${grant.role} in ${project}` });
            },
          },
        )
      }
    >
      <p>
        {who} can do nothing more in {project}, at once: open pages, streams and shells end. The bindings in the clusters follow as soon as
        those answer.
      </p>
    </ConfirmDialog>
  );
}
