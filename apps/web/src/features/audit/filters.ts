import type { Zone } from '@/lib/format';

/** The filter as it stands in the URL; empty strings are no filter. */
export interface AuditFilter {
  actor: string;
  project: string;
  cluster: string;
  action: string;
  verb: string;
  outcome: string;
  door: string;
  changes: string;
  from: string;
  to: string;
}

export const filterKeys = [
  'actor',
  'project',
  'cluster',
  'action',
  'verb',
  'outcome',
  'door',
  'changes',
  'from',
  'to',
] as const satisfies readonly (keyof AuditFilter)[];

const one = <T extends string>(options: readonly T[], value: string): T | undefined => options.find((option) => option === value);

/** The filter as the API takes it. What the URL holds and the API would refuse is left out. */
export function queryOf(filter: AuditFilter) {
  return {
    actor: filter.actor.trim() || undefined,
    project: filter.project.trim() || undefined,
    cluster: filter.cluster.trim() || undefined,
    action: filter.action.trim() || undefined,
    verb: filter.verb.trim() || undefined,
    outcome: one(['allowed', 'refused', 'failed', 'started'], filter.outcome),
    door: one(['web', 'rest', 'kubectl', 'system'], filter.door),
    changes: filter.changes === 'true' ? 'true' : undefined,
    from: isoOrNothing(filter.from),
    to: isoOrNothing(filter.to),
  };
}

export const countOf = (filter: AuditFilter): number => filterKeys.filter((key) => filter[key] !== '').length;

/** What a datetime-local input shows for an absolute time, and back. Copied links hold absolute times. */
export function toInput(iso: string, zone: Zone): string {
  const at = new Date(iso);
  if (iso === '' || Number.isNaN(at.getTime())) return '';
  const local = zone === 'utc' ? at : new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

export function fromInput(text: string, zone: Zone): string {
  return text === '' ? '' : (isoOrNothing(zone === 'utc' ? `${text}Z` : text) ?? '');
}

function isoOrNothing(text: string): string | undefined {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
