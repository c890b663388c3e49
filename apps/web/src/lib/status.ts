import type { AppStatus, AuditEntry, Cluster, ClusterNode, PodState, Revision, WebhookDelivery } from '@fairlead/shared';
import { counted } from './format';

/** Colour, shape and word of a state. The word is always shown; the icon is decoration beside it. */
export interface Status {
  word: string;
  tone: Tone;
  icon: StatusIcon;
}

export type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'idle' | 'stale';

export type StatusIcon =
  | 'ban'
  | 'check'
  | 'circle-check'
  | 'circle-dashed'
  | 'circle-pause'
  | 'circle-slash'
  | 'clock'
  | 'file-x'
  | 'hourglass'
  | 'loader'
  | 'lock'
  | 'lock-open'
  | 'log-out'
  | 'memory'
  | 'moon'
  | 'octagon-x'
  | 'package-x'
  | 'question'
  | 'server-off'
  | 'timer'
  | 'triangle-alert'
  | 'unplug';

const make = (word: string, tone: Tone, icon: StatusIcon): Status => ({ word, tone, icon });

const apps: Record<AppStatus['state'], Status> = {
  serving: make('Serving', 'ok', 'circle-check'),
  'rolling-out': make('Rolling out', 'busy', 'loader'),
  degraded: make('Degraded', 'warn', 'triangle-alert'),
  failing: make('Failing', 'bad', 'octagon-x'),
  asleep: make('Asleep', 'idle', 'moon'),
  paused: make('Paused', 'idle', 'circle-pause'),
  scheduled: make('Scheduled', 'ok', 'clock'),
  suspended: make('Suspended', 'idle', 'circle-pause'),
  unknown: make('Not known', 'idle', 'question'),
};

/** An app of which the cluster has said nothing yet is not known, never serving. */
export const appStatus = (status: Pick<AppStatus, 'state'> | null | undefined): Status => apps[status?.state ?? 'unknown'];

/** It is as it is wanted: the contract's `restingStates`. */
export const rests = (state: AppStatus['state']): boolean =>
  state === 'serving' || state === 'asleep' || state === 'scheduled' || state === 'suspended';

/** Worst first: the order in which lists of apps begin. */
const severity: AppStatus['state'][] = [
  'failing',
  'degraded',
  'rolling-out',
  'unknown',
  'paused',
  'serving',
  'scheduled',
  'suspended',
  'asleep',
];
export const appSeverity = (status: Pick<AppStatus, 'state'> | null | undefined): number => severity.indexOf(status?.state ?? 'unknown');

const pods: Record<PodState, Status> = {
  ready: make('Ready', 'ok', 'circle-check'),
  starting: make('Starting', 'busy', 'loader'),
  'not-ready': make('Not ready', 'warn', 'circle-dashed'),
  'no-node-fits': make('No node fits', 'warn', 'hourglass'),
  'waiting-for-volume': make('Waiting for volume', 'warn', 'hourglass'),
  crashing: make('Crashing', 'bad', 'octagon-x'),
  'image-not-found': make('Image not found', 'bad', 'package-x'),
  'registry-refused': make('Registry refused', 'bad', 'package-x'),
  'out-of-memory': make('Out of memory', 'bad', 'memory'),
  'config-missing': make('Config missing', 'bad', 'file-x'),
  stopping: make('Stopping', 'idle', 'circle-slash'),
  'stuck-stopping': make('Stuck stopping', 'warn', 'circle-slash'),
  finished: make('Finished', 'idle', 'check'),
  failed: make('Failed', 'bad', 'octagon-x'),
  evicted: make('Evicted', 'warn', 'log-out'),
  unknown: make('Not known', 'idle', 'question'),
};

/** `ageSeconds`: a pod that no node takes for a minute is bad, not slow. */
export function podStatus(state: PodState, ageSeconds = 0): Status {
  const status = pods[state];
  return state === 'no-node-fits' && ageSeconds >= 60 ? { ...status, tone: 'bad' } : status;
}

/** Above this an answer is slow enough to say so. */
export const slowMs = 1000;

export function clusterStatus(cluster: Pick<Cluster, 'state' | 'latencyMs'>): Status {
  switch (cluster.state) {
    case 'connecting':
      return make('Connecting', 'busy', 'loader');
    case 'unreachable':
      return make('Unreachable', 'stale', 'server-off');
    case 'refused':
      return make('Refused', 'bad', 'octagon-x');
    case 'ready':
      return cluster.latencyMs !== null && cluster.latencyMs > slowMs ? make('Slow', 'warn', 'timer') : make('Ready', 'ok', 'circle-check');
    default:
      return cluster.state satisfies never;
  }
}

export function nodeStatus(node: Pick<ClusterNode, 'ready' | 'cordoned' | 'reason'>): Status {
  if (!node.ready) return make('Not ready', 'bad', 'octagon-x');
  if (node.cordoned) return make('Cordoned', 'idle', 'ban');
  if (node.reason) return make(node.reason, 'warn', 'triangle-alert');
  return make('Ready', 'ok', 'circle-check');
}

const outcomes: Record<AuditEntry['outcome'], Status> = {
  allowed: make('Allowed', 'ok', 'check'),
  refused: make('Refused', 'warn', 'lock'),
  failed: make('Failed', 'bad', 'octagon-x'),
  started: make('Open', 'busy', 'loader'),
};
export const outcomeStatus = (outcome: AuditEntry['outcome']): Status => outcomes[outcome];

const revisions: Record<Revision['state'], Status> = {
  pending: make('Waiting', 'busy', 'clock'),
  applying: make('Applying', 'busy', 'loader'),
  applied: make('Applied', 'ok', 'check'),
  failed: make('Failed', 'bad', 'octagon-x'),
  interrupted: make('Interrupted', 'warn', 'triangle-alert'),
};
export const revisionStatus = (state: Revision['state']): Status => revisions[state];

/** `open`: fields of others that nobody has decided about yet. */
export function planStatus(blocks: number, open = 0, warnings = 0): Status {
  if (blocks === 0 && open > 0) return make(`${open} to decide`, 'warn', 'triangle-alert');
  if (blocks === 0 && warnings > 0) return make(counted(warnings, 'warning'), 'warn', 'triangle-alert');
  return blocks === 0 ? make('Clean', 'ok', 'circle-check') : make(`Blocked by ${blocks}`, 'bad', 'octagon-x');
}

export const enabledStatus = (disabled: boolean): Status =>
  disabled ? make('Disabled', 'idle', 'lock') : make('Active', 'ok', 'lock-open');
export const checkStatus = (ok: boolean): Status => (ok ? make('In order', 'ok', 'check') : make('Failed', 'bad', 'octagon-x'));
export const namespaceStatus = (state: 'ready' | 'pending' | 'failed'): Status =>
  state === 'ready'
    ? make('Ready', 'ok', 'check')
    : state === 'pending'
      ? make('Not yet there', 'warn', 'clock')
      : make('Failed', 'bad', 'octagon-x');

export const webhookStatus = (enabled: boolean): Status => (enabled ? make('On', 'ok', 'check') : make('Off', 'idle', 'circle-pause'));

/** One that was tried and waits is not yet lost, and says so. */
export function deliveryStatus({ state, attempts }: Pick<WebhookDelivery, 'state' | 'attempts'>): Status {
  switch (state) {
    case 'pending':
      return attempts > 0 ? make('Trying again', 'warn', 'hourglass') : make('Waiting', 'busy', 'clock');
    case 'sending':
      return make('Sending', 'busy', 'loader');
    case 'delivered':
      return make('Delivered', 'ok', 'check');
    case 'failed':
      return make('Not delivered', 'bad', 'octagon-x');
    default:
      return state satisfies never;
  }
}
