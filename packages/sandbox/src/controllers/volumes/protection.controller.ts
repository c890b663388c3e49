import type { Change } from '../../api/api.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { Pod } from '../model/pod.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { isBeingDeleted } from '../parts/owner.js';
import { isFinished } from '../parts/pod-state.js';
import { claimNames } from '../scheduler/volumes.js';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';

/** Lets a deleted claim go when no pod uses it any more, and a deleted volume when no claim does. */
export function volumeProtection(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'pvc-protection-controller' });

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key.slice(key.indexOf(':') + 1));
    if (key.startsWith('claim:')) {
      const claim = api.get('persistentvolumeclaims', namespace, name);
      const uses = (pod: Pod): boolean => !isFinished(pod) && claimNames(pod).includes(name);
      const free = claim && isBeingDeleted(claim) && !api.list('pods', namespace).some(uses);
      if (free) release('persistentvolumeclaims', claim, claimFinalizer);
    } else {
      const volume = api.get('persistentvolumes', '', name);
      if (volume && isBeingDeleted(volume) && volume.status?.phase !== 'Bound') release('persistentvolumes', volume, volumeFinalizer);
    }
  }

  function release(resource: 'persistentvolumeclaims' | 'persistentvolumes', object: Parameters<typeof keyOf>[0], finalizer: string): void {
    if (!object.metadata.finalizers?.includes(finalizer)) return;
    api.change(resource, object, (draft) => {
      draft.metadata.finalizers = (draft.metadata.finalizers ?? []).filter((each) => each !== finalizer);
    });
  }

  const ofPod = ({ type, object }: Change): string[] => {
    const pod = object as unknown as Pod;
    if (type !== 'DELETED' && !isFinished(pod)) return [];
    return claimNames(pod).map((name) => `claim:${pod.metadata.namespace}/${name}`);
  };

  return {
    name: 'volume-protection',
    watches: {
      persistentvolumeclaims: ({ object }) => (isBeingDeleted(object) ? [`claim:${keyOf(object)}`] : []),
      persistentvolumes: ({ object }) => (isBeingDeleted(object) ? [`volume:${object.metadata.name}`] : []),
      pods: ofPod,
    },
    initialKeys: () => [
      ...api.list('persistentvolumeclaims').map((each) => `claim:${keyOf(each)}`),
      ...api.list('persistentvolumes').map((each) => `volume:${each.metadata.name}`),
    ],
    reconcile,
  };
}
