import type { AppRow } from '@fairlead/shared';
import { appStatus } from '@/lib/status';

/** Every word of the filter stands somewhere in what the row shows. */
export function matchesFilter(row: AppRow, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = [
    row.name,
    appStatus(row.status).word,
    row.status?.cause?.sentence,
    ...(row.status?.images ?? []),
    row.status?.address,
    row.cluster,
    row.namespace,
    row.changedBy,
  ]
    .filter(Boolean)
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
