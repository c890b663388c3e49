'use client';
import type { AuditEntry, Revision } from '@fairlead/shared';
import Link from 'next/link';
import { Asked } from '@/components/asked';
import { LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';
import { useAsk } from '@/lib/ask';
import { serverNow } from '@/lib/clock';
import { paths } from '@/lib/paths';
import { routes } from '@/lib/routes';
import { outcomeStatus, revisionStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { useApp } from './app-context';
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
        <LinkButton href={paths.revisions(project, ref)} size="small" variant="quiet">
          All revisions
        </LinkButton>
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
                    undoable={mayUndo && item.revision.number === app.revision.number}
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
        {undoable && young ? (
          <Link href={`${href}?to=${revision.number - 1}`} className="ms-2 text-link text-xs underline">
            Undo…
          </Link>
        ) : null}
      </span>
    </li>
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
