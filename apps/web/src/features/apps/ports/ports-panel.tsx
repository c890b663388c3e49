'use client';
import type { PortOpening } from '@fairlead/shared';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { Button, LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { ErrorBox } from '@/components/error-box';
import { Panel } from '@/components/panel';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { routes } from '@/lib/routes';
import { Until } from '@/lib/time';
import { useApp } from '../app/app-context';
import { OpenPortDialog } from './open-port-dialog';
import { type OpenableLine, openableLines, targetWords } from './openable';

/** The ports of the app, each with a way into the browser, and those that this person has open. */
export function PortsPanel() {
  const { app, project, lacks } = useApp();
  const ports = useAsk(routes.listAppPorts, { params: { project, app: app.id } });
  const [opening, setOpening] = useState<OpenableLine | null>(null);
  const lacksRight = lacks('Opening a port', 'pods.portforward');
  return (
    <Panel title="Ports" flush>
      <Asked answer={ports} waitingFor="the ports" rows={2}>
        {({ items, unavailable }) => {
          const lines = openableLines(items);
          if (lines.length === 0)
            return (
              <Empty kind="nothing" title="No ports">
                Neither a Service nor a container of {app.name} names one. Give the app a port to reach it.
              </Empty>
            );
          return (
            <ul aria-label={`Ports of ${app.name}`}>
              {lines.map((line) => (
                <PortLine
                  key={line.key}
                  line={line}
                  refused={lacksRight ?? unavailable ?? (line.http ? null : 'Only TCP ports open in a browser.')}
                  onOpen={() => setOpening(line)}
                />
              ))}
            </ul>
          );
        }}
      </Asked>
      {lacksRight ? null : <OpenNow />}
      {opening ? <OpenPortDialog line={opening} onClose={() => setOpening(null)} /> : null}
    </Panel>
  );
}

const row = 'flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5 text-sm last:border-b-0';

function PortLine({ line, refused, onOpen }: { line: OpenableLine; refused: string | null; onOpen: () => void }) {
  const { of, port, name, http } = line;
  return (
    <li className={row}>
      <span className="min-w-0 flex-1 break-words">
        <span className="font-mono tabular-nums">{port}</span>
        {name ? <span className="ms-2">{name}</span> : null}
        <span className="ms-2 text-muted">
          {of}
          {http ? null : ', not TCP'}
        </span>
      </span>
      <Button size="small" onClick={onOpen} refused={refused}>
        Open<span className="sr-only"> {`port ${port} of ${of}`}</span>
      </Button>
    </li>
  );
}

/** Asked again when the window is looked at: a port that was closed elsewhere, or by its time, goes. */
function OpenNow() {
  const { app, project } = useApp();
  const openings = useAsk(routes.listPortOpenings, { params: { project, app: app.id } });
  const items = openings.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div className="border-t">
      <h3 className="px-3 pt-2 font-medium text-muted text-xs">Open for you</h3>
      <ul>
        {items.map((one) => (
          <OpeningLine key={one.id} opening={one} />
        ))}
      </ul>
    </div>
  );
}

function OpeningLine({ opening }: { opening: PortOpening }) {
  const { app, project } = useApp();
  const act = useAct(routes.closeAppPort, [routes.listPortOpenings, routes.listAudit]);
  const { show } = useToast();
  const what = targetWords(opening.target);
  const close = () =>
    act.mutate(
      { params: { project, app: app.id, opening: opening.id } },
      { onSuccess: () => show({ title: 'Closed', description: what }) },
    );
  return (
    <li className={row}>
      <span className="min-w-0 flex-1 break-words">
        {what}
        <span className="ms-2 text-muted">
          {opening.state === 'waiting' ? (
            'link not opened yet'
          ) : (
            <>
              closes <Until at={opening.expiresAt} />
            </>
          )}
        </span>
      </span>
      {opening.state === 'open' ? (
        <LinkButton href={opening.url} external size="small" variant="quiet" label={`Go to ${what}`}>
          Go to
        </LinkButton>
      ) : null}
      <Button size="small" variant="quiet" busy={act.isPending} onClick={close}>
        Close<span className="sr-only"> {what}</span>
      </Button>
      {act.error ? <ErrorBox error={act.error} /> : null}
    </li>
  );
}
