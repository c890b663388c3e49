import { condition, type Pod } from '../observed/shapes.js';

/** Pods that are there to serve: those of jobs run to their end. */
export const servingPods = (pods: readonly Pod[]): Pod[] =>
  pods.filter(({ metadata, status }) => {
    const owner = metadata.ownerReferences?.find((each) => each.controller);
    return owner?.kind !== 'Job' && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
  });

export const isReady = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp && condition(status?.conditions, 'Ready')?.status === 'True';
