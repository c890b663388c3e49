import type { Drill, DrillKind, DrillReport } from '@fairlead/shared';
import { counted, formatDuration } from '@/lib/format';
import type { Status } from '@/lib/status';

/** What a drill is called, and what it will do to an app of which so many pods are ready. */
export const drillTitles: Record<DrillKind, string> = {
  'kill-pod': 'Kill a pod',
  rollout: 'Roll it out anew',
  'drain-node': 'Empty a node of it',
};

export function whatItDoes(kind: DrillKind, ready: number): string {
  if (kind === 'kill-pod') {
    const others = Math.max(0, ready - 1);
    return `One pod is deleted, as if it had been lost. ${others === 0 ? 'No other is ready: visitors may get no answer until the next one is.' : `${counted(others, 'other ready pod goes', 'other ready pods go')} on serving.`}`;
  }
  if (kind === 'rollout') return 'Every pod is replaced by a new one of the same version, as a deploy does it.';
  return 'Its pods on one node are evicted, as a drain does it, as fast as its disruption budget allows. The node is not cordoned, so a replacement may come back to it. Takes pods on two nodes or more.';
}

const states: Record<Drill['state'], Status> = {
  running: { word: 'Running', tone: 'busy', icon: 'loader' },
  done: { word: 'Done', tone: 'ok', icon: 'circle-check' },
  failed: { word: 'Failed', tone: 'bad', icon: 'octagon-x' },
  interrupted: { word: 'Interrupted', tone: 'idle', icon: 'circle-slash' },
};

/** A drill that is done is as good as what it found. */
export function drillStatus({ state, report }: Pick<Drill, 'state' | 'report'>): Status {
  if (state !== 'done' || !report) return states[state];
  if (report.healedSeconds === null) return { word: 'Did not heal', tone: 'bad', icon: 'octagon-x' };
  if (report.requests.failed > 0) return { word: `${counted(report.requests.failed, 'request')} lost`, tone: 'bad', icon: 'octagon-x' };
  if (report.requests.slowed > 0)
    return { word: `${counted(report.requests.slowed, 'request')} slowed`, tone: 'warn', icon: 'triangle-alert' };
  if (report.url === null) return { word: 'Nothing was asked', tone: 'idle', icon: 'question' };
  return { word: 'Nothing lost', tone: 'ok', icon: 'circle-check' };
}

const phases = ['before', 'acting', 'healing', 'after', 'over'] as const satisfies readonly DrillReport['phase'][];

export interface Step {
  label: string;
  state: 'done' | 'now' | 'waits';
}

export function drillSteps(kind: DrillKind, phase: DrillReport['phase']): Step[] {
  const at = phases.indexOf(phase);
  const labels = ['Looks at it for 3 s as it is', acts[kind], 'Waits until it serves as before', 'Looks on for 10 s'];
  return labels.map((label, i) => ({ label, state: i < at ? 'done' : i === at ? 'now' : 'waits' }));
}

const acts: Record<DrillKind, string> = {
  'kill-pod': 'Deletes a pod',
  rollout: 'Starts a rolling update',
  'drain-node': 'Evicts its pods from one node',
};

/** The figures of a report as names and values. */
export function figures({ url, replicas, before, requests, healedSeconds, eviction }: DrillReport): [name: string, value: string][] {
  const healed: [string, string][] = [['Whole again after', healedSeconds === null ? 'not yet' : formatDuration(healedSeconds * 1000)]];
  const pods: [string, string][] = [['Ready pods before', String(replicas)]];
  if (eviction) {
    const { node, evicted, refused, left, returned } = eviction;
    pods.push([`Evicted from ${node}`, left.length > 0 ? `${evicted}, and ${left.length} held back by the budget` : String(evicted)]);
    pods.push(['Budget said no', refused === 0 ? 'never' : counted(refused, 'time')]);
    if (returned !== null) pods.push([`Back on ${node}`, `${returned} (it is not cordoned)`]);
  }
  if (url === null) return [...healed, ...pods];
  return [
    ['Requests', `${requests.sent} after the act, ${before.sent} before`],
    ['Failed', before.failed > 0 ? `${requests.failed}, and ${before.failed} before the act` : String(requests.failed)],
    ['Slowed', String(requests.slowed)],
    ['Longest gap', requests.longestGapMs === null ? '–' : formatDuration(requests.longestGapMs)],
    ...healed,
    ['Usual answer', `${formatDuration(before.medianMs)} before, ${formatDuration(requests.medianMs)} after`],
    ['Slowest answer', formatDuration(requests.slowestMs)],
    ...pods,
  ];
}

/** The strip of seconds in one sentence, for those who do not see it. */
export function stripInWords({ seconds, actedAtSecond }: Pick<DrillReport, 'seconds' | 'actedAtSecond'>): string {
  const failed = seconds.filter((each) => each.failed > 0).length;
  const slowed = seconds.filter((each) => each.failed === 0 && each.slowed > 0).length;
  const act = actedAtSecond === null ? '' : `, the act in second ${actedAtSecond + 1}`;
  return `${counted(seconds.length, 'second')}${act}: ${failed} with failures, ${slowed} slowed, ${seconds.length - failed - slowed} as usual.`;
}
