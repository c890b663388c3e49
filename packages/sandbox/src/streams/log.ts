import type { ServerResponse } from 'node:http';
import type { Nodes } from '../kubelet/index.js';
import type { Pod } from '../kubelet/pod.js';
import type { Log, LogLine } from '../kubelet/runtime/log.js';
import { badRequest, invalid } from '../machinery/api-error.js';
import type { Clock } from '../machinery/clock.js';
import { type FieldError, forbiddenField, invalidValue } from '../machinery/field-error.js';
import type { ConnectRequest } from './handler.js';
import { containerOf, runtimeOf, statusOf } from './pods.js';

interface LogOptions {
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  since: number | undefined;
  tailLines: number | undefined;
  limitBytes: number | undefined;
}

/** Who hears it. */
export interface LogReader {
  write(data: Buffer): void;
  end(): void;
  /** They went away. */
  onClose(listener: () => void): void;
}

export interface LogContext {
  nodes: Nodes;
  clock: Clock;
}

/** pods/log: what the container wrote, and with `follow` what it goes on to write until it ends. */
export function serveLog(context: LogContext, connect: ConnectRequest, response: ServerResponse): void {
  const { follow, pour } = openLog(context, connect);
  response.writeHead(200, { 'Content-Type': 'text/plain', ...(follow ? { 'Transfer-Encoding': 'chunked' } : {}) });
  if (follow) response.flushHeaders();
  pour({
    write: (data) => void response.write(data),
    end: () => void response.end(),
    onClose: (listener) => void response.on('close', listener),
  });
}

/** Finds the log, to be poured once. Throws where there is none. */
export function openLog({ nodes, clock }: LogContext, { parent, query }: ConnectRequest): { follow: boolean; pour(to: LogReader): void } {
  const pod = parent as unknown as Pod;
  const options = logOptions(pod, query, clock.now());
  const container = containerOf(pod, query.get('container'));
  const { name } = container;
  const runtime = pod.spec.nodeName ? runtimeOf(nodes, pod) : undefined;
  const found = statusOf(pod, name);
  const live = runtime?.live.get(name);
  const { follow } = options;
  if (options.previous) {
    // While it waits to be started again, the run before is the last one that there was.
    const log = found?.state.waiting && live?.isOver ? live.log : runtime?.previous.get(name);
    if (!found?.lastState.terminated || !log)
      throw badRequest(`previous terminated container ${JSON.stringify(name)} in pod ${JSON.stringify(pod.metadata.name)} not found`);
    return { follow, pour: (to) => send(clock, log, () => true, options, to) };
  }
  // It ended in an earlier life of the sandbox: nothing is left of what it wrote.
  if (!live && found?.state.terminated) return { follow: false, pour: (to) => to.end() };
  if (!live) {
    const reason = found?.state.waiting?.reason ?? 'ContainerCreating';
    const shown =
      reason === 'ErrImagePull' ? "image can't be pulled" : reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
    throw badRequest(`container ${JSON.stringify(name)} in pod ${JSON.stringify(pod.metadata.name)} is waiting to start: ${shown}`);
  }
  return { follow, pour: (to) => send(clock, live.log, () => live.isOver, options, to) };
}

function logOptions({ metadata: { name } }: Pod, query: URLSearchParams, now: number): LogOptions {
  const errors: FieldError[] = [];
  const whole = (key: string, least: number): number | undefined => {
    const text = query.get(key);
    if (text === null || text === '') return undefined;
    const value = Number(text);
    if (!Number.isInteger(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
    if (value < least) errors.push(invalidValue(key, value, least === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0'));
    return value;
  };
  const tailLines = whole('tailLines', 0);
  const limitBytes = whole('limitBytes', 1);
  const sinceSeconds = whole('sinceSeconds', 1);
  const sinceTime = query.get('sinceTime');
  if (sinceSeconds !== undefined && sinceTime)
    errors.unshift(forbiddenField('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, errors);
  const given = sinceTime ? Date.parse(sinceTime) : undefined;
  const truth = (key: string): boolean => ['true', '1'].includes(query.get(key) ?? '');
  const since = sinceSeconds !== undefined ? now - sinceSeconds * 1000 : given;
  return { follow: truth('follow'), previous: truth('previous'), timestamps: truth('timestamps'), since, tailLines, limitBytes };
}

function send(clock: Clock, log: Log, isOver: () => boolean, options: LogOptions, to: LogReader): void {
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  const write = (lines: readonly LogLine[]): void => {
    const data = Buffer.from(lines.map((line) => shown(line, options.timestamps)).join(''));
    const taken = data.subarray(0, Math.min(data.length, left));
    left -= taken.length;
    if (taken.length > 0) to.write(taken);
  };
  const first = log.read(clock.now());
  let next = first.next;
  const recent = first.lines.filter((line) => options.since === undefined || line.at >= options.since);
  write(options.tailLines === undefined ? recent : options.tailLines === 0 ? [] : recent.slice(-options.tailLines));
  const finished = (): boolean => left <= 0 || isOver();
  if (!options.follow || finished()) {
    to.end();
    return;
  }
  const more = (): void => {
    const read = log.read(clock.now(), next);
    next = read.next;
    write(read.lines);
    if (finished()) stop();
  };
  let undoTimer = () => {};
  const undoWrite = log.onWrite(more);
  const look = (): void => {
    more();
    undoTimer = clock.after(1000, look);
  };
  // Lines that are made up as time goes by, and an end without a last word, are looked for.
  undoTimer = clock.after(1000, look);
  const stop = (): void => {
    undoWrite();
    undoTimer();
    undoTimer = () => {};
    to.end();
  };
  to.onClose(() => {
    undoWrite();
    undoTimer();
  });
}

const shown = ({ at, text, partial }: LogLine, timestamps: boolean): string =>
  `${timestamps ? `${new Date(at).toISOString().slice(0, 23)}000000Z ` : ''}${text}${partial ? '' : '\n'}`;
