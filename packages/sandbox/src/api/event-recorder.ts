import type { KubeObject } from '@fairlead/kube/protocol';
import { ApiError } from '../machinery/api-error.js';
import { microTimestamp, timestamp } from '../machinery/clock.js';
import type { Stored } from '../machinery/object.js';
import type { RecordedEvent } from './api.js';
import type { Core } from './core.js';

const rememberedEvents = 4096;

interface Known {
  namespace: string;
  name: string;
}
/** Where the last event of that kind is: per core, as one correlator would know it. */
const known = new WeakMap<Core, Map<string, Known>>();

/** client-go's recorder and correlator: the same event again raises `count` and `lastTimestamp`. An event that is refused is lost, as there. */
export function recordEvent(core: Core, event: RecordedEvent): void {
  const { about, type, reason, message, component, host = '', fieldPath, action } = event;
  const { metadata } = about;
  const now = timestamp(core.clock.now());
  const key = JSON.stringify([metadata.uid, about.kind, metadata.name, type, reason, action ?? message, component, host, fieldPath]);
  let events = known.get(core);
  if (!events) {
    events = new Map();
    known.set(core, events);
  }
  const before = events.get(key);
  try {
    const raised =
      before &&
      core.api.change(
        'events',
        before.namespace,
        before.name,
        (object) => {
          if (action) object.series = { count: seriesCount(object) + 1, lastObservedTime: microTimestamp(core.clock.now()) };
          else Object.assign(object, { count: Number(object.count ?? 1) + 1, lastTimestamp: now });
        },
        { fieldManager: component },
      );
    if (raised) return;
    // Events about what has no namespace are in `default`.
    const namespace = metadata.namespace ?? 'default';
    const name = `${metadata.name}.${nanoseconds(core)}`;
    const made: KubeObject = {
      metadata: { name, namespace },
      involvedObject: {
        ...(about.kind ? { kind: about.kind } : {}),
        ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
        name: metadata.name,
        ...(metadata.uid ? { uid: metadata.uid } : {}),
        ...(about.apiVersion ? { apiVersion: about.apiVersion } : {}),
        ...(metadata.resourceVersion ? { resourceVersion: metadata.resourceVersion } : {}),
        ...(fieldPath ? { fieldPath } : {}),
      },
      reason,
      message,
      ...(action
        ? { source: {}, firstTimestamp: null, lastTimestamp: null, type, eventTime: microTimestamp(core.clock.now()), action }
        : { source: { component, ...(host ? { host } : {}) }, firstTimestamp: now, lastTimestamp: now, count: 1, type, eventTime: null }),
      reportingComponent: component,
      reportingInstance: host,
    };
    const stored: Stored = core.api.create('events', made, { fieldManager: component });
    events.delete(key);
    events.set(key, { namespace, name: stored.metadata.name });
    if (events.size > rememberedEvents) events.delete(events.keys().next().value ?? '');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

const seriesCount = ({ series }: KubeObject): number => (series as { count?: number } | undefined)?.count ?? 1;

/** `17f3b2c1a0d4e5f6`: the time in nanoseconds, its last digits by chance. */
function nanoseconds(core: Core): string {
  return (BigInt(core.clock.now()) * 1_000_000n + BigInt(Math.floor(core.random() * 1_000_000))).toString(16);
}
