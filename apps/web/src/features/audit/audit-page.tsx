'use client';
import type { AuditEntry } from '@fairlead/shared';
import { Download, Link2 } from 'lucide-react';
import { parseAsString, useQueryState, useQueryStates } from 'nuqs';
import { useAnnounce } from '@/components/announce';
import { Asked } from '@/components/asked';
import { Button, LinkButton } from '@/components/button';
import { Empty } from '@/components/empty';
import { PageHeader } from '@/components/page-header';
import { Panel } from '@/components/panel';
import { type Column, ResourceTable } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { addressOf } from '@/lib/api';
import { useAskPages } from '@/lib/ask';
import { objectOf, readable } from '@/lib/audit-words';
import { formatAbsolute, formatClock, formatDuration } from '@/lib/format';
import { isPlatform } from '@/lib/roles';
import { routes } from '@/lib/routes';
import { outcomeStatus } from '@/lib/status';
import { useZone } from '@/lib/time';
import { useMe } from '@/lib/use-me';
import { AuditFilters } from './audit-filters';
import { EntryDialog } from './entry-dialog';
import { countOf, filterKeys, queryOf } from './filters';

const parser = parseAsString.withDefault('');
const parsers = Object.fromEntries(filterKeys.map((key) => [key, parser])) as Record<(typeof filterKeys)[number], typeof parser>;

/** Who did what, through which door, and what came of it; the filter is the address. */
export function AuditPage() {
  const [filter, setFilter] = useQueryStates(parsers);
  const [open, setOpen] = useQueryState('open', parser);
  const me = useMe();
  const query = queryOf(filter);
  const pages = useAskPages(routes.listAudit, { query: { ...query, limit: 100 } });
  const announce = useAnnounce();
  const all = isPlatform(me, 'auditor');
  const clear = () => void setFilter(Object.fromEntries(filterKeys.map((key) => [key, null])));
  const copyLink = async () => {
    await navigator.clipboard?.writeText(window.location.href);
    announce('Link copied');
  };
  return (
    <>
      <PageHeader
        title="Audit"
        actions={
          <>
            <Button onClick={() => void copyLink()}>
              <Link2 size={16} strokeWidth={1.75} aria-hidden />
              Copy link
            </Button>
            <LinkButton href={addressOf(routes.exportAudit, { query })} download>
              <Download size={16} strokeWidth={1.75} aria-hidden />
              Export NDJSON
            </LinkButton>
          </>
        }
      >
        {all ? null : 'Your own acts, and those in projects that you administer.'}
      </PageHeader>
      <Panel flush>
        <AuditFilters filter={filter} onChange={(part) => void setFilter(part)} onClear={clear} />
        <Asked answer={pages} waitingFor="the audit log" rows={10}>
          {({ pages: loaded }) => {
            const items = loaded.flatMap((page) => page.items);
            return (
              <>
                <ResourceTable
                  label="Audit entries"
                  rows={items}
                  keyOf={(entry) => entry.id}
                  columns={columnsFor((id) => void setOpen(id))}
                  isOpen={(entry) => entry.id === open}
                  onOpen={(entry) => void setOpen(entry.id)}
                  empty={
                    countOf(filter) > 0 ? (
                      <Empty kind="no-match" title="No entry matches" action={<Button onClick={clear}>Clear filters</Button>} />
                    ) : (
                      <Empty kind="nothing" title="Nothing is recorded yet">
                        Every act through the browser, REST and kubectl appears here, allowed or refused.
                      </Empty>
                    )
                  }
                />
                {items.length > 0 ? (
                  <footer className="no-print flex items-center gap-3 border-t px-3 py-2 text-muted text-sm">
                    <span>
                      {items.length} entries{pages.hasNextPage ? ', older ones follow' : ', that is all'}
                    </span>
                    {pages.hasNextPage ? (
                      <Button size="small" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                        Show older
                      </Button>
                    ) : null}
                  </footer>
                ) : null}
              </>
            );
          }}
        </Asked>
      </Panel>
      {open ? <EntryDialog id={open} onClose={() => void setOpen(null)} /> : null}
    </>
  );
}

function columnsFor(open: (id: string) => void): Column<AuditEntry>[] {
  return [
    { id: 'at', head: 'Time', small: 'under', width: '11rem', cell: (entry) => <At at={entry.at} /> },
    {
      id: 'who',
      head: 'Who',
      small: 'under',
      cell: ({ actor }) => (actor.kind === 'user' ? actor.name : actor.kind === 'robot' ? `robot/${actor.name}` : actor.kind),
    },
    {
      id: 'act',
      head: 'Act',
      small: 'main',
      cell: (entry) => (
        <button
          type="button"
          onClick={() => open(entry.id)}
          className="text-start font-mono text-xs hover:underline max-sm:break-all sm:whitespace-nowrap"
        >
          {entry.action}
        </button>
      ),
    },
    {
      id: 'on',
      head: 'On',
      cell: (entry) => <On entry={entry} />,
    },
    { id: 'door', head: 'Door', cell: (entry) => <span className="text-muted">{doors[entry.door]}</span> },
    { id: 'outcome', head: 'Outcome', small: 'side', cell: (entry) => <StatusWord status={outcomeStatus(entry.outcome)} /> },
    { id: 'took', head: 'Took', align: 'end', from: 'sm', cell: (entry) => formatDuration(entry.durationMs) },
  ];
}

const doors: Record<AuditEntry['door'], string> = { web: 'browser', rest: 'REST', kubectl: 'kubectl', system: 'Fairlead' };

function On({ entry }: { entry: AuditEntry }) {
  const zone = useZone();
  return (
    <span className="break-words">
      {objectOf(entry) ?? (entry.summary ? null : <span className="max-sm:hidden">–</span>)}
      {entry.summary ? <span className="text-muted"> {readable(entry.summary, zone)}</span> : null}
    </span>
  );
}

function At({ at }: { at: string }) {
  const zone = useZone();
  return (
    <time dateTime={at} title={formatAbsolute(at, zone, true)} className="whitespace-nowrap font-mono text-xs">
      {formatClock(at, zone, Date.now(), true)}
    </time>
  );
}
