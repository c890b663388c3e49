/**
 * A set of fields as managedFields keep it (metav1.FieldsV1): `{"f:spec":{"f:replicas":{}}}`. A node without keys is a member of the set; one with keys
 * is a member if it has `.` among them. The empty set is `{}` at the top. Sets are shared and never changed, but by `insert` on one's own.
 */
export interface FieldsV1 {
  [element: string]: FieldsV1;
}

const own = '.';

export const isEmptySet = (set: FieldsV1): boolean => {
  for (const _ in set) return false;
  return true;
};
const isMember = (node: FieldsV1): boolean => own in node || isEmptySet(node);

/** Adds the field at this path; a path of nothing names the whole object, which nobody owns. */
export function insert(set: FieldsV1, path: readonly string[]): void {
  let at = set;
  const last = path.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const element = path[index] as string;
    const next = at[element];
    if (index === last) {
      if (!next) at[element] = {};
      else if (!isMember(next)) next[own] = {};
      return;
    }
    if (!next) {
      const made: FieldsV1 = {};
      at[element] = made;
      at = made;
    } else {
      if (isEmptySet(next)) next[own] = {};
      at = next;
    }
  }
}

export function has(set: FieldsV1, path: readonly string[]): boolean {
  let at: FieldsV1 | undefined = set;
  for (const element of path) at = at?.[element];
  return at !== undefined && path.length > 0 && isMember(at);
}

/** What is in either. */
export function union(a: FieldsV1, b: FieldsV1): FieldsV1 {
  if (isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  const made: FieldsV1 = { ...a };
  for (const element of Object.keys(b)) {
    const [left, right] = [a[element], b[element] as FieldsV1];
    made[element] = left ? unionOfNodes(left, right) : right;
  }
  return made;
}

function unionOfNodes(a: FieldsV1, b: FieldsV1): FieldsV1 {
  if (isEmptySet(a) && isEmptySet(b)) return a;
  const made = union(withoutOwn(a), withoutOwn(b));
  return node(isMember(a) || isMember(b), made) ?? {};
}

/** What is in `a` and not in `b`. `a` itself where `b` takes nothing from it. */
export function difference(a: FieldsV1, b: FieldsV1): FieldsV1 {
  let made: FieldsV1 | undefined;
  for (const element of Object.keys(a)) {
    const [left, right] = [a[element] as FieldsV1, b[element]];
    if (!right || element === own) continue;
    const less = node(isMember(left) && !isMember(right), difference(withoutOwn(left), withoutOwn(right)));
    if (less && sameKeys(less, left)) continue;
    made ??= { ...a };
    if (less) made[element] = less;
    else delete made[element];
  }
  return made ?? a;
}

/** What is in `a`, not in `b`, and below nothing that is in `b`. */
export function recursiveDifference(a: FieldsV1, b: FieldsV1): FieldsV1 {
  let made: FieldsV1 | undefined;
  for (const element of Object.keys(a)) {
    const [left, right] = [a[element] as FieldsV1, b[element]];
    if (!right || element === own) continue;
    const less = isMember(right) ? undefined : node(isMember(left), recursiveDifference(withoutOwn(left), right));
    made ??= { ...a };
    if (less) made[element] = less;
    else delete made[element];
  }
  return made ?? a;
}

export function intersection(a: FieldsV1, b: FieldsV1): FieldsV1 {
  const made: FieldsV1 = {};
  for (const element of Object.keys(a)) {
    const [left, right] = [a[element] as FieldsV1, b[element]];
    if (!right || element === own) continue;
    const both = node(isMember(left) && isMember(right), intersection(withoutOwn(left), withoutOwn(right)));
    if (both) made[element] = both;
  }
  return made;
}

/** Every path of the set, the members of a node before what is deeper, in order. */
export function paths(set: FieldsV1, prefix: readonly string[] = []): string[][] {
  const elements = Object.keys(set)
    .filter((element) => element !== own)
    .sort();
  const members = elements.filter((element) => isMember(set[element] as FieldsV1)).map((element) => [...prefix, element]);
  return [...members, ...elements.flatMap((element) => paths(withoutOwn(set[element] as FieldsV1), [...prefix, element]))];
}

/** The same set with its elements in the order in which they are written down. */
export function sorted(set: FieldsV1): FieldsV1 {
  const elements = Object.keys(set);
  const made: FieldsV1 = {};
  for (const element of elements.length > 1 ? elements.sort() : elements) made[element] = sorted(set[element] as FieldsV1);
  return made;
}

/** What is below an element, as a set of its own. */
export function below(set: FieldsV1, element: string): FieldsV1 {
  const found = set[element];
  return found ? withoutOwn(found) : {};
}

export const hasElement = (set: FieldsV1, element: string): boolean => {
  const found = set[element];
  return found !== undefined && isMember(found);
};

function withoutOwn(set: FieldsV1): FieldsV1 {
  if (!(own in set)) return set;
  const { [own]: _, ...rest } = set;
  return rest;
}

/** A node of these children; undefined where nothing is left of it. */
export function node(member: boolean, children: FieldsV1): FieldsV1 | undefined {
  if (isEmptySet(children)) return member ? {} : undefined;
  return member ? { [own]: {}, ...children } : children;
}

function sameKeys(a: FieldsV1, b: FieldsV1): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key === own || a[key] === b[key]);
}
