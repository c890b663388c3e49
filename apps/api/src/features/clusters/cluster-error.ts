import { ClusterUnreachable, KubeError } from '@fairlead/kube';
import { AppError } from '../../platform/app-error.js';

/** A cluster's no, or its silence, in the contract's words. Anything else is returned as it is. */
export function clusterError(cluster: string, error: unknown): unknown {
  if (error instanceof ClusterUnreachable) {
    if (error.cause instanceof KubeError) return clusterError(cluster, error.cause);
    return new AppError('cluster_unreachable', { cluster, reason: error.why }, { cause: error });
  }
  if (error instanceof KubeError)
    return new AppError(
      'cluster_refused',
      { cluster, reason: `${error.code} ${error.message.slice(0, 500) || error.reason}` },
      { cause: error },
    );
  return error;
}
