'use client';
import type { AuditEntry } from '@fairlead/shared';
import Link from 'next/link';
import { useState } from 'react';
import { Asked } from '@/components/asked';
import { LinkButton } from '@/components/button';
import { Panel } from '@/components/panel';
import { StatusWord } from '@/components/status-word';
import { useAsk } from '@/lib/ask';
import { linkOf, objectOf, readable } from '@/lib/audit-words';
import { paths } from '@/lib/paths';
import { isPlatform } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { outcomeStatus } from '@/lib/status';
import { Ago, useZone } from '@/lib/time';
import { useMe } from '@/lib/use-me';

const most = 12;
const dayMs = 24 * 3_600_000;

/** What was changed in the last day, from the audit log, as far as one may read it. */
export function Changes() {
  // To the minute, so that the same question has the same key.
  const [from] = useState(() => new Date(Math.floor(Date.now() / 60_000) * 60_000 - dayMs).toISOString());
  const readsAll = isPlatform(useMe(), 'auditor');
  const entries = useAsk(routes.listAudit, { query: { changes: 'true', from, limit: 50 } });
  return (
    <Panel
      title="Changes of the last 24 h"
      flush
      actions={
        <LinkButton href={`${paths.audit}?changes=true`} size="small" variant="quiet">
          All
        </LinkButton>
      }
    >
      <Asked answer={entries} waitingFor="the audit log">
        {({ items }) => {
          // Coming and going changes nothing that others care for.
          const shown = items.filter((entry) => !entry.action.startsWith('auth.')).slice(0, most);
          return shown.length === 0 ? (
            <p className="px-3 py-4 text-muted text-sm">
              {readsAll ? 'Nothing changed.' : 'Nothing that you may read: your own acts, and those in projects that you administer.'}
            </p>
          ) : (
            <ul>
              {shown.map((entry) => (
                <ChangeItem key={entry.id} entry={entry} />
              ))}
            </ul>
          );
        }}
      </Asked>
    </Panel>
  );
}

function ChangeItem({ entry }: { entry: AuditEntry }) {
  const href = linkOf(entry);
  const zone = useZone();
  return (
    <li className="grid grid-cols-[5.5rem_1fr_auto] items-baseline gap-x-3 border-b px-3 py-1.5 text-sm last:border-b-0">
      <Link href={paths.auditEntry(entry.id)} className="text-muted text-xs hover:underline">
        <Ago at={entry.at} />
      </Link>
      <span className="min-w-0 break-words">
        <span className="font-medium">{entry.actor.name}</span> <span className="font-mono text-xs">{entry.action}</span>{' '}
        {href ? (
          <Link href={href} className="text-link underline underline-offset-2">
            {objectOf(entry)}
          </Link>
        ) : (
          objectOf(entry)
        )}
        {entry.summary ? <span className="text-muted"> {readable(entry.summary, zone)}</span> : null}
      </span>
      {entry.outcome === 'allowed' ? null : <StatusWord status={outcomeStatus(entry.outcome)} size="small" />}
    </li>
  );
}
