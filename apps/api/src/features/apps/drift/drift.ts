import { isRecord, type KubeObject, type Manifest, parseQuantity } from '@fairlead/kube';
import { keyOf } from '../conflicts/field-path.js';
import { titleOf } from '../render/identity.js';

/** A field of ours that is not as we applied it. */
export interface Drifted {
  /** `Deployment/web` */
  object: string;
  /** `spec.replicas`, `spec.template.spec.containers[web].image` */
  field: string;
  wanted: unknown;
  /** null: it is gone. */
  found: unknown;
}

const maxShown = 20;

/**
 * Fields that a manifest names and that live otherwise. Pure; what the manifest does not name is not ours. Spellings of one quantity are equal.
 * `leave` says which fields belong to another owner (an autoscaler's replicas).
 */
export function drift(wanted: Manifest, live: KubeObject, leave: (field: string) => boolean = () => false): Drifted[] {
  const found: Drifted[] = [];
  const object = titleOf(wanted);
  const { apiVersion: _, kind: __, ...ours } = wanted;
  compare(ours, live, '', (field, value, now) => {
    if (!leave(field) && found.length < maxShown) found.push({ object, field, wanted: value, found: now ?? null });
  });
  return found;
}

type Tell = (field: string, wanted: unknown, found: unknown) => void;

function compare(wanted: unknown, found: unknown, path: string, tell: Tell): void {
  if (wanted === undefined || wanted === null) return;
  if (isRecord(wanted)) {
    // An empty object says nothing of its own, and the server may leave it out.
    if (!isRecord(found)) {
      if (Object.keys(wanted).length > 0) tell(path, wanted, found);
      return;
    }
    for (const [key, value] of Object.entries(wanted)) compare(value, found[key], path === '' ? key : `${path}.${key}`, tell);
  } else if (Array.isArray(wanted)) compareLists(wanted, found, path, tell);
  else if (!sameScalar(wanted, found)) tell(path, wanted, found);
}

function compareLists(wanted: readonly unknown[], found: unknown, path: string, tell: Tell): void {
  if (!Array.isArray(found)) {
    if (wanted.length > 0) tell(path, wanted, found);
    return;
  }
  if (!wanted.every(isRecord)) {
    if (JSON.stringify(wanted) !== JSON.stringify(found)) tell(path, wanted, found);
    return;
  }
  for (const [index, item] of wanted.entries()) {
    const key = keyOf(item);
    const other = key === null ? found[index] : found.find((each) => isRecord(each) && keyOf(each) === key);
    const at = `${path}[${key ?? index}]`;
    if (other === undefined) tell(at, item, undefined);
    else compare(item, other, at, tell);
  }
}

function sameScalar(wanted: unknown, found: unknown): boolean {
  if (wanted === found) return true;
  if (wanted === '' && found === undefined) return true;
  if (wanted === false && found === undefined) return true;
  if (found === undefined || typeof found === 'object') return false;
  if (String(wanted) === String(found)) return true;
  try {
    return parseQuantity(String(wanted)) === parseQuantity(String(found));
  } catch {
    return false;
  }
}
