'use client';
import type { BodyInputOf, createToken, Token } from '@fairlead/shared';
import { useState } from 'react';
import { ApiError } from '@/lib/api';
import { useAsk } from '@/lib/ask';
import { onSubmit, useForm } from '@/lib/form';
import { routes } from '@/lib/routes';
import { Button } from '../button';
import { CopyButton } from '../copy-button';
import { Actions, Dialog } from '../dialog';
import { ErrorBox } from '../error-box';
import { Checkbox, SelectField, TextField } from '../field';

type NewToken = BodyInputOf<typeof createToken>;
type CreatedToken = Token & { token: string };

const lives = [
  { value: '8', label: '8 hours' },
  { value: '24', label: 'a day' },
  { value: '168', label: 'a week' },
  { value: '720', label: '30 days' },
  { value: '2160', label: '90 days' },
  { value: '8760', label: 'a year' },
] as const;

/** Makes a token as narrow as its work; shows it once. */
export function CreateTokenDialog({
  open,
  onClose,
  onCreate,
  busy,
  owner,
}: {
  open: boolean;
  onClose: () => void;
  onCreate: (body: NewToken) => Promise<CreatedToken>;
  busy: boolean;
  owner?: string;
}) {
  const [made, setMade] = useState<CreatedToken | null>(null);
  const close = () => {
    // The only copy leaves with the dialog.
    setMade(null);
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      locked={made !== null}
      title={made ? `Token ${made.name}` : owner ? `Create a token for ${owner}` : 'Create token'}
    >
      {made ? <Shown token={made} onDone={close} /> : <TokenForm onCreate={onCreate} onMade={setMade} onCancel={close} busy={busy} />}
    </Dialog>
  );
}

function Shown({ token, onDone }: { token: CreatedToken; onDone: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <p className="rounded-panel border border-warn-solid bg-warn-tint px-3 py-2 text-sm">
        This is shown once. Copy it to where it is needed now.
      </p>
      <div className="flex items-center gap-2 rounded-panel border bg-sunken p-3">
        <code className="min-w-0 flex-1 break-all font-mono text-xs" data-testid="new-token">
          {token.token}
        </code>
        <CopyButton text={token.token} label="Copy token" showLabel />
      </div>
      <Actions>
        <Button variant="primary" onClick={onDone}>
          I have copied it
        </Button>
      </Actions>
    </div>
  );
}

function TokenForm({
  onCreate,
  onMade,
  onCancel,
  busy,
}: {
  onCreate: (body: NewToken) => Promise<CreatedToken>;
  onMade: (token: CreatedToken) => void;
  onCancel: () => void;
  busy: boolean;
}) {
  const form = useForm({
    name: '',
    hours: '720' as (typeof lives)[number]['value'],
    readOnly: false,
    clusters: [] as string[],
    projects: [] as string[],
  });
  const projects = useAsk(routes.listProjects, { query: { limit: 500 } }).data?.items ?? [];
  const clusters = useAsk(routes.listClusters, { query: { limit: 500 } }).data?.items ?? [];
  const submit = async () => {
    const { name, hours, readOnly, clusters: onClusters, projects: inProjects } = form.values;
    try {
      onMade(
        await onCreate({
          name: name.trim(),
          expiresInHours: Number(hours),
          readOnly,
          clusters: onClusters.length > 0 ? onClusters : undefined,
          projects: inProjects.length > 0 ? inProjects : undefined,
        }),
      );
    } catch (failure) {
      if (failure instanceof ApiError) form.fail(failure);
      else throw failure;
    }
  };
  return (
    <form onSubmit={onSubmit(() => void submit())} className="flex flex-col gap-4">
      <TextField
        label="Name"
        value={form.values.name}
        onChange={(value) => form.set('name', value)}
        error={form.issue('name')}
        hint="What it is for: deploy from CI."
        autoFocus
        required
      />
      <SelectField
        label="Works for"
        value={form.values.hours}
        onChange={(value) => form.set('hours', value)}
        options={lives}
        error={form.issue('expiresInHours')}
      />
      <Checkbox label="Read only" checked={form.values.readOnly} onChange={(value) => form.set('readOnly', value)} />
      <Choice
        legend="Only in these projects"
        names={projects.map(({ name }) => name)}
        chosen={form.values.projects}
        onChange={(value) => form.set('projects', value)}
      />
      <Choice
        legend="Only on these clusters"
        names={clusters.map(({ name }) => name)}
        chosen={form.values.clusters}
        onChange={(value) => form.set('clusters', value)}
      />
      {form.rest ? <ErrorBox error={form.rest} /> : null}
      <Actions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" busy={busy} refused={form.values.name.trim() ? null : 'Give it a name first'}>
          Create token
        </Button>
      </Actions>
    </form>
  );
}

/** None chosen means not narrowed. */
function Choice({
  legend,
  names,
  chosen,
  onChange,
}: {
  legend: string;
  names: string[];
  chosen: string[];
  onChange: (names: string[]) => void;
}) {
  if (names.length === 0) return null;
  return (
    <fieldset>
      <legend className="font-medium text-sm">{legend}</legend>
      <div className="mt-1 flex max-h-36 flex-wrap gap-x-5 overflow-y-auto">
        {names.map((name) => (
          <Checkbox
            key={name}
            label={<span className="font-mono text-xs">{name}</span>}
            checked={chosen.includes(name)}
            onChange={(on) => onChange(on ? [...chosen, name] : chosen.filter((one) => one !== name))}
          />
        ))}
      </div>
      <p className="text-muted text-xs">{chosen.length === 0 ? 'None chosen: not narrowed.' : null}</p>
    </fieldset>
  );
}
