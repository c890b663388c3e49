'use client';
import { Button } from '@/components/button';
import { clusterOption } from '@/components/cluster-name';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { Checkbox, SelectField, TextField } from '@/components/field';
import { useAct, useAsk } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { routes } from '@/lib/routes';

export function AddNamespaceDialog({ project, open, onClose }: { project: string; open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={`Add a namespace to ${project}`}>
      <AddNamespaceForm project={project} onClose={onClose} />
    </Dialog>
  );
}

function AddNamespaceForm({ project, onClose }: { project: string; onClose: () => void }) {
  const clusters = useAsk(routes.listClusters, { query: { limit: 500 } }).data?.items ?? [];
  const form = useForm({ cluster: '', namespace: '', create: true });
  const act = useAct(routes.addNamespace, [routes.getProject, routes.listProjects]);
  const cluster = form.values.cluster || (clusters[0]?.name ?? '');
  const submit = () =>
    act.mutate(
      { params: { project }, body: { cluster, namespace: form.values.namespace.trim(), create: form.values.create } },
      { onSuccess: onClose, onError: (error) => form.fail(error) },
    );
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <SelectField
        label="Cluster"
        value={cluster}
        onChange={(value) => form.set('cluster', value)}
        options={clusters.map(clusterOption)}
        error={form.issue('cluster')}
      />
      <TextField
        label="Namespace"
        value={form.values.namespace}
        onChange={(value) => form.set('namespace', value)}
        error={form.issue('namespace')}
        mono
        autoFocus
        required
      />
      <Checkbox label="Create it if it is not there" checked={form.values.create} onChange={(value) => form.set('create', value)} />
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={act.isPending}>
          Add namespace
        </Button>
      </Actions>
    </form>
  );
}
