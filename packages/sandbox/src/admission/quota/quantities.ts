import { formatQuantity, parseQuantity } from '@fairlead/kube/protocol';
import { canonicalQuantity } from '../../kinds/parts/quantity-form.js';

/** The sum, in the form of the first that is not zero, as resource.Quantity adds. */
export function addQuantities(a: string, b: string, sign: 1n | -1n = 1n): string {
  const total = parseQuantity(a) + sign * parseQuantity(b);
  const form = parseQuantity(a) === 0n ? b : a;
  return canonicalQuantity(formatQuantity(total, /i$/.test(form) ? 'binary' : 'decimal'));
}
