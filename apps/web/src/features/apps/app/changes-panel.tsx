'use client';
import type { AuditEntry, Revision } from '@fairlead/shared';
import Link from 'next/link';
import { AsCommand } from '@/components/as-command';
import { Asked } from '@/components/asked';
import { LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';
import { useToast } from '@/components/toast';
import { useAct, useAsk } from '@/lib/ask';
import { serverNow } from '@/lib/clock';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import { outcomeStatus, revisionStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { undoCommands } from '../commands';
import { undoneFailed } from '../text';
import { useApp } from './app-context';
import { commandTarget } from './command-target';
import { timeline } from './timeline';

const undoMs = 10 * 60_000;
const shown = 12;

/** Who changed what: revisions, and from the audit log the acts that made none. */
export function ChangesPanel() {
  const { app, project, ref, lacks } = useApp();
  const mayUndo = lacks('Rolling back', 'apps.rollback') === null;
  const revisions = useAsk(routes.listRevisions, { params: { project, app: app.id }, query: { limit: 20 } });
  const audit = useAsk(routes.listAudit, { query: { project, changes: 'true', limit: 100 } });
  return (
    <Panel
      title="Changes"
      flush
      actions={
        <span className="flex flex-wrap items-center gap-2">
          {app.revision.number > 1 ? (
            <AsCommand what={`Undo revision ${app.revision.number}`} commands={undoCommands(commandTarget(app), app.revision.number)} />
          ) : null}
          <LinkButton href={paths.revisions(project, ref)} size="small" variant="quiet">
            All revisions
          </LinkButton>
        </span>
      }
    >
      <Asked answer={revisions} waitingFor="the revisions" rows={3}>
        {({ items }) => {
          const list = timeline(items, audit.data?.items ?? [], app).slice(0, shown);
          if (list.length === 0) return <Empty kind="nothing" title="Nothing changed yet" />;
          return (
            <ul>
              {list.map((item) =>
                item.kind === 'revision' ? (
                  <RevisionItem
                    key={item.key}
                    revision={item.revision}
                    href={paths.revisions(project, ref)}
                    undoable={mayUndo && item.revision.state === 'applied' && item.revision.number === app.revision.number}
                  />
                ) : (
                  <ActItem key={item.key} entry={item.entry} />
                ),
              )}
            </ul>
          );
        }}
      </Asked>
    </Panel>
  );
}

const line = 'grid grid-cols-[4.5rem_1fr] gap-x-3 border-b px-3 py-1.5 text-sm last:border-b-0';

function RevisionItem({ revision, href, undoable }: { revision: Revision; href: string; undoable: boolean }) {
  const young = revision.number > 1 && serverNow() - Date.parse(revision.createdAt) < undoMs;
  return (
    <li className={line}>
      <span className="text-muted text-xs leading-5">
        <Ago at={revision.createdAt} />
      </span>
      <span className="min-w-0 break-words">
        <Link href={`${href}?to=${revision.number}`} className="font-medium hover:underline">
          rev {revision.number}
        </Link>{' '}
        {revision.summary} <span className="text-muted">{revision.author.name}</span>
        {revision.state === 'applied' ? null : (
          <>
            {' '}
            <StatusWord status={revisionStatus(revision.state)} size="small" />
          </>
        )}
        {undoable && young ? <UndoButton revision={revision} /> : null}
      </span>
    </li>
  );
}

/** At once: what it would take from somebody else is refused by the API, and said. */
function UndoButton({ revision }: { revision: Revision }) {
  const { app, project } = useApp();
  const { show } = useToast();
  const undo = useAct(routes.undoApp, [routes.getApp, routes.listRevisions, routes.listAudit]);
  return (
    <button
      type="button"
      className="ms-2 min-h-6 text-link text-xs underline disabled:opacity-60"
      disabled={undo.isPending}
      onClick={() =>
        undo.mutate(
          { params: { project, app: app.id }, body: { revision: revision.number } },
          {
            onSuccess: (accepted) =>
              show({ title: `Asked: revision ${revision.number} is undone`, description: accepted.revision.summary }),
            onError: (error) => show({ title: undoneFailed, description: error.message }),
          },
        )
      }
    >
      Undo
    </button>
  );
}

function ActItem({ entry }: { entry: AuditEntry }) {
  return (
    <li className={line}>
      <Link href={paths.auditEntry(entry.id)} className="text-muted text-xs leading-5 hover:underline">
        <Ago at={entry.at} />
      </Link>
      <span className="min-w-0 break-words">
        <span className="font-mono text-xs">{entry.action}</span> {entry.summary ?? entry.name}{' '}
        <span className="text-muted">{entry.actor.name}</span>
        {entry.outcome === 'allowed' ? null : (
          <>
            {' '}
            <StatusWord status={outcomeStatus(entry.outcome)} size="small" />
          </>
        )}
      </span>
    </li>
  );
}
