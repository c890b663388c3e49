import { recordedData } from '../../recorded-data.js';
import type { TableColumn } from '../../registry/definition.js';

let recorded: Readonly<Record<string, readonly TableColumn[]>> | undefined;

/** The columns that a real API server gives this resource (`apps/v1/deployments`), as `scripts/record-columns.mjs` wrote them down. */
export function columnsOf(resource: string): readonly TableColumn[] {
  recorded ??= recordedData<Record<string, TableColumn[]>>('columns');
  const found = recorded[resource];
  if (!found) throw new Error(`no columns are recorded for ${resource}`);
  return found;
}
