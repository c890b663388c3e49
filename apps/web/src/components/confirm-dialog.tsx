'use client';
import { type ReactNode, useRef, useState } from 'react';
import type { ApiError } from '@/lib/api';
import { Button } from './button';
import { Actions, Dialog } from './dialog';
import { ErrorBox } from './error-box';
import { TextField } from './field';

export interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  /** Level 1 disturbs and can be restored; level 2 destroys and takes the name. (Level 0 is no dialog but an Undo.) */
  level: 1 | 2;
  title: string;
  /** Verb and object: "Delete web and 2 volumes". */
  act: string;
  /** What must be typed at level 2. */
  name?: string;
  children?: ReactNode;
  busy?: boolean;
  error?: ApiError | null;
  onConfirm: (typed: string) => void;
}

/** Asks before what cannot be undone by a click. Cancel has the focus where something is destroyed. */
export function ConfirmDialog(props: ConfirmProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <Dialog open={props.open} onClose={props.onClose} title={props.title} initialFocus={props.level === 2 ? cancel : undefined}>
      <Body {...props} cancel={cancel} />
    </Dialog>
  );
}

function Body({
  level,
  act,
  name,
  children,
  busy,
  error,
  onConfirm,
  onClose,
  cancel,
}: ConfirmProps & { cancel: React.RefObject<HTMLButtonElement | null> }) {
  const [typed, setTyped] = useState('');
  const ready = level === 1 || typed.trim() === name;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onConfirm(typed.trim());
      }}
    >
      <div className="flex flex-col gap-3 text-sm">{children}</div>
      {level === 2 ? (
        <div className="mt-4">
          <TextField label={`Type ${name} to go on`} value={typed} onChange={setTyped} mono autoComplete="off" />
        </div>
      ) : null}
      {error ? (
        <div className="mt-4">
          <ErrorBox error={error} />
        </div>
      ) : null}
      <Actions>
        <Button ref={cancel} onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant={level === 2 ? 'danger' : 'primary'} busy={busy} refused={ready ? null : `Type ${name} first`}>
          {act}
        </Button>
      </Actions>
    </form>
  );
}
