import type { Manifest } from '@fairlead/kube';
import type { ImageSpec } from '@fairlead/shared';
import { claims } from './claims.js';
import { configFiles } from './config-files.js';
import { type AppIdentity, labels } from './identity.js';
import { autoscaler, disruptionBudget } from './keeping.js';
import { networkPolicy } from './network-policy.js';
import { overlaid } from './overlay.js';
import { secretKeepers } from './own-secrets.js';
import { podTemplate } from './pod-template.js';
import { ingress, service } from './routing.js';

/** What the objects of one app have in common. */
export interface Frame {
  name: string;
  meta: { name: string; labels: Record<string, string> };
  selector: Record<string, string>;
}

/** Kubernetes objects of an app that is described by fields: a workload, and what its ports, routes, files, volumes and size ask for. Pure. */
export function renderImageApp({ name, project }: AppIdentity, given: ImageSpec): Manifest[] {
  const spec = given.asleep ? { ...given, replicas: 0 } : given;
  const frame = frameOf(name);
  const files = configFiles(frame, spec);
  const all = [
    networkPolicy(frame, project, spec),
    files,
    ...secretKeepers(frame, spec),
    ...claims(frame, spec),
    service(frame, spec),
    spec.schedule ? cronJob(frame, spec, spec.schedule, files) : deployment(frame, spec, files),
    disruptionBudget(frame, spec),
    autoscaler(frame, spec),
    ingress(frame, spec),
  ];
  return overlaid(
    all.filter((object) => object !== null),
    spec.overlay,
  );
}

export const frameOf = (name: string): Frame => ({
  name,
  meta: { name, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': name } },
  selector: { 'app.kubernetes.io/name': name, [labels.app]: name },
});

function deployment(frame: Frame, spec: ImageSpec, files: Manifest | null): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: frame.meta,
    spec: {
      replicas: sizeOf(spec),
      selector: { matchLabels: frame.selector },
      template: podTemplate(frame, spec, files),
    },
  };
}

/** Within the autoscaler's bounds; 0 is asleep, with or without one. */
const sizeOf = ({ replicas, autoscaling }: ImageSpec): number =>
  autoscaling && replicas > 0 ? Math.max(autoscaling.minReplicas, Math.min(replicas, autoscaling.maxReplicas)) : replicas;

function cronJob(frame: Frame, spec: ImageSpec, schedule: NonNullable<ImageSpec['schedule']>, files: Manifest | null): Manifest {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: frame.meta,
    spec: {
      schedule: schedule.cron,
      ...(schedule.timeZone && { timeZone: schedule.timeZone }),
      suspend: schedule.suspended,
      concurrencyPolicy: schedule.overlap,
      successfulJobsHistoryLimit: schedule.keep,
      failedJobsHistoryLimit: schedule.keep,
      jobTemplate: {
        spec: {
          backoffLimit: schedule.retries,
          ...(schedule.deadlineSeconds && { activeDeadlineSeconds: schedule.deadlineSeconds }),
          template: podTemplate(frame, spec, files),
        },
      },
    },
  };
}
