import type { AppRow } from '@fairlead/shared';
import Link from 'next/link';
import { ClusterName } from '@/components/cluster-name';
import type { Column } from '@/components/resource-table';
import { StatusWord } from '@/components/status-word';
import { appRef } from '@/lib/app-ref';
import { middle } from '@/lib/format';
import { paths } from '@/lib/paths';
import { appSeverity, appStatus } from '@/lib/status';
import { Ago } from '@/lib/time';
import { Address } from '../address';
import { hasCrashed, verdictSentence } from '../text';
import { SizeCell } from './size-cell';

/** What the list of apps shows of each. `lacksScale`: why this person may not change sizes. */
export function appColumns(project: string, all: readonly AppRow[], lacksScale: string | null): Column<AppRow>[] {
  const places = new Set(all.map((row) => `${row.cluster}/${row.namespace}`));
  return [
    {
      id: 'name',
      head: 'App',
      small: 'main',
      sortBy: (row) => row.name,
      cell: (row) => (
        <>
          <Link href={paths.app(project, appRef(row, all))} title={row.name} className="break-words font-medium hover:underline">
            {middle(row.name)}
          </Link>
          {places.size > 1 ? (
            <span className="block text-muted text-xs">
              <ClusterName name={row.cluster} />/{row.namespace}
            </span>
          ) : null}
        </>
      ),
    },
    {
      id: 'state',
      head: 'State',
      sortBy: (row) => appSeverity(row.status),
      cell: (row) => <StateCell row={row} logs={paths.logs(project, appRef(row, all))} />,
    },
    {
      id: 'size',
      head: 'Size',
      align: 'end',
      small: 'side',
      sortBy: (row) => row.status?.replicas?.wanted ?? null,
      cell: (row) => <SizeCell row={row} refused={lacksScale} />,
    },
    {
      id: 'image',
      head: 'Image',
      from: 'wide',
      sortBy: (row) => row.status?.images[0] ?? null,
      cell: (row) => <Images images={row.status?.images ?? []} />,
    },
    {
      id: 'address',
      head: 'Address',
      from: '2xl',
      sortBy: (row) => row.status?.address ?? row.status?.internalAddress ?? null,
      cell: (row) => <Address status={row.status} short />,
    },
    {
      id: 'changed',
      head: 'Changed',
      align: 'end',
      sortBy: (row) => row.changedAt,
      cell: (row) => (
        <span className="whitespace-nowrap">
          <Ago at={row.changedAt} />{' '}
          <span className="text-muted" title={row.changedBy}>
            {middle(row.changedBy, 16)}
          </span>{' '}
          <Link
            href={paths.revisions(project, appRef(row, all))}
            aria-label={`Revisions of ${row.name}: ${row.revision} is wanted`}
            title="Revisions: compare, roll back"
            className="inline-flex min-h-6 items-center text-link tabular-nums hover:underline"
          >
            rev {row.revision}
          </Link>
        </span>
      ),
    },
  ];
}

/** Word, then the cause where there is one: the same sentence as on the app's own page. */
function StateCell({ row, logs }: { row: AppRow; logs: string }) {
  const well = !row.status?.cause && row.revisionState !== 'failed' && row.revisionState !== 'interrupted';
  const sentence = well ? null : verdictSentence(row);
  return (
    <span className={`flex min-w-0 flex-wrap items-start gap-x-2 ${sentence ? 'sm:min-w-52 2xl:min-w-72' : ''}`}>
      <StatusWord status={appStatus(row.status)} />
      {sentence ? (
        <span title={sentence} className="line-clamp-2 max-w-96 break-words text-muted">
          {sentence}
        </span>
      ) : null}
      {hasCrashed(row.status?.cause) ? (
        <Link
          href={`${logs}?previous=true`}
          aria-label={`Last crash's log of ${row.name}`}
          className="inline-flex min-h-6 items-center whitespace-nowrap text-link hover:underline"
        >
          Last crash's log
        </Link>
      ) : null}
    </span>
  );
}

function Images({ images }: { images: string[] }) {
  const [first, ...rest] = images;
  if (!first) return <span className="text-muted">–</span>;
  return (
    <span className="font-mono text-xs" title={images.join('\n')}>
      {middle(first, 36)}
      {rest.length > 0 ? <span className="text-muted"> +{rest.length}</span> : null}
    </span>
  );
}
