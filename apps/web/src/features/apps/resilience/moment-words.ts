import type { Moment } from '@fairlead/shared';
import type { Status } from '@/lib/status';

const looks: Record<Moment['kind'], Status> = {
  'pod-lost': { word: 'Lost', tone: 'bad', icon: 'octagon-x' },
  'pod-replaced': { word: 'Replaced', tone: 'busy', icon: 'clock' },
  'pod-healed': { word: 'Healed', tone: 'ok', icon: 'circle-check' },
  'container-crashed': { word: 'Crashed', tone: 'bad', icon: 'octagon-x' },
  'container-back': { word: 'Back', tone: 'ok', icon: 'circle-check' },
  serving: { word: 'Serves', tone: 'ok', icon: 'check' },
  failed: { word: 'Failed', tone: 'bad', icon: 'octagon-x' },
  drift: { word: 'Changed', tone: 'warn', icon: 'triangle-alert' },
  corrected: { word: 'Put back', tone: 'ok', icon: 'check' },
  drill: { word: 'Drill', tone: 'idle', icon: 'timer' },
};

export const momentStatus = (kind: Moment['kind']): Status => looks[kind];
