import type { Run, ScheduledRun } from '@fairlead/shared';
import type { Status } from '@/lib/status';

const looks: Record<Run['state'], Status> = {
  waiting: { word: 'Waiting', tone: 'busy', icon: 'clock' },
  running: { word: 'Running', tone: 'busy', icon: 'loader' },
  succeeded: { word: 'Succeeded', tone: 'ok', icon: 'circle-check' },
  failed: { word: 'Failed', tone: 'bad', icon: 'octagon-x' },
  stopped: { word: 'Ended early', tone: 'idle', icon: 'circle-slash' },
  lost: { word: 'Lost', tone: 'stale', icon: 'question' },
};

export const runStatus = (state: Run['state'] | ScheduledRun['state']): Status => looks[state];

export const isUnderWay = ({ state }: { state: Run['state'] | ScheduledRun['state'] }): boolean =>
  state === 'waiting' || state === 'running';
