import type { AppEndpoint, Reach } from '@fairlead/shared';
import type { Status } from '@/lib/status';

const reaches: Record<Reach['state'], Status> = {
  open: { word: 'Open', tone: 'warn', icon: 'lock-open' },
  limited: { word: 'Limited', tone: 'ok', icon: 'lock' },
  closed: { word: 'Closed', tone: 'idle', icon: 'ban' },
};

/** Open is said as a warning: it is how Kubernetes begins, and seldom what was meant. */
export const reachStatus = (state: Reach['state']): Status => reaches[state];

/** Ready, ending, or not ready: where new connections go. */
export function endpointStatus({ ready, terminating }: Pick<AppEndpoint, 'ready' | 'terminating'>): Status {
  if (terminating) return { word: 'Ending', tone: 'idle', icon: 'log-out' };
  return ready ? { word: 'Ready', tone: 'ok', icon: 'circle-check' } : { word: 'Not ready', tone: 'warn', icon: 'triangle-alert' };
}
