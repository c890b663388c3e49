import { ClusterUnreachable } from './errors.js';
import { isRecord, type KubeObject } from './objects.js';
import { parseStatus, type Status, status } from './status.js';

export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject }
  /** The resourceVersion up to which the watch has come; `initialEnd` closes the list that a streaming watch began with. */
  | { type: 'BOOKMARK'; resourceVersion: string; initialEnd: boolean }
  | { type: 'ERROR'; status: Status };

/** etcd takes objects up to 1.5 MB; what is larger than this is no event. */
const maxEventBytes = 16 * 1024 * 1024;

/**
 * Reads newline-separated watch events, whatever pieces they come in; all events that one piece completes come in one array. Throws
 * ClusterUnreachable ('malformed answer', 'answer too large'). An unfinished last line is dropped: the stream was cut there.
 */
export async function* watchEvents(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes = maxEventBytes,
): AsyncGenerator<WatchEvent[], void, undefined> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    const events: WatchEvent[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...pending, chunk.subarray(start, end)]).toString('utf8');
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      if (line.trim() !== '') events.push(readEvent(line));
    }
    if (start < chunk.length) {
      pending.push(chunk.subarray(start));
      pendingBytes += chunk.length - start;
      if (pendingBytes > maxBytes) throw new ClusterUnreachable('answer too large');
    }
    if (events.length > 0) yield events;
  }
}

function readEvent(line: string): WatchEvent {
  const event = parse(line);
  if (!isRecord(event) || !isRecord(event.object)) throw new ClusterUnreachable('malformed answer');
  const { type, object } = event;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: asObject(object) };
    case 'BOOKMARK': {
      const metadata = isRecord(object.metadata) ? object.metadata : {};
      const annotations = isRecord(metadata.annotations) ? metadata.annotations : {};
      return {
        type,
        resourceVersion: String(metadata.resourceVersion ?? ''),
        initialEnd: annotations['k8s.io/initial-events-end'] === 'true',
      };
    }
    case 'ERROR':
      return { type, status: parseStatus(object) ?? status(500, 'InternalError', 'the watch ended with an unknown error') };
    default:
      throw new ClusterUnreachable('malformed answer');
  }
}

/** Throws ClusterUnreachable unless there is a name: without it nothing can be kept. */
export function asObject(value: unknown): KubeObject {
  if (!isRecord(value) || !isRecord(value.metadata) || typeof value.metadata.name !== 'string') {
    throw new ClusterUnreachable('malformed answer');
  }
  return value as KubeObject;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new ClusterUnreachable('malformed answer');
  }
}
