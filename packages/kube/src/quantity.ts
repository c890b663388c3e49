/** A string that the API server would not take as a quantity. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';

  constructor() {
    super('quantities must match the regular expression of Kubernetes: a number with an optional suffix such as m, k, Mi or e3');
  }
}

const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const binary: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };
const nano = 10n ** 9n;

/**
 * The exact value in billionths (nanos): `1500m` is 1,500,000,000. Finer fractions are rounded away from zero, as Kubernetes does. Throws QuantityError,
 * also for more than 100 digits or an exponent beyond ±18.
 */
export function parseQuantity(text: string | number): bigint {
  const match = /^([+-]?)([0-9]{0,100})(?:\.([0-9]{0,100}))?(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?$/.exec(String(text));
  if (!match) throw new QuantityError();
  const [, sign, whole = '', fraction = '', suffix = '', exponent] = match;
  if (whole === '' && fraction === '') throw new QuantityError();
  const power = exponent === undefined ? (decimal[suffix] ?? 0) : Number(exponent);
  if (Math.abs(power) > 18) throw new QuantityError();
  const scaled = BigInt(whole + fraction) * nano * (1n << (binary[suffix] ?? 0n)) * 10n ** BigInt(Math.max(power, 0));
  const divisor = 10n ** BigInt(fraction.length + Math.max(-power, 0));
  const value = (scaled + divisor - 1n) / divisor;
  return sign === '-' ? -value : value;
}

/** In the unit itself: cores for CPU (`250m` is 0.25), bytes for memory. Exact up to 2^53. */
export function toCores(text: string | number): number {
  const nanos = parseQuantity(text);
  return Number(nanos / nano) + Number(nanos % nano) / 1e9;
}

/** CPU in thousandths of a core, rounded up. */
export function toMillicores(text: string | number): number {
  return Number(ceil(parseQuantity(text), 10n ** 6n));
}

/** Memory or storage in whole bytes, rounded up. */
export function toBytes(text: string | number): number {
  return Number(ceil(parseQuantity(text), nano));
}

/** -1, 0 or 1. */
export function compareQuantities(a: string | number, b: string | number): number {
  const [x, y] = [parseQuantity(a), parseQuantity(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The shortest exact spelling: 'decimal' with m, k, M…, 'binary' with Ki, Mi… where they divide, else the plain number. */
export function formatQuantity(nanos: bigint, format: 'decimal' | 'binary'): string {
  if (nanos === 0n) return '0';
  if (format === 'binary' && nanos % nano === 0n) {
    const units = nanos / nano;
    for (const [suffix, shift] of Object.entries(binary).reverse()) if (units % (1n << shift) === 0n) return `${units >> shift}${suffix}`;
    return String(units);
  }
  for (const [suffix, power] of Object.entries(decimal).reverse()) {
    const unit = 10n ** BigInt(power + 9);
    if (nanos % unit === 0n) return `${nanos / unit}${suffix}`;
  }
  return `${nanos}n`;
}

/** Millicores as Kubernetes writes them: 250 is `250m`, 2000 is `2`. */
export const formatMillicores = (millicores: number): string => formatQuantity(BigInt(Math.round(millicores)) * 10n ** 6n, 'decimal');

/** Bytes as Kubernetes writes them: 536870912 is `512Mi`. */
export const formatBytes = (bytes: number): string => formatQuantity(BigInt(Math.round(bytes)) * nano, 'binary');

function ceil(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  return value > 0n && value % unit !== 0n ? quotient + 1n : quotient;
}
