import type { Again, Controller, ControllerContext } from '../controller.js';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../model/storage.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { isBeingDeleted } from '../parts/owner.js';
import { itself } from '../parts/watch-keys.js';
import { annotations, referenceTo } from './binding.js';

/** The provisioner of the default class; it makes volumes of a node's own disk, when a pod has been given a node. */
export const localProvisioner = 'sandbox.fairlead.dev/local';
const takesMs = 2_000;

export function localVolumes(context: ControllerContext): Controller {
  const api = new ControllerApi(context, {
    account: 'local-provisioner',
    component: `${localProvisioner}_local-provisioner`,
    fieldManager: 'local-provisioner',
  });
  const begun = new Map<string, number>();

  function reconcile(key: string): Again | undefined {
    const { namespace, name } = splitKey(key);
    const claim = api.get('persistentvolumeclaims', namespace, name);
    const storage = claim && api.get('storageclasses.storage.k8s.io', '', claim.spec.storageClassName ?? '');
    const node = claim?.metadata.annotations?.[annotations.selectedNode];
    const isOurs = storage?.provisioner === localProvisioner && claim?.metadata.annotations?.[annotations.provisioner] === localProvisioner;
    if (!claim || !storage || !node || !isOurs || claim.spec.volumeName || isBeingDeleted(claim)) {
      begun.delete(key);
      return undefined;
    }
    const since = begun.get(key);
    if (since === undefined) {
      begun.set(key, api.now());
      api.event(claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${key}"`);
      return { againAfterMs: takesMs };
    }
    if (since + takesMs > api.now()) return { againAfterMs: since + takesMs - api.now() };
    provision(claim, storage, node);
    return undefined;
  }

  function provision(claim: PersistentVolumeClaim, storage: StorageClass, node: string): void {
    const modes = claim.spec.accessModes ?? [];
    if (modes.some((mode) => mode !== 'ReadWriteOnce' && mode !== 'ReadWriteOncePod')) {
      const why = 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes';
      api.event(claim, 'Warning', 'ProvisioningFailed', `failed to provision volume with StorageClass "${storage.metadata.name}": ${why}`);
      return;
    }
    const volume = volumeFor(claim, storage, node);
    if (!api.get('persistentvolumes', '', volume.metadata.name)) api.create('persistentvolumes', volume);
    api.event(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volume.metadata.name}`);
  }

  return {
    name: 'local-provisioner',
    watches: { persistentvolumeclaims: itself },
    initialKeys: () => api.list('persistentvolumeclaims').map(keyOf),
    reconcile,
  };
}

function volumeFor(claim: PersistentVolumeClaim, storage: StorageClass, node: string): PersistentVolume {
  const { namespace = '', name, uid = '' } = claim.metadata;
  const volume = `pvc-${uid}`;
  const hostname = { key: 'kubernetes.io/hostname', operator: 'In', values: [node] };
  return {
    metadata: {
      name: volume,
      annotations: { [annotations.provisionedBy]: localProvisioner, 'sandbox.fairlead.dev/selected-node': node },
    },
    spec: {
      capacity: { storage: claim.spec.resources?.requests?.storage ?? '0' },
      accessModes: [...(claim.spec.accessModes ?? [])],
      persistentVolumeReclaimPolicy: storage.reclaimPolicy ?? 'Delete',
      storageClassName: storage.metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
      claimRef: referenceTo(claim),
      hostPath: { path: `/var/lib/sandbox/volumes/${volume}_${namespace}_${name}`, type: 'DirectoryOrCreate' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [hostname] }] } },
    },
  };
}
