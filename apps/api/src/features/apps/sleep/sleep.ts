import type { AppSpec } from '@fairlead/shared';
import { AppError } from '../../../platform/app-error.js';
import { replicaWord } from '../plan/words.js';

/** Put to sleep, or scaled to 0. */
export const isAsleep = (spec: AppSpec): boolean => spec.asleep === true || spec.replicas === 0;

/** The spec without pods; its size and bounds stay in it. One that sleeps already stays as it is. @throws AppError conflict for what has no size */
export function asleep(spec: AppSpec, name: string): AppSpec {
  if (spec.kind === 'image' && spec.schedule) throw new AppError('conflict', { reason: `${name} runs by a schedule: suspend it instead.` });
  return isAsleep(spec) ? spec : { ...spec, asleep: true };
}

/** The spec as it was before it slept; `size` is what it had before somebody scaled it to 0. One that is awake stays as it is. */
export function awake({ asleep: _, ...spec }: AppSpec, size: number | null): AppSpec {
  return spec.replicas === 0 ? { ...spec, replicas: size ?? 1 } : spec;
}

export const sleepWords = (spec: AppSpec): string =>
  spec.replicas === undefined || spec.replicas === 0 ? 'asleep' : `asleep, wakes to ${wakingTo(spec)}`;

export const wakeWords = (spec: AppSpec): string => (spec.replicas === undefined ? 'awake' : `awake, ${wakingTo(spec)}`);

function wakingTo(spec: AppSpec): string {
  if (spec.kind === 'image' && spec.autoscaling) return `${spec.autoscaling.minReplicas} to ${spec.autoscaling.maxReplicas} replicas`;
  return replicaWord(spec.replicas ?? 1);
}

export interface Sleep {
  since: Date;
  by: string;
  /** null: what the manifests say. */
  size: number | null;
}

/** Since when and by whom an app sleeps, from its applied revisions, newest first; null for one that is awake. Pure. */
export function sleepOf(revisions: readonly { spec: AppSpec; createdAt: Date; authorName: string }[]): Sleep | null {
  const [current] = revisions;
  if (!current || !isAsleep(current.spec)) return null;
  const before = revisions.findIndex(({ spec }) => !isAsleep(spec));
  const first = revisions[(before < 0 ? revisions.length : before) - 1] ?? current;
  const kept = current.spec.replicas || (before < 0 ? undefined : revisions[before]?.spec.replicas);
  return { since: first.createdAt, by: first.authorName, size: kept ?? null };
}
