'use client';
import type { Project } from '@fairlead/shared';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button } from '@/components/button';
import { ClusterName } from '@/components/cluster-name';
import { ConfirmDialog } from '@/components/confirm-dialog';
import { Empty } from '@/components/empty';
import { ErrorBox } from '@/components/error-box';
import { Checkbox, TextField } from '@/components/field';
import { KeyValue } from '@/components/key-value';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { counted } from '@/lib/format';
import { paths } from '@/lib/paths';
import { allows, isPlatform, lacking } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { namespaceStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { useMe } from '@/lib/use-me';
import { AddNamespaceDialog } from './add-namespace-dialog';
import { WebhooksPanel } from './webhooks-panel';

export function ProjectSettingsPage({ project }: { project: string }) {
  const answer = useAsk(routes.getProject, { params: { project } });
  return (
    <>
      <PageHeader title="Settings" context={project} />
      <Asked answer={answer} waitingFor={project}>
        {(data) => <Settings key={data.id} project={data} />}
      </Asked>
    </>
  );
}

function Settings({ project }: { project: Project }) {
  const me = useMe();
  const [adding, setAdding] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const mayAdd = isPlatform(me, 'admin');
  return (
    <div className="flex flex-col gap-4">
      <Panel title="Project">
        <div className="grid gap-6 wide:grid-cols-2">
          <TitleForm project={project} />
          <KeyValue
            entries={[
              [
                'Name',
                <span key="name" className="font-mono">
                  {project.name}
                </span>,
              ],
              ['Your role', project.myRole ?? 'none'],
              ['Holds', `${counted(project.apps, 'app')}, ${counted(project.members, 'member')}`],
              ['Created', <Ago key="created" at={project.createdAt} />],
            ]}
          />
        </div>
      </Panel>
      <Panel
        title="Namespaces"
        count={project.namespaces.length}
        flush
        actions={
          <Button size="small" onClick={() => setAdding(true)} refused={mayAdd ? null : 'Adding namespaces takes platform admin'}>
            Add namespace
          </Button>
        }
      >
        <ResourceTable
          label="Namespaces"
          rows={project.namespaces}
          keyOf={(namespace) => namespace.id}
          columns={columns}
          empty={<Empty kind="nothing" title="No namespace" />}
        />
      </Panel>
      <WebhooksPanel project={project} />
      <Panel title="Delete">
        <div className="flex flex-wrap items-center gap-3">
          <p className="flex-1 text-muted text-sm">
            The roles and labels in the clusters go; what runs there stays unless you name its namespace.
          </p>
          <Button
            variant="danger"
            onClick={() => setDeleting(true)}
            refused={allows(project.myRole, 'projects.delete') ? null : lacking('Deleting it', 'projects.delete', project.name)}
          >
            Delete {project.name}…
          </Button>
        </div>
      </Panel>
      <AddNamespaceDialog project={project.name} open={adding} onClose={() => setAdding(false)} />
      {deleting ? <DeleteDialog project={project} onClose={() => setDeleting(false)} /> : null}
    </div>
  );
}

const columns: Column<Project['namespaces'][number]>[] = [
  {
    id: 'namespace',
    head: 'Namespace',
    small: 'main',
    sortBy: (row) => row.namespace,
    cell: (row) => <span className="font-mono">{row.namespace}</span>,
  },
  { id: 'cluster', head: 'Cluster', sortBy: (row) => row.cluster.name, cell: (row) => <ClusterName name={row.cluster.name} /> },
  { id: 'state', head: 'State', small: 'side', cell: (row) => <StatusWord status={namespaceStatus(row.state)} detail={row.reason} /> },
  { id: 'made', head: 'Made by', cell: (row) => <span className="text-muted">{row.created ? 'Fairlead' : 'was there before'}</span> },
];

function TitleForm({ project }: { project: Project }) {
  const form = useForm({ displayName: project.displayName });
  const change = useAct(routes.changeProject, [routes.getProject, routes.listProjects]);
  const { show } = useToast();
  const refused = allows(project.myRole, 'projects.change') ? null : lacking('Changing it', 'projects.change', project.name);
  const submit = () =>
    change.mutate(
      { params: { project: project.name }, body: { displayName: form.values.displayName } },
      { onSuccess: () => show({ title: 'Title changed' }), onError: (error) => form.fail(error) },
    );
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-3">
      <TextField
        label="Title"
        value={form.values.displayName}
        onChange={(value) => form.set('displayName', value)}
        error={form.issue('displayName')}
      />
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <div>
        <Button type="submit" busy={change.isPending} refused={refused}>
          Save title
        </Button>
      </div>
    </form>
  );
}

function DeleteDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const router = useRouter();
  const act = useAct(routes.deleteProject, [routes.listProjects, routes.getMe]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const made = project.namespaces.filter((namespace) => namespace.created);
  const submit = (confirm: string) =>
    act.mutate(
      {
        params: { project: project.name },
        body: {
          confirm,
          deleteNamespaces: made.filter(({ id }) => chosen.has(id)).map(({ cluster, namespace }) => ({ cluster: cluster.name, namespace })),
        },
      },
      {
        onSuccess: () => {
          onClose();
          router.push(paths.projects);
        },
      },
    );
  return (
    <ConfirmDialog
      open
      level={2}
      name={project.name}
      onClose={onClose}
      title={`Delete ${project.name}`}
      act={chosen.size > 0 ? `Delete ${project.name} and ${counted(chosen.size, 'namespace')}` : `Delete ${project.name}`}
      busy={act.isPending}
      error={act.error}
      onConfirm={submit}
    >
      <p>
        Gone for good: the project, its {counted(project.members, 'grant')} and the history of its {counted(project.apps, 'app')}. The audit
        log stays.
      </p>
      {made.length > 0 ? (
        <fieldset>
          <legend className="font-medium">Also delete these namespaces with all that runs in them:</legend>
          {made.map(({ id, cluster, namespace }) => (
            <Checkbox
              key={id}
              label={
                <span className="font-mono">
                  <ClusterName name={cluster.name} />/{namespace}
                </span>
              }
              checked={chosen.has(id)}
              onChange={(on) => setChosen(new Set([...chosen].filter((one) => one !== id).concat(on ? [id] : [])))}
            />
          ))}
        </fieldset>
      ) : null}
    </ConfirmDialog>
  );
}
