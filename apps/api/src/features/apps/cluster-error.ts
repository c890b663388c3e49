import { ClusterUnreachable, KubeError } from '@fairlead/kube';
import { AppError } from '../../platform/app-error.js';
import { isVerdict } from './plan/obstacles.js';

/** Did nobody answer? Then nothing is known, and asking again later may help. */
export const isAway = (error: unknown): boolean =>
  error instanceof ClusterUnreachable ||
  (error instanceof AppError && (error.code === 'cluster_unreachable' || error.code === 'cluster_not_ready')) ||
  (error instanceof KubeError && !isVerdict(error));

export const isNotFound = (error: unknown): boolean => error instanceof KubeError && error.code === 404;
