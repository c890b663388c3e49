import type { KubeObject } from '@fairlead/kube/protocol';

/** events.k8s.io/v1 and v1 tell the same event by other names. */
const names: readonly (readonly [core: string, modern: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

const rename = (event: KubeObject, pairs: readonly (readonly [string, string])[]): KubeObject => {
  const byName = new Map(pairs);
  const entries = Object.entries(event).map(([key, value]): [string, unknown] => [byName.get(key) ?? key, value]);
  return Object.fromEntries(entries) as KubeObject;
};

export const toCoreEvent = (event: KubeObject): KubeObject =>
  rename(
    event,
    names.map(([core, modern]) => [modern, core]),
  );
export const fromCoreEvent = (event: KubeObject): KubeObject => rename(event, names);
