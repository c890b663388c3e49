'use client';
import type { AppSecret } from '@fairlead/shared';
import { useState } from 'react';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { Checkbox, TextField } from '@/components/field';
import { SecretField } from '@/components/secret-field';
import type { ApiError } from '@/lib/api';
import { onSubmit } from '@/lib/form';

export interface GivenSecret {
  name: string;
  value: string;
  env: boolean;
  path: string;
}

/** Gives one secret its value; `secret` is the one to replace. */
export function SecretDialog({
  app,
  secret,
  busy,
  error,
  onClose,
  onGive,
}: {
  app: string;
  secret: AppSecret | null;
  busy: boolean;
  error: ApiError | null;
  onClose: () => void;
  onGive: (given: GivenSecret) => void;
}) {
  const [name, setName] = useState(secret?.name ?? '');
  const [value, setValue] = useState('');
  const [env, setEnv] = useState(secret?.env ?? true);
  const [path, setPath] = useState(secret?.path ?? '');
  const [sent, setSent] = useState<GivenSecret | null>(null);
  const moved = secret !== null && (env !== secret.env || path !== (secret.path ?? ''));
  const refused = !name.trim()
    ? 'Name it first'
    : value === '' && !moved
      ? 'Give a value first'
      : !env && !path
        ? 'Use it as a variable or as a file'
        : null;
  const given: GivenSecret = { name: name.trim(), value, env, path: path.trim() };
  // A field that was changed after it was refused is not wrong yet.
  const issue = (field: 'name' | 'value' | 'path') =>
    sent?.[field] === given[field] ? error?.issues.find((each) => each.path.endsWith(`.${field}`))?.message : undefined;
  const give = () => {
    if (refused || busy) return;
    setSent(given);
    onGive(given);
  };
  const unplaced = error && !error.issues.some((each) => /\.(name|value|path)$/.test(each.path));
  return (
    <Dialog
      open
      onClose={onClose}
      title={secret ? `Replace ${secret.name}` : `A secret for ${app}`}
      description="Written to the cluster and never shown again. The pods are replaced one by one."
    >
      <form onSubmit={onSubmit(give)}>
        <div className="flex flex-col gap-4">
          {secret ? null : (
            <TextField
              label="Name"
              value={name}
              onChange={setName}
              placeholder="DB_PASSWORD"
              error={issue('name')}
              autoFocus
              mono
              required
            />
          )}
          <SecretField
            label="Value"
            value={value}
            onChange={setValue}
            error={issue('value')}
            hint={secret ? 'Left empty, the one that stands is kept.' : undefined}
            autoFocus={secret !== null}
          />
          <Checkbox label="A variable of this name" checked={env} onChange={setEnv} />
          <TextField
            label="File (optional)"
            value={path}
            onChange={setPath}
            placeholder="/etc/app/key"
            error={issue('path')}
            hint="Where the container finds the value as a file."
            mono
          />
          {unplaced ? <ErrorBox error={error} /> : null}
        </div>
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={busy} refused={refused}>
            {secret ? `Replace ${secret.name}` : `Set ${name.trim() || 'it'}`}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
