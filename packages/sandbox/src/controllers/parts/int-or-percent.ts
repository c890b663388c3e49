import type { IntOrPercent } from '../model/workloads.js';

/** intstr.GetScaledValueFromIntOrPercent: `25%` of the total, rounded as asked. Anything unreadable is 0. */
export function scaled(value: IntOrPercent | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = /^(\d+)%$/.exec(value);
  if (!percent) return Number.parseInt(value, 10) || 0;
  const exact = (Number(percent[1]) * total) / 100;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}
