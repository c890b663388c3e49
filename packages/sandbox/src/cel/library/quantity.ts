import { parseQuantity } from '@fairlead/kube/protocol';
import { type Overload, overload } from '../functions.js';
import { EvaluationError } from '../problem.js';
import { Opaque } from '../value.js';

const nano = 10n ** 9n;

class Quantity extends Opaque {
  readonly typeName = 'kubernetes.Quantity';

  /** Billionths. */
  constructor(readonly nanos: bigint) {
    super();
  }

  override equals(other: Opaque): boolean {
    return other instanceof Quantity && other.nanos === this.nanos;
  }
}

const isQuantity = (text: string): boolean => {
  try {
    parseQuantity(text);
    return true;
  } catch {
    return false;
  }
};
const malformed = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function quantity(text: string): Quantity {
  if (!isQuantity(text)) throw new EvaluationError(malformed);
  return new Quantity(parseQuantity(text));
}

const compared = (a: Quantity, b: Quantity): number => (a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0);
const isWhole = ({ nanos }: Quantity): boolean => nanos % nano === 0n && nanos / nano === BigInt.asIntN(64, nanos / nano);

function whole(value: Quantity): bigint {
  if (!isWhole(value)) throw new EvaluationError('cannot convert value to integer');
  return value.nanos / nano;
}

const type = 'kubernetes.Quantity';

/** Kubernetes' quantities: `quantity('1.5Gi').isGreaterThan(quantity('1G'))`. */
export const quantities: readonly Overload[] = [
  overload(`quantity(string) -> ${type}`, quantity),
  overload('isQuantity(string) -> bool', isQuantity),
  overload(`sign(${type}) -> int`, ({ nanos }: Quantity) => (nanos === 0n ? 0n : nanos > 0n ? 1n : -1n)),
  overload(`${type}.isGreaterThan(${type}) -> bool`, (a: Quantity, b: Quantity) => compared(a, b) > 0),
  overload(`${type}.isLessThan(${type}) -> bool`, (a: Quantity, b: Quantity) => compared(a, b) < 0),
  overload(`${type}.compareTo(${type}) -> int`, (a: Quantity, b: Quantity) => BigInt(compared(a, b))),
  overload(`${type}.asApproximateFloat() -> double`, ({ nanos }: Quantity) => Number(nanos / nano) + Number(nanos % nano) / 1e9),
  overload(`${type}.asInteger() -> int`, whole),
  overload(`${type}.isInteger() -> bool`, isWhole),
  overload(`${type}.add(${type}) -> ${type}`, (a: Quantity, b: Quantity) => new Quantity(a.nanos + b.nanos)),
  overload(`${type}.add(int) -> ${type}`, (a: Quantity, b: bigint) => new Quantity(a.nanos + b * nano)),
  overload(`${type}.sub(${type}) -> ${type}`, (a: Quantity, b: Quantity) => new Quantity(a.nanos - b.nanos)),
  overload(`${type}.sub(int) -> ${type}`, (a: Quantity, b: bigint) => new Quantity(a.nanos - b * nano)),
];
