import type { KubeObject } from '@fairlead/kube';
import { type FieldError, invalidValue, required } from '../../machinery/field-error.js';
import { isQualifiedName, isSubdomain } from '../parts/names.js';
import { named } from '../parts/rules.js';
import { fields, isSet, text } from '../parts/values.js';

const maxShort = 128;
const maxMessage = 1024;

/** legacyValidateEvent: an event with an eventTime is one of the new kind, and must say more. */
export function eventRules(event: KubeObject): FieldError[] {
  const namespace = event.metadata.namespace ?? '';
  const about = text(fields(event.involvedObject).namespace);
  const elsewhere = invalidValue('involvedObject.namespace', about, 'does not match event.namespace');
  const errors: FieldError[] = [];
  if (!isSet(event.eventTime)) {
    if (about === '' ? namespace !== 'default' : about !== namespace) errors.push(elsewhere);
  } else {
    if (about === '' && namespace !== 'default' && namespace !== 'kube-system') errors.push(elsewhere);
    const component = text(event.reportingComponent);
    if (component === '') errors.push(required('reportingComponent'));
    errors.push(...named(isQualifiedName, component, 'reportingComponent'));
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
