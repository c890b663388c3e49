import { dyn, parametersOf, sameType, type Type, withParameters } from './type.js';

/** What type parameters stand for, so far as it is known. */
export type Substitutions = Map<string, Type>;

/** Whether all of `given` can be passed where `wanted` is declared; what they settle about parameters is noted, or nothing if they cannot. */
export function assignableAll(known: Substitutions, given: readonly Type[], wanted: readonly Type[]): boolean {
  const tried = new Map(known);
  const good = given.length === wanted.length && given.every((each, index) => assignable(tried, each, wanted[index] ?? dyn));
  if (good) for (const [name, type] of tried) known.set(name, type);
  return good;
}

/** checker.internalIsAssignable: the rules of cel-go, which are wider than equality (dyn, null, parameters). */
function assignable(known: Substitutions, given: Type, wanted: Type): boolean {
  if (wanted.kind === 'param') {
    const { valid, settled } = substitutes(known, given, wanted);
    if (valid) return true;
    if (settled) return false;
  }
  if (given.kind === 'param') return substitutes(known, wanted, given).valid;
  if (isWild(given) || isWild(wanted)) return true;
  if (given.kind === 'null') return takesNull(wanted);
  if (wanted.kind === 'null') return takesNull(given);
  if (given.kind === 'type') return wanted.kind === 'type';
  if (given.kind !== wanted.kind) return false;
  if ('name' in given && 'name' in wanted && given.name !== wanted.name) return false;
  const parameters = parametersOf(wanted);
  return parametersOf(given).every((each, index) => assignable(known, each, parameters[index] ?? dyn));
}

const isWild = (type: Type): boolean => type.kind === 'dyn' || type.kind === 'error';
const takesNull = ({ kind }: Type): boolean => ['null', 'object', 'opaque', 'optional', 'duration', 'timestamp'].includes(kind);

function substitutes(known: Substitutions, type: Type, param: Type & { kind: 'param' }): { valid: boolean; settled: boolean } {
  if (sameType(type, param)) return { valid: true, settled: true };
  const before = known.get(param.name);
  if (before) {
    if (sameType(type, before)) return { valid: true, settled: true };
    if (!assignable(known, type, before)) return { valid: false, settled: true };
    const wider = isWider(type, before) ? type : before;
    if (!mentions(known, param.name, wider)) known.set(param.name, wider);
    return { valid: true, settled: true };
  }
  if (mentions(known, param.name, type)) return { valid: false, settled: false };
  known.set(param.name, type);
  return { valid: true, settled: false };
}

function mentions(known: Substitutions, name: string, within: Type): boolean {
  if (within.kind === 'param') {
    if (within.name === name) return true;
    const behind = known.get(within.name);
    return behind !== undefined && mentions(known, name, behind);
  }
  return parametersOf(within).some((each) => mentions(known, name, each));
}

/** Whether `a` is as general as `b`, or more. */
function isWider(a: Type, b: Type): boolean {
  if (isWild(a) || a.kind === 'param') return true;
  if (isWild(b) || b.kind === 'param') return false;
  if (a.kind === 'null') return false;
  if (b.kind === 'null') return true;
  if (a.kind !== b.kind) return false;
  const parameters = parametersOf(b);
  return parametersOf(a).every((each, index) => isWider(each, parameters[index] ?? dyn));
}

/** What the elements of one list have in common. */
export function joined(known: Substitutions, before: Type | undefined, next: Type): Type {
  if (!before) return next;
  return assignableAll(known, [before], [next]) ? (isWider(before, next) ? before : next) : dyn;
}

/** With parameters replaced by what they stand for; those that stand for nothing become dyn if `final`. */
export function substituted(known: Substitutions, type: Type, final: boolean): Type {
  if (type.kind === 'param') {
    const found = known.get(type.name);
    if (found) return substituted(known, found, final);
    return final ? dyn : type;
  }
  const parameters = parametersOf(type);
  return parameters.length === 0
    ? type
    : withParameters(
        type,
        parameters.map((each) => substituted(known, each, final)),
      );
}
