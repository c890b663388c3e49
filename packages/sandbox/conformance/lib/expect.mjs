// Partial comparison: what is named must be so; what is not named may be anything.

/** A value that must not be there. */
export const absent = Symbol('absent');

/** Thrown by `match` and friends: printed as it is at the end of the run. */
export class Mismatch extends Error {
  constructor(what, expected, got) {
    super(`${what}\n      expected ${show(expected)}\n      got      ${show(got)}`);
    this.name = 'Mismatch';
  }
}

/**
 * Objects: each named field matches. Arrays: same length, each item matches. RegExp: a string that it finds. Function: answers true.
 * `absent`: undefined. Everything else: equal.
 */
export function match(got, expected, what = 'value') {
  if (expected === absent) {
    if (got !== undefined) throw new Mismatch(what, expected, got);
  } else if (expected instanceof RegExp) {
    if (typeof got !== 'string' || !expected.test(got)) throw new Mismatch(what, expected, got);
  } else if (typeof expected === 'function') {
    if (!expected(got)) throw new Mismatch(what, expected, got);
  } else if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length) throw new Mismatch(what, expected, got);
    expected.forEach((item, i) => {
      match(got[i], item, `${what}[${i}]`);
    });
  } else if (expected !== null && typeof expected === 'object') {
    if (got === null || typeof got !== 'object') throw new Mismatch(what, expected, got);
    for (const [key, value] of Object.entries(expected)) match(got[key], value, `${what}.${key}`);
  } else if (!Object.is(got, expected)) throw new Mismatch(what, expected, got);
  return got;
}

/** Equal to the last field, whatever the order of an object's fields. */
export function same(got, expected, what = 'value') {
  if (canonical(got) !== canonical(expected)) throw new Mismatch(what, expected, got);
  return got;
}

/** Some item of the list matches; answers it. */
export function some(list, expected, what = 'list') {
  for (const item of list ?? []) {
    try {
      match(item, expected);
      return item;
    } catch {}
  }
  throw new Mismatch(`${what}: an item like this`, expected, list);
}

/** No item of the list matches. */
export function none(list, expected, what = 'list') {
  let found;
  try {
    found = some(list, expected);
  } catch {
    return;
  }
  throw new Mismatch(`${what}: no item like this`, expected, found);
}

function canonical(value) {
  return JSON.stringify(value, (_, v) =>
    v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1))) : v,
  );
}

function show(value) {
  if (value === undefined || value === absent) return '(absent)';
  if (value instanceof RegExp) return String(value);
  if (typeof value === 'function') return String(value);
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : JSON.stringify(value, (_, v) => (v instanceof RegExp || typeof v === 'function' ? String(v) : v === absent ? '(absent)' : v));
  return text.length > 1500 ? `${text.slice(0, 1500)} …` : text;
}
