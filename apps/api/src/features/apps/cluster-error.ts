import { ClusterUnreachable, KubeError } from '@fairlead/kube';
import { AppError } from '../../platform/app-error.js';

/** Did nobody answer? Then nothing is known, and asking again later may help. */
export const isAway = (error: unknown): boolean =>
  error instanceof ClusterUnreachable ||
  (error instanceof AppError && (error.code === 'cluster_unreachable' || error.code === 'cluster_not_ready')) ||
  (error instanceof KubeError && (error.code === 429 || error.code >= 500));

export const isNotFound = (error: unknown): boolean => error instanceof KubeError && error.code === 404;
