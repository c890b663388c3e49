import type { KubeObject } from '@fairlead/kube/protocol';
import { type FieldError, invalidValue, required } from '../../machinery/field-error.js';
import { equal } from '../../machinery/object.js';
import { asInternal } from '../parts/internal-form.js';
import { isQualifiedName, isSubdomain } from '../parts/names.js';
import { immutable, named } from '../parts/rules.js';
import { fields, isSet, number, text } from '../parts/values.js';

const maxShort = 128;
const maxMessage = 1024;

/** Events of the core version. */
export const eventRules = (event: KubeObject): FieldError[] => legacyRules(event, 'reportingComponent');

/** Those of events.k8s.io are strict besides, and what they tell stays as it was told. */
export const modernEventRules = (event: KubeObject, old: KubeObject | undefined): FieldError[] => [
  ...legacyRules(event, 'reportingController'),
  ...(old && equal(event.series, old.series) ? [] : seriesRules(event)),
  ...(old ? changeRules(event, old) : creationRules(event)),
];

function seriesRules({ series }: KubeObject): FieldError[] {
  if (!isSet(series)) return [];
  const { count, lastObservedTime } = fields(series);
  return [
    ...(number(count) < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : []),
    ...(isSet(lastObservedTime) ? [] : [required('series.lastObservedTime')]),
  ];
}

function creationRules(event: KubeObject): FieldError[] {
  const { component, host } = fields(event.source);
  const errors: FieldError[] = isSet(event.eventTime) ? [] : [required('eventTime')];
  const type = text(event.type);
  if (type !== 'Normal' && type !== 'Warning') errors.push(invalidValue('type', '', `has invalid value: ${type}`));
  const old = { firstTimestamp: isSet(event.firstTimestamp), lastTimestamp: isSet(event.lastTimestamp), count: number(event.count) !== 0 };
  for (const [key, said] of Object.entries(old)) if (said) errors.push(invalidValue(key, '', 'needs to be unset'));
  if (text(component) !== '' || text(host) !== '') errors.push(invalidValue('source', '', 'needs to be unset'));
  return errors;
}

const unchanging: readonly (readonly [field: string, core: string, type: string])[] = [
  ['involvedObject', 'involvedObject', 'ObjectReference'],
  ['reason', 'reason', 'string'],
  ['message', 'message', 'string'],
  ['source', 'source', 'EventSource'],
  ['firstTimestamp', 'firstTimestamp', 'metav1.Time'],
  ['lastTimestamp', 'lastTimestamp', 'metav1.Time'],
  ['count', 'count', 'int32'],
  ['type', 'type', 'string'],
  ['eventTime', 'eventTime', 'metav1.MicroTime'],
  ['action', 'action', 'string'],
  ['related', 'related', '*ObjectReference'],
  ['reportingController', 'reportingComponent', 'string'],
  ['reportingInstance', 'reportingInstance', 'string'],
];

const changeRules = (event: KubeObject, old: KubeObject): FieldError[] =>
  unchanging.flatMap(([field, core, type]) =>
    immutable(equal(event[core] ?? null, old[core] ?? null), internalForm(type, event[core]), field),
  );

/** An EventSource is not among the recorded structs. */
const internalForm = (type: string, value: unknown): unknown =>
  type === 'EventSource' ? { Component: text(fields(value).component), Host: text(fields(value).host) } : asInternal(type, value);

/** legacyValidateEvent: an event with an eventTime is one of the new kind, and must say more. */
function legacyRules(event: KubeObject, reporter: 'reportingComponent' | 'reportingController'): FieldError[] {
  const namespace = event.metadata.namespace ?? '';
  const about = text(fields(event.involvedObject).namespace);
  const elsewhere = invalidValue('involvedObject.namespace', about, 'does not match event.namespace');
  const errors: FieldError[] = [];
  if (!isSet(event.eventTime)) {
    if (about === '' ? namespace !== 'default' : about !== namespace) errors.push(elsewhere);
  } else {
    if (about === '' && namespace !== 'default' && namespace !== 'kube-system') errors.push(elsewhere);
    const component = text(event.reportingComponent);
    if (component === '') errors.push(required(reporter));
    errors.push(...named(isQualifiedName, component, reporter));
    for (const [key, most, needed] of [
      ['reportingInstance', maxShort, true],
      ['action', maxShort, true],
      ['reason', maxShort, true],
      ['message', maxMessage, false],
    ] as const) {
      const value = text(event[key]);
      if (needed && value === '') errors.push(required(key));
      if (value.length > most) errors.push(invalidValue(key, '', `can have at most ${most} characters`));
    }
  }
  return [...errors, ...named(isSubdomain, namespace, 'namespace')];
}
