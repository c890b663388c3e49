import type { Manifest } from '@fairlead/kube';
import { fieldManager, labels } from '../render/identity.js';
import type { PodOnce } from './pod-once.js';

export const runLabel = 'fairlead.dev/run';
const runOf = 'fairlead.dev/run-of';
/** So long the pod of one that has ended stays to be looked at; an interactive one leaves nothing to look at. */
const staysSeconds = { 'to-end': 3_600, interactive: 60 } as const;

/**
 * The Job of a run. Its labels are its own, so that no Service, budget or size of the app takes its pod in; `fairlead.dev/app` alone, which none of them
 * selects by itself, lets it through where others let the app through (network rules). It is owned by the app's workload, and goes
 * with it; not controlled by it, which would count. Whatever happens to Fairlead, the cluster ends it at its deadline, and clears it away. Pure.
 */
export function runJob(
  app: { name: string; namespace: string },
  run: { id: string; job: string; kind: 'to-end' | 'interactive'; deadlineSeconds: number; reachesAsApp: boolean },
  pod: PodOnce,
  owner: { apiVersion: string; kind: string; name: string; uid: string } | null,
): Manifest {
  const marks = {
    [labels.managedBy]: fieldManager,
    [runLabel]: run.id,
    [runOf]: app.name,
    ...(run.reachesAsApp && { [labels.app]: app.name }),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: run.job, namespace: app.namespace, labels: marks, ...(owner && { ownerReferences: [owner] }) },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: run.deadlineSeconds,
      ttlSecondsAfterFinished: staysSeconds[run.kind],
      template: { metadata: { labels: marks, annotations: pod.annotations }, spec: pod.spec },
    },
  };
}

/** `web-run-x7k2p`, within what a name may be. */
export const jobName = (app: string, suffix: string): string =>
  `${app.slice(0, 63 - 5 - suffix.length).replace(/[-.]+$/, '')}-run-${suffix}`;
