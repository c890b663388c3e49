'use client';
import type { Role } from '@fairlead/shared';
import { useDeferredValue, useId } from 'react';
import { AsCommand, curl } from '@/components/as-command';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { SelectField, TextField } from '@/components/field';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { serverNow } from '@/lib/clock';
import { onSubmit, useForm } from '@/lib/form';
import { roles, roleWords } from '@/lib/roles';
import { routes } from '@/lib/routes';

const ends = [
  { value: '', label: 'no end' },
  { value: '4', label: 'for 4 hours' },
  { value: '8', label: 'for 8 hours' },
  { value: '24', label: 'for a day' },
  { value: '168', label: 'for a week' },
  { value: '720', label: 'for 30 days' },
] as const;

export function AddMemberDialog({ project, open, onClose }: { project: string; open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={`Give a role in ${project}`} description="It replaces the role that they have here.">
      <AddMemberForm project={project} onClose={onClose} />
    </Dialog>
  );
}

function AddMemberForm({ project, onClose }: { project: string; onClose: () => void }) {
  const form = useForm({ principal: '', role: 'viewer' as Role, hours: '' as (typeof ends)[number]['value'] });
  const act = useAct(routes.createGrant, [routes.listGrants, routes.getProject, routes.getMe]);
  const { show } = useToast();
  const body = () => ({
    principal: form.values.principal.trim(),
    role: form.values.role,
    expiresAt: form.values.hours ? new Date(serverNow() + Number(form.values.hours) * 3_600_000).toISOString() : null,
  });
  const submit = () =>
    act.mutate(
      { params: { project }, body: body() },
      {
        onSuccess: (grant) => {
          onClose();
          show({ title: `${grant.principal.displayName} is now ${grant.role} in ${project}` });
        },
        onError: (error) => form.fail(error),
      },
    );
  return (
    <form onSubmit={onSubmit(submit)} className="flex flex-col gap-4">
      <PrincipalField value={form.values.principal} onChange={(value) => form.set('principal', value)} error={form.issue('principal')} />
      <SelectField
        label="Role"
        value={form.values.role}
        onChange={(value) => form.set('role', value)}
        options={roles.map((role) => ({ value: role, label: `${role}: ${roleWords[role]}` }))}
        error={form.issue('role')}
      />
      <SelectField
        label="Until"
        value={form.values.hours}
        onChange={(value) => form.set('hours', value)}
        options={ends}
        error={form.issue('expiresAt')}
      />
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <Actions>
        <AsCommand what="What this form sends." commands={{ rest: curl('POST', `/projects/${project}/grants`, body()) }} />
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={act.isPending} refused={form.values.principal.trim() ? null : 'Say to whom first'}>
          Give {form.values.role}
        </Button>
      </Actions>
    </form>
  );
}

/** A name, with those that begin so offered. */
function PrincipalField({ value, onChange, error }: { value: string; onChange: (value: string) => void; error?: string }) {
  const list = useId();
  const q = useDeferredValue(value.trim());
  const found = useAsk(routes.searchPrincipals, { query: { q } });
  return (
    <>
      <TextField
        label="User or robot"
        value={value}
        onChange={onChange}
        error={error}
        list={list}
        autoComplete="off"
        autoFocus
        required
        placeholder="ana"
      />
      <datalist id={list}>
        {(found.data?.items ?? []).map((principal) => (
          <option key={principal.id} value={principal.name}>
            {principal.kind === 'robot' ? `robot: ${principal.displayName}` : principal.displayName}
          </option>
        ))}
      </datalist>
    </>
  );
}
