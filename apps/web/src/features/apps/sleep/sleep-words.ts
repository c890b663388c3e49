import type { App, AppStatus } from '@fairlead/shared';
import { counted } from '@/lib/format';

/** What goes when an app goes to sleep, and what is kept. */
export function sleepWarning(app: Pick<App, 'spec'>, status: Pick<AppStatus, 'replicas' | 'address'> | null): string {
  const pods = status?.replicas?.total ?? null;
  const gone = pods === null ? 'Its pods go' : pods === 1 ? 'Its one pod goes' : `Its ${pods} pods go`;
  const visitors = status?.address ? ', and whoever visits it gets no answer' : '';
  const scaling = app.spec.kind === 'image' ? app.spec.autoscaling : undefined;
  const kept = scaling
    ? ` Its autoscaler goes with them; its bounds of ${scaling.minReplicas} to ${scaling.maxReplicas} are kept.`
    : ' The size to come back to is kept.';
  return `${gone}${visitors}.${kept}`;
}

/** What waking brings back. */
export function wakesTo({ spec, asleep }: Pick<App, 'spec' | 'asleep'>): string {
  if (spec.kind === 'image' && spec.autoscaling) return `${spec.autoscaling.minReplicas} to ${spec.autoscaling.maxReplicas} replicas`;
  return asleep?.size === null || asleep?.size === undefined ? 'the size of its manifests' : counted(asleep.size, 'replica');
}
