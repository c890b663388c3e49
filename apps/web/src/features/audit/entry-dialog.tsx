'use client';
import type { AuditEntry } from '@fairlead/shared';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Asked } from '@/components/asked';
import { CopyButton } from '@/components/copy-button';
import { Dialog } from '@/components/dialog';
import { KeyValue } from '@/components/key-value';
import { StatusWord } from '@/components/status-word';
import { useAsk } from '@/lib/ask';
import { linkOf, objectOf } from '@/lib/audit-words';
import { formatAbsolute, formatBytes, formatDuration } from '@/lib/format';
import { routes } from '@/lib/routes';
import { outcomeStatus } from '@/lib/status';
import { useZone } from '@/lib/time';

/** One entry with everything that is recorded of it. */
export function EntryDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const answer = useAsk(routes.getAuditEntry, { params: { entry: id } });
  return (
    <Dialog open onClose={onClose} size="large" title={answer.data?.action ?? 'Audit entry'} description={answer.data?.summary}>
      <Asked answer={answer} waitingFor="the entry">
        {(entry) => <Entry entry={entry} />}
      </Asked>
    </Dialog>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const zone = useZone();
  const href = linkOf(entry);
  const entries: [string, ReactNode][] = [
    ['When', formatAbsolute(entry.at, zone, true)],
    ['Who', `${entry.actor.kind} ${entry.actor.name}`],
    [
      'On',
      href ? (
        <Link key="on" href={href} className="text-link underline underline-offset-2">
          {objectOf(entry)}
        </Link>
      ) : (
        objectOf(entry)
      ),
    ],
    ['Outcome', <StatusWord key="outcome" status={outcomeStatus(entry.outcome)} />],
    ['Because', entry.reason],
    ['Verb', entry.verb],
    ['Cluster', entry.cluster?.name],
    ['Namespace', entry.namespace],
    ['Status', entry.status],
    ['Took', formatDuration(entry.durationMs)],
    ['Ended', entry.endCause],
    [
      'Bytes in, out',
      entry.bytesIn === null && entry.bytesOut === null ? null : `${formatBytes(entry.bytesIn)}, ${formatBytes(entry.bytesOut)}`,
    ],
    ['Door', entry.door],
    [
      'Address',
      <code key="address" className="font-mono text-xs">
        {entry.sourceAddress}
      </code>,
    ],
    [
      'Program',
      <span key="program" className="break-all text-xs">
        {entry.userAgent}
      </span>,
    ],
    ['Request', <Copyable key="request" text={entry.requestId} />],
    ['Session', entry.sessionId ? <Copyable key="session" text={entry.sessionId} /> : null],
    ['Token', entry.tokenId ? <Copyable key="token" text={entry.tokenId} /> : null],
    ['Chain', <Copyable key="chain" text={`${entry.chain.writer} ${entry.chain.seq} ${entry.chain.hash}`} />],
  ];
  return <KeyValue entries={entries.filter(([, value]) => value !== null && value !== undefined && value !== '')} />;
}

function Copyable({ text }: { text: string }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1">
      <code className="min-w-0 break-all font-mono text-xs">{text}</code>
      <CopyButton text={text} />
    </span>
  );
}
