import { expect, test } from 'vitest';
import { canonicalQuantity } from './canonical-quantity.js';

// As a kube-apiserver 1.34 prints them.
test.each([
  ['0.5', '500m'],
  [0.25, '250m'],
  [2, '2'],
  ['.5', '500m'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  ['1000000u', '1'],
  ['1000k', '1M'],
  ['1024Ki', '1Mi'],
  ['1.5Gi', '1536Mi'],
  ['0.1Ki', '102400m'],
  ['0Gi', '0'],
  ['1e3', '1e3'],
  ['15E2', '1500'],
  ['+1', '+1'],
  ['5.', '5.'],
  ['01', '01'],
  ['1.500', '1.500'],
  ['10Ei', '9223372036854775807'],
  ['a lot', 'a lot'],
])('%j: %s', (value, text) => expect(canonicalQuantity(value)).toBe(text));
