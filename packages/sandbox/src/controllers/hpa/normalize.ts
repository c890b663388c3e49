import type { HorizontalPodAutoscaler, ScalingRules } from '../model/autoscaling.js';

/** What an autoscaler remembers of its past. Times in milliseconds. */
export interface Memory {
  recommendations: { at: number; replicas: number }[];
  scaleEvents: { at: number; change: number }[];
}

export interface Normalized {
  replicas: number;
  ableToScale: { reason: string; message: string };
  limited: { status: 'True' | 'False'; reason: string; message: string };
}

const downWindowMs = 300_000;
const inRange = { reason: 'DesiredWithinRange', message: 'the desired count is within the acceptable range' };
const words = {
  TooManyReplicas: 'the desired replica count is more than the maximum replica count',
  TooFewReplicas: 'the desired replica count is less than the minimum replica count',
  ScaleUpLimit: 'the desired replica count is increasing faster than the maximum scale rate',
  ScaleDownLimit: 'the desired replica count is decreasing faster than the maximum scale rate',
};
const ready = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' };
const stabilized = {
  up: {
    reason: 'ScaleUpStabilized',
    message: 'recent recommendations were lower than current one, applying the lowest recent recommendation',
  },
  down: {
    reason: 'ScaleDownStabilized',
    message: 'recent recommendations were higher than current one, applying the highest recent recommendation',
  },
};

/** Makes of what the metrics ask for what may be done now: the highest wish of the last minutes, the limits, the speed. Remembers the wish. */
export function normalize({ spec }: HorizontalPodAutoscaler, current: number, desired: number, memory: Memory, now: number): Normalized {
  const { minReplicas = 1, maxReplicas, behavior } = spec;
  const up = behavior?.scaleUp ?? defaultUp;
  const down = behavior?.scaleDown ?? defaultDown;
  const windows = {
    up: (up.stabilizationWindowSeconds ?? 0) * 1000,
    down: (down.stabilizationWindowSeconds ?? downWindowMs / 1000) * 1000,
  };
  const calm = stabilize(current, desired, memory, windows, now);
  const ableToScale = calm === desired ? ready : desired >= current ? stabilized.up : stabilized.down;
  const limit = behavior
    ? limitedByRules(current, calm, { minReplicas, maxReplicas, up, down }, memory, now)
    : limitedBySize(current, calm, minReplicas, maxReplicas);
  return {
    replicas: limit.replicas,
    ableToScale,
    limited: { status: limit.replicas === calm ? 'False' : 'True', reason: limit.reason, message: limit.message },
  };
}

const defaultUp: ScalingRules = { stabilizationWindowSeconds: 0 };
const defaultDown: ScalingRules = { stabilizationWindowSeconds: downWindowMs / 1000 };

function stabilize(current: number, desired: number, memory: Memory, windows: { up: number; down: number }, now: number): number {
  const longest = Math.max(windows.up, windows.down);
  memory.recommendations = memory.recommendations.filter(({ at }) => at > now - longest);
  const within = (ms: number): number[] => memory.recommendations.filter(({ at }) => at > now - ms).map(({ replicas }) => replicas);
  const lowest = Math.min(desired, ...within(windows.up));
  const highest = Math.max(desired, ...within(windows.down));
  memory.recommendations.push({ at: now, replicas: desired });
  return Math.min(Math.max(current, lowest), highest);
}

type Limit = { replicas: number; reason: string; message: string };
const because = (replicas: number, reason: keyof typeof words): Limit => ({ replicas, reason, message: words[reason] });

/** Without rules: at most twice as many, or four. */
function limitedBySize(current: number, desired: number, least: number, most: number): Limit {
  const fastest = Math.max(2 * current, 4);
  if (desired < least) return because(least, 'TooFewReplicas');
  if (desired > Math.min(most, fastest)) return most > fastest ? because(fastest, 'ScaleUpLimit') : because(most, 'TooManyReplicas');
  return { replicas: desired, ...inRange };
}

interface Rules {
  minReplicas: number;
  maxReplicas: number;
  up: ScalingRules;
  down: ScalingRules;
}

function limitedByRules(
  current: number,
  desired: number,
  { minReplicas, maxReplicas, up, down }: Rules,
  memory: Memory,
  now: number,
): Limit {
  if (desired > current) {
    const fastest = Math.max(rate(current, up, memory, now, 1), current);
    const most = Math.min(maxReplicas, fastest);
    if (desired > most) return maxReplicas > fastest ? because(most, 'ScaleUpLimit') : because(most, 'TooManyReplicas');
  } else if (desired < current) {
    const fastest = Math.min(rate(current, down, memory, now, -1), current);
    const least = Math.max(minReplicas, fastest);
    if (desired < least) return minReplicas < fastest ? because(least, 'ScaleDownLimit') : because(least, 'TooFewReplicas');
  }
  return { replicas: desired, ...inRange };
}

/** How far the policies let it go from where it was at the beginning of each one's period. */
function rate(
  current: number,
  { selectPolicy = 'Max', policies = [] }: ScalingRules,
  { scaleEvents }: Memory,
  now: number,
  way: 1 | -1,
): number {
  if (selectPolicy === 'Disabled') return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const recent = scaleEvents.filter(({ at }) => at > now - periodSeconds * 1000);
    const start = current - recent.reduce((sum, { change }) => sum + change, 0);
    if (type === 'Pods') return start + way * value;
    return way === 1 ? Math.ceil(start * (1 + value / 100) - 1e-9) : Math.trunc(start * (1 - value / 100) + 1e-9);
  });
  if (limits.length === 0) return way === 1 ? Number.MAX_SAFE_INTEGER : 0;
  const widest = (selectPolicy === 'Max') === (way === 1);
  return widest ? Math.max(...limits) : Math.min(...limits);
}
