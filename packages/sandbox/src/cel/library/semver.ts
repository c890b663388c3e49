import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { Opaque } from '../value.js';

class Semver extends Opaque {
  readonly typeName = 'kubernetes.Semver';

  constructor(
    readonly numbers: readonly bigint[],
    readonly before: readonly string[],
  ) {
    super();
  }

  override equals(other: Opaque): boolean {
    return other instanceof Semver && compare(this, other) === 0;
  }
}

const form = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-.]+)?$/;

function parse(text: string): Semver | undefined {
  const [found, ...parts] = form.exec(text) ?? [];
  return found === undefined ? undefined : new Semver(parts.slice(0, 3).map(BigInt), parts[3]?.split('.') ?? []);
}

/** `v1.2`, `01.2.3` are taken for what they mean. */
function normalized(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([0-9.]*)(.*)$/s.exec(text.trim()) ?? [];
  const parts = numbers.split('.').map((each) => each.replace(/^0+(?=\d)/, ''));
  while (parts.length < 3 && rest === '') parts.push('0');
  return parts.join('.') + rest;
}

function semver(text: string): Semver {
  const found = parse(text);
  if (!found) throw new EvaluationError(problemOf(text));
  return found;
}

function problemOf(text: string): string {
  const parts = text.split('.');
  if (parts.length < 3) return 'No Major.Minor.Patch elements found';
  const names = ['major', 'minor', 'patch'];
  for (const [index, part] of [parts[0] ?? '', parts[1] ?? '', (parts[2] ?? '').replace(/[-+].*$/s, '')].entries()) {
    const [name = '', shown] = [names[index], JSON.stringify(part)];
    if (!/^\d+$/.test(part)) return `Invalid character(s) found in ${name} number ${shown}`;
    if (/^0\d/.test(part)) return `${name.charAt(0).toUpperCase()}${name.slice(1)} number must not contain leading zeroes ${shown}`;
  }
  return `Invalid character(s) found in prerelease ${JSON.stringify(text.replace(/^[^-]*-/, ''))}`;
}

function compare(a: Semver, b: Semver): number {
  for (const index of [0, 1, 2]) {
    const [x = 0n, y = 0n] = [a.numbers[index], b.numbers[index]];
    if (x !== y) return x < y ? -1 : 1;
  }
  if (a.before.length === 0 || b.before.length === 0) return Math.sign(b.before.length - a.before.length);
  for (let index = 0; index < Math.max(a.before.length, b.before.length); index += 1) {
    const [x, y] = [a.before[index], b.before[index]];
    if (x === y) continue;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const [m, n] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (m && n) return BigInt(x) < BigInt(y) ? -1 : 1;
    return m !== n ? (m ? -1 : 1) : x < y ? -1 : 1;
  }
  return 0;
}

const type = 'kubernetes.Semver';
const part = (index: number) => (value: Semver) => value.numbers[index] ?? 0n;

export const semvers: readonly Overload[] = [
  overload(`semver(string) -> ${type}`, semver),
  overload(`semver(string, bool) -> ${type}`, (text: string, loose: boolean) => semver(loose ? normalized(text) : text)),
  overload('isSemver(string) -> bool', (text: string) => parse(text) !== undefined),
  overload('isSemver(string, bool) -> bool', (text: string, loose: boolean) => parse(loose ? normalized(text) : text) !== undefined),
  overload(`${type}.isGreaterThan(${type}) -> bool`, (a: Semver, b: Semver) => compare(a, b) > 0),
  overload(`${type}.isLessThan(${type}) -> bool`, (a: Semver, b: Semver) => compare(a, b) < 0),
  overload(`${type}.compareTo(${type}) -> int`, (a: Semver, b: Semver) => BigInt(compare(a, b))),
  overload(`${type}.major() -> int`, part(0)),
  overload(`${type}.minor() -> int`, part(1)),
  overload(`${type}.patch() -> int`, part(2)),
];
