'use client';
import { useRouter } from 'next/navigation';
import { type ChangeEvent, useId, useMemo } from 'react';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { SelectField, TextArea, TextField } from '@/components/field';
import { useAct } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import { contextsOf } from './contexts';

export function AddClusterDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="large"
      title="Add cluster"
      description="The kubeconfig is used once, to make four narrow accounts in the cluster. It is not kept."
    >
      <AddClusterForm onClose={onClose} />
    </Dialog>
  );
}

function AddClusterForm({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const file = useId();
  const form = useForm({ name: '', kubeconfig: '', context: '' });
  const { name, kubeconfig } = form.values;
  const contexts = useMemo(() => contextsOf(kubeconfig), [kubeconfig]);
  const context = form.values.context || (contexts[0] ?? '');
  const act = useAct(routes.createCluster, [routes.listClusters]);
  const submit = () =>
    act.mutate(
      { body: { name: name.trim(), kubeconfig, context: context || undefined } },
      {
        onSuccess: (cluster) => {
          onClose();
          router.push(paths.cluster(cluster.name));
        },
        onError: (error) => form.fail(error),
      },
    );
  const readFile = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0];
    if (chosen) form.set('kubeconfig', await chosen.text());
  };
  const ready = name.trim() && kubeconfig.trim();
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <TextField
        label="Name"
        value={name}
        onChange={(value) => form.set('name', value)}
        error={form.issue('name')}
        hint="How people will call it: prod-eu. It stays."
        mono
        autoFocus
        required
      />
      <div>
        <TextArea
          label="Kubeconfig"
          value={kubeconfig}
          onChange={(value) => form.set('kubeconfig', value)}
          error={form.issue('kubeconfig')}
          rows={10}
          placeholder={'apiVersion: v1\nkind: Config\nclusters: …'}
          hint="With its certificates and credentials inside: files and commands that it names are not read or run."
        />
        <label htmlFor={file} className="mt-1 inline-block cursor-pointer text-link text-xs underline">
          or choose a file
        </label>
        <input id={file} type="file" className="sr-only" onChange={(event) => void readFile(event)} />
      </div>
      {contexts.length > 1 ? (
        <SelectField
          label="Context"
          value={context}
          onChange={(value) => form.set('context', value)}
          options={contexts.map((one) => ({ value: one, label: one }))}
          error={form.issue('context')}
        />
      ) : (
        <TextField
          label="Context (optional)"
          value={form.values.context || context}
          onChange={(value) => form.set('context', value)}
          error={form.issue('context')}
          hint="Without it, the file's current context."
          mono
        />
      )}
      {act.error && act.error.code !== 'invalid_request' ? (
        <ErrorBox error={act.error} />
      ) : form.rest ? (
        <ErrorBox error={form.rest} />
      ) : null}
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          variant="primary"
          busy={act.isPending}
          refused={ready ? null : name.trim() ? 'Paste a kubeconfig first' : 'Give it a name first'}
        >
          Add {name.trim() || 'cluster'}
        </Button>
      </Actions>
    </form>
  );
}
