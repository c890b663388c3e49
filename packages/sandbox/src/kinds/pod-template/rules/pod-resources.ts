import { formatQuantity } from '@fairlead/kube/protocol';
import { type FieldError, forbiddenField, invalidValue } from '../../../machinery/field-error.js';
import { canonicalQuantity } from '../../parts/quantity-form.js';
import { amountOf } from '../../parts/rules.js';
import { type Fields, fields, isFields, isSet, list } from '../../parts/values.js';
import { podResourceName, resourceRules } from './resources.js';

/** Resources of the whole pod: never less than its containers ask for, never less than any may use. */
export function podResourceRules(spec: Fields, path: string, claims: readonly string[]): FieldError[] {
  if (!isFields(spec.resources)) return [];
  const at = `${path}.resources`;
  const { requests, limits } = spec.resources;
  const errors = isSet(spec.resources.claims) ? [forbiddenField(`${at}.claims`, 'claims may not be set for Resources at pod-level')] : [];
  errors.push(...resourceRules(spec.resources, at, claims, podResourceName));
  for (const [name, amount] of containerRequests(spec)) {
    const given = fields(requests)[name];
    if (given === undefined || amount <= amountOf(given)) continue;
    const sum = formatQuantity(amount, name === 'memory' ? 'binary' : 'decimal');
    errors.push(
      invalidValue(`${at}.requests[${name}]`, String(given), `must be greater than or equal to aggregate container requests of ${sum}`),
    );
  }
  list(spec.containers).forEach((container, index) => {
    for (const [name, limit] of Object.entries(fields(fields(container.resources).limits))) {
      const most = fields(limits)[name];
      if (most === undefined || amountOf(limit) <= amountOf(most)) continue;
      const words = `must be less than or equal to pod limits of ${canonicalQuantity(String(most))}`;
      errors.push(invalidValue(`${at}.containers[${index}][${name}].limits`, String(limit), words));
    }
  });
  return errors;
}

/** Containers and sidecars at once, or the hungriest init container with the sidecars before it. */
export function containerRequests(spec: Fields): Map<string, bigint> {
  const sum = new Map<string, bigint>();
  const add = (to: Map<string, bigint>, requests: unknown): void => {
    for (const [name, value] of Object.entries(fields(requests))) to.set(name, (to.get(name) ?? 0n) + amountOf(value));
  };
  for (const { resources } of list(spec.containers)) add(sum, fields(resources).requests);
  const [sidecars, most] = [new Map<string, bigint>(), new Map<string, bigint>()];
  for (const each of list(spec.initContainers)) {
    const requests = fields(fields(each.resources).requests);
    const now = new Map(sidecars);
    add(now, requests);
    for (const [name, amount] of now) if (amount > (most.get(name) ?? 0n)) most.set(name, amount);
    if (each.restartPolicy !== 'Always') continue;
    add(sidecars, requests);
    add(sum, requests);
  }
  for (const [name, amount] of most) if (amount > (sum.get(name) ?? 0n)) sum.set(name, amount);
  return sum;
}
