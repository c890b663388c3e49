import type { App } from '@fairlead/shared';
import type { Status } from '@/lib/status';

/** An app that runs by a schedule has no pods of its own to be asleep or to serve: it is scheduled, or suspended. */
export function scheduledStatus({ workload, spec }: Pick<App, 'workload' | 'spec'>, status: Status): Status {
  if (workload?.kind !== 'CronJob' || status.icon !== 'moon') return status;
  const suspended = spec.kind === 'image' ? spec.schedule?.suspended : spec.suspended;
  return suspended ? { word: 'Suspended', tone: 'idle', icon: 'circle-pause' } : { word: 'Scheduled', tone: 'ok', icon: 'clock' };
}
