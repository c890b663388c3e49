'use client';
import type { PortTarget } from '@fairlead/shared';
import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { CommandTabs } from '@/components/as-command';
import { Button, LinkButton } from '@/components/button';
import { Actions, Dialog } from '@/components/dialog';
import { ErrorBox } from '@/components/error-box';
import { SelectField } from '@/components/field';
import { KeyValue } from '@/components/key-value';
import { useAct } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { Until } from '@/lib/time';
import { useMe } from '@/lib/use-me';
import { useApp } from '../app/app-context';
import { commandTarget } from '../app/command-target';
import { openPortCommands } from '../commands';
import { type OpenableLine, targetWords } from './openable';

/** Says what will be opened, for whom and until when; then opens it in a tab of its own. */
export function OpenPortDialog({ line, onClose }: { line: OpenableLine; onClose: () => void }) {
  return (
    <Dialog open onClose={onClose} title="Open a port in the browser">
      <Body line={line} onClose={onClose} />
    </Dialog>
  );
}

function Body({ line, onClose }: { line: OpenableLine; onClose: () => void }) {
  const { app, project } = useApp();
  const me = useMe();
  const act = useAct(routes.openAppPort, [routes.listPortOpenings, routes.listAudit]);
  const [chosen, setChosen] = useState(line.targets[0]?.name ?? '');
  const target: PortTarget | undefined = line.targets.find(({ name }) => name === chosen) ?? line.targets[0];
  if (!target) return null;
  if (act.data) return <Opened {...act.data} onClose={onClose} />;
  const open = () => {
    // Before the answer: a tab that is opened later than the click is one that browsers hold back.
    const tab = window.open('about:blank');
    if (tab) tab.opener = null;
    act.mutate(
      { params: { project, app: app.id }, body: target },
      {
        onSuccess: ({ link }) => {
          if (!tab) return; // the dialog offers the link
          tab.location.replace(link);
          onClose();
        },
        onError: () => tab?.close(),
      },
    );
  };
  return (
    <div className="flex flex-col gap-4 text-sm">
      {line.targets.length > 1 ? (
        <SelectField
          label="Pod"
          value={chosen}
          onChange={setChosen}
          options={line.targets.map(({ name }) => ({ value: name, label: name }))}
        />
      ) : null}
      <KeyValue
        entries={[
          ['What', targetWords(target)],
          ['Reached as', me ? `${me.name}, by the cluster’s port-forward` : 'you'],
          ['For whom', 'this browser alone, on a host name of its own'],
          ['Until', 'an hour from now; sooner when you close it, sign out, or lose the right'],
        ]}
      />
      <p className="text-muted">
        The program that listens there must speak HTTP. Opening, closing and the bytes in between are recorded; what passes is not.
      </p>
      <CommandTabs commands={openPortCommands(commandTarget(app), target)} />
      {act.error ? <ErrorBox error={act.error} /> : null}
      <Actions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" busy={act.isPending} onClick={open}>
          <ExternalLink size={16} strokeWidth={1.75} aria-hidden />
          Open port {target.port}
        </Button>
      </Actions>
    </div>
  );
}

/** Where the browser would not open a tab by itself. */
function Opened({ link, linkExpiresAt, onClose }: { link: string; linkExpiresAt: string; onClose: () => void }) {
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p>
        Your browser held the new tab back. This link opens the port once, <Until at={linkExpiresAt} /> at the latest.
      </p>
      <Actions>
        <Button onClick={onClose}>Done</Button>
        <LinkButton href={link} external variant="primary">
          Open it in a new tab
        </LinkButton>
      </Actions>
    </div>
  );
}
