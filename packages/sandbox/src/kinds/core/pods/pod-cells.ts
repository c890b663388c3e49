import type { KubeObject } from '@fairlead/kube/protocol';
import type { Cell } from '../../../registry/definition.js';
import { since } from '../../parts/human-duration.js';
import { type Fields, fields, isFields, list, number, text } from '../../parts/values.js';

/** A pod's row: READY, STATUS and RESTARTS are told from its containers, not from its phase alone. */
export function podCells({ metadata, spec, status }: KubeObject, now: number): Cell[] {
  const { nodeName, readinessGates } = fields(spec);
  const { nominatedNodeName, podIPs, conditions } = fields(status);
  const { ready, total, reason, restarts, lastRestart } = summary(fields(spec), fields(status), metadata);
  const gates = list(readinessGates);
  const passed = gates.filter(({ conditionType }) => list(conditions).find(({ type }) => type === conditionType)?.status === 'True');
  return [
    metadata.name,
    `${ready}/${total}`,
    reason,
    restarts !== 0 && lastRestart !== '' ? `${restarts} (${since(lastRestart, now)} ago)` : String(restarts),
    since(metadata.creationTimestamp, now),
    text(list(podIPs)[0]?.ip) || '<none>',
    text(nodeName) || '<none>',
    text(nominatedNodeName) || '<none>',
    gates.length === 0 ? '<none>' : `${passed.length}/${gates.length}`,
  ];
}

interface Summary {
  ready: number;
  total: number;
  reason: string;
  restarts: number;
  lastRestart: string;
}

function summary(spec: Fields, status: Fields, { deletionTimestamp }: KubeObject['metadata']): Summary {
  const initContainers = list(spec.initContainers);
  const sidecars = new Set(initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  const conditions = list(status.conditions);
  const phase = text(status.phase);
  const told: Summary = { ready: 0, total: list(spec.containers).length + sidecars.size, reason: phase, restarts: 0, lastRestart: '' };
  if (text(status.reason) !== '') told.reason = text(status.reason);
  if (conditions.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated')) told.reason = 'SchedulingGated';

  const sidecarsOnly = { restarts: 0, lastRestart: '' };
  const initializing = readInitContainers(told, sidecarsOnly, sidecars, list(status.initContainerStatuses), initContainers.length);
  const initialized = conditions.find(({ type }) => type === 'Initialized')?.status === 'True';
  if (!initializing || initialized) {
    Object.assign(told, sidecarsOnly);
    readContainers(told, list(status.containerStatuses), conditions);
  }
  if (deletionTimestamp && status.reason === 'NodeLost') told.reason = 'Unknown';
  else if (deletionTimestamp && phase !== 'Succeeded' && phase !== 'Failed') told.reason = 'Terminating';
  return told;
}

/** Goes to the first one that is not through; answers whether there is one. */
function readInitContainers(
  told: Summary,
  sidecarsOnly: Pick<Summary, 'restarts' | 'lastRestart'>,
  sidecars: ReadonlySet<unknown>,
  statuses: readonly Fields[],
  count: number,
): boolean {
  for (const [index, each] of statuses.entries()) {
    const isSidecar = sidecars.has(each.name);
    addRestarts(told, each);
    if (isSidecar) addRestarts(sidecarsOnly, each);
    const { terminated, waiting } = fields(each.state);
    if (isFields(terminated) && number(terminated.exitCode) === 0) continue;
    if (isSidecar && each.started === true) {
      if (each.ready === true) told.ready += 1;
      continue;
    }
    if (isFields(terminated)) told.reason = `Init:${text(terminated.reason) || ending(terminated)}`;
    else if (text(fields(waiting).reason) !== '' && fields(waiting).reason !== 'PodInitializing')
      told.reason = `Init:${text(fields(waiting).reason)}`;
    else told.reason = `Init:${index}/${count}`;
    return true;
  }
  return false;
}

function readContainers(told: Summary, statuses: readonly Fields[], conditions: readonly Fields[]): void {
  let hasRunning = false;
  for (const each of [...statuses].reverse()) {
    addRestarts(told, each);
    const { waiting, terminated, running } = fields(each.state);
    if (text(fields(waiting).reason) !== '') told.reason = text(fields(waiting).reason);
    else if (isFields(terminated)) told.reason = text(terminated.reason) || ending(terminated);
    else if (each.ready === true && isFields(running)) {
      hasRunning = true;
      told.ready += 1;
    }
  }
  if (told.reason !== 'Completed' || !hasRunning) return;
  told.reason = conditions.some(({ type, status }) => type === 'Ready' && status === 'True') ? 'Running' : 'NotReady';
}

function addRestarts(to: Pick<Summary, 'restarts' | 'lastRestart'>, { restartCount, lastState }: Fields): void {
  to.restarts += number(restartCount);
  const finished = text(fields(fields(lastState).terminated).finishedAt);
  if (finished > to.lastRestart) to.lastRestart = finished;
}

const ending = ({ signal, exitCode }: Fields): string =>
  number(signal) !== 0 ? `Signal:${number(signal)}` : `ExitCode:${number(exitCode)}`;
