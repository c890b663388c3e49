'use client';
import type { PlatformRole } from '@fairlead/shared';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { TextField } from '@/components/field';
import { useAct } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { routes } from '@/lib/routes';
import { PlatformRoles } from './platform-roles';

interface Props {
  onClose: () => void;
  onCreated: (name: string, password: string | null) => void;
}

export function CreateUserDialog({ open, ...props }: Props & { open: boolean }) {
  return (
    <Dialog
      open={open}
      onClose={props.onClose}
      title="Create user"
      description="A password is generated, shown to you once and changed at the first sign-in."
    >
      <CreateUserForm {...props} />
    </Dialog>
  );
}

function CreateUserForm({ onClose, onCreated }: Props) {
  const form = useForm({ name: '', displayName: '', platformRoles: [] as PlatformRole[] });
  const act = useAct(routes.createUser, [routes.listUsers]);
  const submit = () =>
    act.mutate(
      {
        body: {
          name: form.values.name.trim(),
          displayName: form.values.displayName.trim() || undefined,
          platformRoles: form.values.platformRoles,
        },
      },
      { onSuccess: (user) => onCreated(user.name, user.password), onError: (error) => form.fail(error) },
    );
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <TextField
        label="Name"
        value={form.values.name}
        onChange={(value) => form.set('name', value)}
        error={form.issue('name')}
        hint="What they sign in with. Lower case letters, digits and dashes."
        mono
        autoFocus
        required
      />
      <TextField
        label="Full name (optional)"
        value={form.values.displayName}
        onChange={(value) => form.set('displayName', value)}
        error={form.issue('displayName')}
      />
      <PlatformRoles value={form.values.platformRoles} onChange={(value) => form.set('platformRoles', value)} />
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={act.isPending}>
          Create {form.values.name.trim() || 'user'}
        </Button>
      </Actions>
    </form>
  );
}
