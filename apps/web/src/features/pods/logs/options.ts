import { podSocketPath } from '@/lib/pod-socket';

export const sinceOptions = [
  { value: 'tail', label: 'last 1,000 lines' },
  { value: '300', label: 'last 5 min' },
  { value: '900', label: 'last 15 min' },
  { value: '3600', label: 'last hour' },
  { value: 'all', label: 'everything kept' },
] as const;
export type Since = (typeof sinceOptions)[number]['value'];
export const isSince = (text: string): text is Since => sinceOptions.some(({ value }) => value === text);

export interface StreamOptions {
  container: string | null;
  since: Since;
  previous: boolean;
}

/** Path of one pod's log socket. `resume`: continue from this time instead of from the beginning that was chosen. */
export function logPath(at: { cluster: string; namespace: string; pod: string }, options: StreamOptions, resume: string | null): string {
  const query: [string, string][] = [['timestamps', 'true']];
  if (options.container) query.push(['container', options.container]);
  if (options.previous) query.push(['previous', 'true']);
  else query.push(['follow', 'true']);
  if (resume) query.push(['sinceTime', resume]);
  else if (options.since === 'tail') query.push(['tailLines', '1000']);
  else if (options.since !== 'all') query.push(['sinceSeconds', options.since]);
  return podSocketPath(at, 'log', query);
}

/** The same by kubectl. */
export function logCommand(at: { cluster: string; namespace: string; pod: string }, { container, since, previous }: StreamOptions): string {
  return [
    `kubectl --context fairlead-${at.cluster} -n ${at.namespace} logs ${at.pod}`,
    container ? `-c ${container}` : '',
    previous ? '--previous' : '-f',
    since === 'tail' ? '--tail=1000' : since === 'all' ? '' : `--since=${since}s`,
    '--timestamps',
  ]
    .filter(Boolean)
    .join(' ');
}
