import { parseQuantity } from '@fairlead/kube/protocol';

const decimal = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const nano = 10n ** 9n;
const most = 2n ** 63n - 1n;

/**
 * A quantity as the API server writes it after reading it: `0.5` is `500m`, `1024Mi` is `1Gi`, `1500000k` is `1500M`, `0.5Gi` is `512Mi`. The
 * family of its suffix stays. Text that is none stays as it is.
 */
export function canonicalQuantity(value: string | number): string;
export function canonicalQuantity(value: unknown): unknown;
export function canonicalQuantity(value: unknown): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const given = String(value);
  if (/^[1-9][0-9]{0,2}([mkMGTPE]|[KMGTP]i)?$/.test(given)) return given;
  let nanos: bigint;
  try {
    nanos = parseQuantity(given);
  } catch {
    return given;
  }
  if (nanos === 0n) return '0';
  // Of binary ones there are not more.
  if (given.endsWith('i') && nanos > most * nano) return String(most);
  if (isReused(given)) return given;
  if (/[KMGTPE]i$/.test(given)) {
    const size = nanos < 0n ? -nanos : nanos;
    if (size >= 1024n * nano && nanos % nano === 0n) return asBinary(nanos / nano);
    return decimalQuantity(nanos);
  }
  return /[eE][+-]?[0-9]+$/.test(given) ? asExponent(nanos) : decimalQuantity(nanos);
}

/** The API server keeps the text of what looks canonical to its quick parser, even where it would write it otherwise: `1E3`, `1.500`. */
function isReused(given: string): boolean {
  const match = /^[+-]?0*([0-9]*)(?:\.([0-9]*))?([a-zA-Z]*)([+-]?[0-9]*)$/.exec(given);
  if (!match) return false;
  const [, whole = '', fraction = '', suffix = '', exponent = ''] = match;
  const digits = (whole === '' ? '0' : whole) + fraction;
  if (suffix.endsWith('i')) return fraction === '' && (BigInt(digits) & 7n) !== 0n && digits.length < 10;
  const power = exponent === '' ? 3 * (decimal.indexOf(suffix) - 3) : Number(exponent);
  const scale = power - fraction.length;
  return digits.length <= 18 && scale >= -9 && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

export function decimalQuantity(nanos: bigint): string {
  let [amount, at] = [nanos, 0];
  while (at < decimal.length - 1 && amount % 1000n === 0n) {
    amount /= 1000n;
    at += 1;
  }
  return `${amount}${decimal[at]}`;
}

function asExponent(nanos: bigint): string {
  let [amount, exponent] = [nanos, -9];
  while (amount % 1000n === 0n && exponent < 18) {
    amount /= 1000n;
    exponent += 3;
  }
  return exponent === 0 ? String(amount) : `${amount}e${exponent}`;
}

function asBinary(whole: bigint): string {
  let [amount, at] = [whole, 0];
  while (at < binary.length - 1 && amount % 1024n === 0n) {
    amount /= 1024n;
    at += 1;
  }
  return `${amount}${binary[at]}`;
}
