import { parseQuantity } from '@fairlead/kube/protocol';
import { decimalQuantity } from '../../schema/canonical-quantity.js';

export { canonicalQuantity } from '../../schema/canonical-quantity.js';

/** SetDefaults_ResourceList: nothing finer than thousandths. */
export function roundedToMilli(value: string): string {
  let nanos: bigint;
  try {
    nanos = parseQuantity(value);
  } catch {
    return value;
  }
  const unit = 10n ** 6n;
  if (nanos % unit === 0n) return value;
  const up = nanos > 0n ? nanos / unit + 1n : nanos / unit - 1n;
  return decimalQuantity(up * unit);
}
