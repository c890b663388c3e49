import { parseQuantity } from '@fairlead/kube/protocol';
import { canonicalQuantity } from '../../kinds/parts/quantity-form.js';
import { type Fields, fields, items, stringMap } from '../../kinds/parts/values.js';
import { addQuantities } from './quantities.js';

/** What a pod asks for as a whole: its containers together, or an init container that wants more, with sidecars counted on both sides, and the overhead. */
export function podResources(spec: Fields, kind: 'requests' | 'limits'): Record<string, string> {
  const of = (container: Fields): Readonly<Record<string, string>> => stringMap(fields(container.resources)[kind]);
  let running: Record<string, string> = {};
  for (const each of items(spec.containers)) running = sum(running, of(each));
  let sidecars: Record<string, string> = {};
  let starting: Record<string, string> = {};
  for (const each of items(spec.initContainers)) {
    if (each.restartPolicy === 'Always') {
      running = sum(running, of(each));
      sidecars = sum(sidecars, of(each));
      starting = larger(starting, sidecars);
    } else starting = larger(starting, sum(sidecars, of(each)));
  }
  const total = larger(running, starting);
  // A pod may say it for all of its containers.
  for (const [name, value] of Object.entries(of(spec))) total[name] = value;
  return Object.keys(fields(spec.overhead)).length > 0 ? sum(total, stringMap(spec.overhead)) : total;
}

function sum(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): Record<string, string> {
  const total = { ...a };
  for (const [name, value] of Object.entries(b))
    total[name] = total[name] === undefined ? canonicalQuantity(value) : addQuantities(total[name], value);
  return total;
}

function larger(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): Record<string, string> {
  const most = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const known = most[name];
    if (known === undefined || parseQuantity(value) > parseQuantity(known)) most[name] = value;
  }
  return most;
}
