import type { ScheduleView } from '@fairlead/shared';
import { counted } from '@/lib/format';

/** What happens when one still runs at the time of the next. */
export const overlapWords: Record<ScheduleView['overlap'], string> = {
  Allow: 'several run at once',
  Forbid: 'the next one is left out',
  Replace: 'the running one is ended for the next',
};

export function keepWords({ succeeded, failed }: ScheduleView['keep']): string {
  if (succeeded === 0 && failed === 0) return 'none: nothing of a run stays';
  return succeeded === failed
    ? `the last ${counted(succeeded, 'run')} that went well, and as many that failed`
    : `the last ${succeeded} that went well, the last ${failed} that failed`;
}

/** "Fri 27 Nov, 03:30" on the wall clock of the schedule's zone. */
export function wallTime(at: string, timeZone: string | null): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: timeZone ?? 'UTC' }).format(new Date(at));
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC', timeZoneName: 'short' }).format(new Date(at));
  }
}
