'use client';
import { useState } from 'react';
import { CommandTabs } from '@/components/as-command';
import { Button } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { SelectField, TextField } from '@/components/field';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { runOnceCommands } from '../commands';
import { commandOfLine, lineOfCommand } from './command-line';

const kinds = [
  { value: 'to-end', label: 'To its end, and keep its log' },
  { value: 'interactive', label: 'With a terminal' },
] as const;

/** One command, once, in the app's own setting. */
export function StartRunDialog({ onClose, onStarted }: { onClose: () => void; onStarted: (id: string) => void }) {
  const { app, project, status } = useApp();
  const [kind, setKind] = useState<'to-end' | 'interactive'>('to-end');
  const [line, setLine] = useState('');
  const [image, setImage] = useState('');
  const act = useAct(routes.startRun, [routes.listRuns, routes.listAudit]);
  const command = commandOfLine(line);
  const unread = line.trim() !== '' && command === null;
  const own = app.spec.kind === 'image' ? app.spec.image : (status?.images[0] ?? '');
  return (
    <Dialog open onClose={onClose} title={`Run a command as ${app.name}`} size="large">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (unread) return;
          act.mutate(
            { params: { project, app: app.id }, body: { kind, ...(command && { command }), ...(image.trim() && { image: image.trim() }) } },
            {
              onSuccess: ({ id }) => {
                onStarted(id);
                onClose();
              },
            },
          );
        }}
      >
        <p className="text-sm">
          It runs in a pod of its own with {app.name}’s configuration, secrets and volumes that allow it. The pod takes no requests, is
          probed by nobody, and is not started again.
        </p>
        <SelectField label="How" value={kind} onChange={setKind} options={kinds} />
        <TextField
          label="Command"
          value={line}
          onChange={setLine}
          mono
          autoFocus
          placeholder={kind === 'interactive' ? 'bash or sh' : "the app's own"}
          error={unread ? 'A quote is not closed.' : null}
          hint={
            command && command[0] === 'sh' && command[1] === '-c' ? `Runs as ${lineOfCommand(command)}` : 'As you would type it in a shell.'
          }
        />
        <TextField label="Image" value={image} onChange={setImage} mono placeholder={own} hint="Empty: the app's own." />
        <p className="text-muted text-xs">
          {kind === 'interactive'
            ? 'It is removed when its terminal was left for 20 s, or nothing was typed for 15 minutes; what you type is not recorded.'
            : 'The last 256 kB of its log are kept for seven days; whoever sees the app can read them. The cluster ends it after an hour.'}{' '}
          That you run it stands in the audit log.
        </p>
        <CommandTabs commands={runOnceCommands(commandTarget(app), { kind, image: image.trim() || own, command })} />
        {act.error ? <ErrorBox error={act.error} /> : null}
        <Actions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={act.isPending} refused={unread ? 'Close the quote first' : null}>
            Run
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
