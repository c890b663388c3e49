import { formatQuantity, parseQuantity } from '@fairlead/kube';

/** A quantity as the API server prints it: `1000m` is `1`, `1024Mi` is `1Gi`, 0.5 is `500m`. What is none stays as it is. */
export function canonicalQuantity(value: unknown): unknown {
  if (typeof value === 'string' && /^[1-9][0-9]{0,2}([mkMGTPE]|[KMGTPE]i)?$/.test(value)) return value;
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  const text = String(value);
  if (/[eE][+-]?[0-9]+$/.test(text)) return text;
  try {
    return formatQuantity(parseQuantity(text), text.endsWith('i') ? 'binary' : 'decimal');
  } catch {
    return text;
  }
}
