import { EvaluationError } from '../problem.js';
import { Duration, Timestamp, Uint, type Value } from '../value.js';

/** -1, 0 or 1 for values that have an order. @throws EvaluationError */
export function compareValues(a: Value, b: Value): number {
  const [x, y] = [ordered(a), ordered(b)];
  if (typeof x === 'string' && typeof y === 'string') return Buffer.compare(Buffer.from(x), Buffer.from(y));
  if (typeof x === 'string' || typeof y === 'string' || x === undefined || y === undefined) throw new EvaluationError('no such overload');
  if (Number.isNaN(x) || Number.isNaN(y)) throw new EvaluationError('NaN values cannot be ordered');
  return x < y ? -1 : x > y ? 1 : 0;
}

function ordered(value: Value): bigint | number | string | undefined {
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Uint) return value.value;
  if (value instanceof Timestamp || value instanceof Duration) return value.nanos;
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : undefined;
}
