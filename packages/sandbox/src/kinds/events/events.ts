import type { KubeObject } from '@fairlead/kube/protocol';
import type { Cell, ResourceDefinition } from '../../registry/definition.js';
import { define } from '../parts/define.js';
import { since } from '../parts/human-duration.js';
import { firstProblem, isSubdomain } from '../parts/names.js';
import { fields, isSet, number, text } from '../parts/values.js';
import { eventRules, modernEventRules } from './event-rules.js';
import { fromCoreEvent, toCoreEvent } from './event-versions.js';

const involved =
  (key: string) =>
  ({ involvedObject }: KubeObject) =>
    text(fields(involvedObject)[key]);

/** What `kubectl get events` shows, of the core version's fields. */
export function eventCells(event: KubeObject, now: number): Cell[] {
  const { metadata, involvedObject, source, series } = event;
  const first = since(event.firstTimestamp ?? event.eventTime, now);
  const { lastObservedTime, count } = fields(series);
  const kind = text(fields(involvedObject).kind).toLowerCase();
  const name = text(fields(involvedObject).name);
  const component = text(fields(source).component) || text(event.reportingComponent);
  const instance = text(fields(source).host) || text(event.reportingInstance);
  return [
    isSet(series) ? since(lastObservedTime, now) : isSet(event.lastTimestamp) ? since(event.lastTimestamp, now) : first,
    text(event.type),
    text(event.reason),
    name === '' ? kind : `${kind}/${name}`,
    text(fields(involvedObject).fieldPath),
    instance === '' ? component : `${component}, ${instance}`,
    text(event.message).trim(),
    first,
    isSet(series) ? number(count) : number(event.count) || 1,
    metadata.name,
  ];
}

const selectableFields: ResourceDefinition['selectableFields'] = {
  'involvedObject.kind': involved('kind'),
  'involvedObject.namespace': involved('namespace'),
  'involvedObject.name': involved('name'),
  'involvedObject.uid': involved('uid'),
  'involvedObject.apiVersion': involved('apiVersion'),
  'involvedObject.resourceVersion': involved('resourceVersion'),
  'involvedObject.fieldPath': involved('fieldPath'),
  reason: ({ reason }) => text(reason),
  reportingComponent: ({ reportingComponent }) => text(reportingComponent),
  source: ({ source, reportingComponent }) => text(fields(source).component) || text(reportingComponent),
  type: ({ type }) => text(type),
};

export const coreEvents: ResourceDefinition = define({
  resource: 'events',
  kind: 'Event',
  shortNames: ['ev'],
  createOnUpdate: true,
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  validate: eventRules,
  selectableFields,
  cells: eventCells,
});

/** The same events with the names of events.k8s.io. */
export const events: ResourceDefinition = define({
  group: 'events.k8s.io',
  resource: 'events',
  kind: 'Event',
  shortNames: ['ev'],
  createOnUpdate: true,
  hasGeneration: false,
  storage: 'events',
  validateAs: modernEventRules,
  convert: { toStored: toCoreEvent, fromStored: fromCoreEvent },
  selectableFields,
  cells: (event, now) => eventCells(toCoreEvent(event), now),
});
