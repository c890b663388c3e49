import type { Condition } from '../model/pod.js';
import type { Deployment } from '../model/workloads.js';
import { findCondition } from '../parts/conditions.js';
import { deadlineOf, progressing } from './deployment-status.js';

/** What a pause or its end makes of the Progressing condition, so that the time of a pause does not count as a lack of progress. */
export function pauseCondition(deployment: Deployment, now: number): Condition | undefined {
  const current = findCondition(deployment.status?.conditions, 'Progressing');
  if (deadlineOf(deployment) === undefined || current?.reason === 'ProgressDeadlineExceeded') return undefined;
  const noted = current?.reason === 'DeploymentPaused';
  if (deployment.spec.paused && !noted) return progressing('Unknown', 'DeploymentPaused', 'Deployment is paused', now);
  if (!deployment.spec.paused && noted) return progressing('Unknown', 'DeploymentResumed', 'Deployment is resumed', now);
  return undefined;
}
