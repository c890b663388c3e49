'use client';
import type { Cluster } from '@fairlead/shared';
import { Plus, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { AsCommand, curl } from '@/components/as-command';
import { Button } from '@/components/button';
import { clusterOption } from '@/components/cluster-name';
import { Actions, Dialog } from '@/components/dialog';
import { Empty } from '@/components/empty';
import { ErrorBox } from '@/components/error-box';
import { Checkbox, SelectField, TextField } from '@/components/field';
import { useAct, useAsk } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';

interface Place {
  key: number;
  cluster: string;
  /** null: follows the project's name. */
  namespace: string | null;
  create: boolean;
}

export function CreateProjectDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const clusters = useAsk(routes.listClusters, open ? { query: { limit: 500 } } : null);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Create project"
      description="It owns namespaces on clusters; you become its admin, visibly."
    >
      {clusters.data ? (
        clusters.data.items.length > 0 ? (
          <CreateProjectForm clusters={clusters.data.items} onClose={onClose} />
        ) : (
          <Empty kind="nothing" title="No cluster yet">
            A project needs a namespace on a cluster. Add a cluster first.
          </Empty>
        )
      ) : clusters.error ? (
        <ErrorBox error={clusters.error} onRetry={() => void clusters.refetch()} />
      ) : null}
    </Dialog>
  );
}

function CreateProjectForm({ clusters, onClose }: { clusters: Cluster[]; onClose: () => void }) {
  const router = useRouter();
  const first = clusters.find((cluster) => cluster.state === 'ready') ?? clusters[0];
  const newPlace = (key: number): Place => ({ key, cluster: first?.name ?? '', namespace: null, create: true });
  const form = useForm({ name: '', displayName: '' });
  const [places, setPlaces] = useState<Place[]>([newPlace(0)]);
  const create = useAct(routes.createProject, [routes.listProjects, routes.getMe]);
  const change = (key: number, part: Partial<Place>) =>
    setPlaces(places.map((place) => (place.key === key ? { ...place, ...part } : place)));
  const name = form.values.name.trim();
  const body = {
    name,
    displayName: form.values.displayName.trim() || undefined,
    namespaces: places.map(({ cluster, namespace, create: make }) => ({ cluster, namespace: namespace ?? name, create: make })),
  };
  const submit = () =>
    create.mutate(
      { body },
      {
        onSuccess: (project) => {
          onClose();
          router.push(paths.apps(project.name));
        },
        onError: (error) => form.fail(error),
      },
    );
  const options = clusters.map(clusterOption);
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <TextField
        label="Name"
        value={form.values.name}
        onChange={(value) => form.set('name', value)}
        error={form.issue('name')}
        hint="Lower case letters, digits and dashes. It stays."
        placeholder="shop"
        autoFocus
        mono
        required
      />
      <TextField
        label="Title (optional)"
        value={form.values.displayName}
        onChange={(value) => form.set('displayName', value)}
        error={form.issue('displayName')}
        placeholder="The shop"
      />
      <fieldset className="flex flex-col gap-3">
        <legend className="mb-2 font-medium text-sm">Namespaces</legend>
        {places.map((place, index) => (
          <div key={place.key} className="rounded-panel border p-3">
            <div className="grid grid-cols-[1fr_1fr_auto] items-end gap-2">
              <SelectField
                label="Cluster"
                value={place.cluster}
                onChange={(cluster) => change(place.key, { cluster })}
                options={options}
                error={create.error?.issue(`namespaces.${index}.cluster`)}
              />
              <TextField
                label="Namespace"
                value={place.namespace ?? name}
                onChange={(namespace) => change(place.key, { namespace })}
                error={create.error?.issue(`namespaces.${index}.namespace`)}
                mono
                required
              />
              <Button
                variant="quiet"
                shape="icon"
                label={`Without namespace ${index + 1}`}
                refused={places.length === 1 ? 'A project needs a namespace' : null}
                onClick={() => setPlaces(places.filter(({ key }) => key !== place.key))}
              >
                <Trash2 size={16} strokeWidth={1.75} aria-hidden />
              </Button>
            </div>
            <div className="mt-2">
              <Checkbox
                label="Create it if it is not there"
                hint="A namespace that Fairlead makes enforces Pod Security baseline and warns at restricted."
                checked={place.create}
                onChange={(make) => change(place.key, { create: make })}
              />
            </div>
          </div>
        ))}
        <div>
          <Button size="small" onClick={() => setPlaces([...places, newPlace(Math.max(...places.map(({ key }) => key)) + 1)])}>
            <Plus size={14} strokeWidth={1.75} aria-hidden />
            Another namespace
          </Button>
        </div>
      </fieldset>
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <Actions>
        <AsCommand what="What this form sends." commands={{ rest: curl('POST', '/projects', body) }} />
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={create.isPending}>
          Create {name || 'project'}
        </Button>
      </Actions>
    </form>
  );
}
