import type { Change } from '../../api/api.js';
import { timestamp } from '../../machinery/clock.js';
import { equal } from '../../machinery/object.js';
import type { Controller, ControllerContext } from '../controller.js';
import type { PersistentVolume, PersistentVolumeClaim } from '../model/storage.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { isBeingDeleted } from '../parts/owner.js';
import { annotations, bestVolume, isClaimedBy, referenceTo } from './binding.js';

/** Brings claims and volumes together, and lets volumes go whose claim is gone. Keys: `claim:` and `volume:`. */
export function volumeBinder(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'persistent-volume-binder', component: 'persistentvolume-controller' });

  function reconcile(key: string): undefined {
    const { namespace, name } = splitKey(key.slice(key.indexOf(':') + 1));
    if (key.startsWith('claim:')) {
      const claim = api.get('persistentvolumeclaims', namespace, name);
      if (claim) syncClaim(claim);
    } else {
      const volume = api.get('persistentvolumes', '', name);
      if (volume) syncVolume(volume);
    }
  }

  function syncClaim(claim: PersistentVolumeClaim): void {
    if (claim.metadata.annotations?.[annotations.bindCompleted]) {
      checkBound(claim);
      return;
    }
    if (isBeingDeleted(claim)) return;
    if (claim.spec.volumeName) {
      const wanted = api.get('persistentvolumes', '', claim.spec.volumeName);
      if (!wanted) {
        setPhase(claim, 'Pending');
        return;
      }
      if (wanted.spec.claimRef && !isClaimedBy(wanted, claim)) {
        const message = `volume "${wanted.metadata.name}" already bound to a different claim.`;
        api.event(claim, 'Warning', 'FailedBinding', message);
        return;
      }
      bind(claim, wanted);
      return;
    }
    const node = claim.metadata.annotations?.[annotations.selectedNode];
    const waits = bindingMode(claim) === 'WaitForFirstConsumer' && !node;
    const found = waits ? undefined : bestVolume(claim, api.list('persistentvolumes'), node ? api.get('nodes', '', node) : undefined);
    if (found) {
      bind(claim, found);
      return;
    }
    setPhase(claim, 'Pending');
    if (waits) api.event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    else if (claim.spec.storageClassName) askProvisioner(claim, claim.spec.storageClassName);
    else api.event(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  }

  const bindingMode = ({ spec }: PersistentVolumeClaim): string | undefined =>
    api.get('storageclasses.storage.k8s.io', '', spec.storageClassName ?? '')?.volumeBindingMode;

  function askProvisioner(claim: PersistentVolumeClaim, className: string): void {
    const { provisioner } = api.get('storageclasses.storage.k8s.io', '', className) ?? {};
    if (!provisioner) {
      api.event(claim, 'Warning', 'ProvisioningFailed', `storageclass.storage.k8s.io "${className}" not found`);
      return;
    }
    if (provisioner === 'kubernetes.io/no-provisioner') return;
    api.change('persistentvolumeclaims', claim, (draft) => {
      const own = { [annotations.betaProvisioner]: provisioner, [annotations.provisioner]: provisioner };
      draft.metadata.annotations = { ...draft.metadata.annotations, ...own };
    });
    const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
    api.event(claim, 'Normal', 'ExternalProvisioning', message);
  }

  function bind(claim: PersistentVolumeClaim, found: PersistentVolume): void {
    const preset = isClaimedBy(found, claim);
    const volume = api.change('persistentvolumes', found, (draft) => {
      draft.spec.claimRef = preset && draft.spec.claimRef?.uid ? draft.spec.claimRef : referenceTo(claim);
      if (!preset) draft.metadata.annotations = { ...draft.metadata.annotations, [annotations.boundByController]: 'yes' };
    });
    if (!volume) return;
    setVolumePhase(volume, 'Bound');
    const { name } = volume.metadata;
    const named = claim.spec.volumeName === name;
    api.change('persistentvolumeclaims', claim, (draft) => {
      draft.spec.volumeName = name;
      const how = { [annotations.bindCompleted]: 'yes', ...(named ? {} : { [annotations.boundByController]: 'yes' }) };
      draft.metadata.annotations = { ...draft.metadata.annotations, ...how };
    });
    api.changeStatus('persistentvolumeclaims', claim, (draft) => {
      const { accessModes, capacity } = volume.spec;
      draft.status = { ...draft.status, phase: 'Bound', ...(accessModes ? { accessModes } : {}), ...(capacity ? { capacity } : {}) };
    });
  }

  function checkBound(claim: PersistentVolumeClaim): void {
    const volume = api.get('persistentvolumes', '', claim.spec.volumeName ?? '');
    if (!volume) lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
    else if (!volume.spec.claimRef) bind(claim, volume);
    else if (!isClaimedBy(volume, claim)) {
      lose(claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
    } else if (claim.status?.phase !== 'Bound' || volume.status?.phase !== 'Bound') bind(claim, volume);
  }

  function lose(claim: PersistentVolumeClaim, reason: string, message: string): void {
    if (claim.status?.phase === 'Lost') return;
    setPhase(claim, 'Lost');
    api.event(claim, 'Warning', reason, message);
  }

  function syncVolume(volume: PersistentVolume): void {
    const { claimRef } = volume.spec;
    if (!claimRef?.uid) {
      setVolumePhase(volume, 'Available');
      return;
    }
    const claim = api.get('persistentvolumeclaims', claimRef.namespace ?? '', claimRef.name ?? '');
    if (claim && claim.metadata.uid === claimRef.uid) {
      if (volume.status?.phase !== 'Bound') setVolumePhase(volume, claim.spec.volumeName === volume.metadata.name ? 'Bound' : 'Available');
      if (!claim.metadata.annotations?.[annotations.bindCompleted]) syncClaim(claim);
      return;
    }
    setVolumePhase(volume, 'Released');
    const ours = volume.metadata.annotations?.[annotations.provisionedBy] !== undefined;
    if (volume.spec.persistentVolumeReclaimPolicy === 'Delete' && ours && !isBeingDeleted(volume)) api.delete('persistentvolumes', volume);
  }

  function setPhase(claim: PersistentVolumeClaim, phase: 'Pending' | 'Lost'): void {
    if (claim.status?.phase === phase) return;
    api.changeStatus('persistentvolumeclaims', claim, (draft) => {
      draft.status = { ...draft.status, phase };
    });
  }

  function setVolumePhase(volume: PersistentVolume, phase: NonNullable<PersistentVolume['status']>['phase']): void {
    if (volume.status?.phase === phase || !phase) return;
    api.changeStatus('persistentvolumes', volume, (draft) => {
      draft.status = { ...draft.status, phase, lastPhaseTransitionTime: timestamp(api.now()) };
    });
  }

  const unbound = (): string[] =>
    api
      .list('persistentvolumeclaims')
      .filter((each) => !each.metadata.annotations?.[annotations.bindCompleted])
      .map((each) => `claim:${keyOf(each)}`);
  const volumeOf = ({ spec }: PersistentVolumeClaim): string[] => (spec.volumeName ? [`volume:${spec.volumeName}`] : []);

  return {
    name: 'persistentvolume-binder',
    watches: {
      persistentvolumeclaims: ({ object, old }: Change) => {
        const claim = object as unknown as PersistentVolumeClaim;
        const own =
          old && equal(old.spec, object.spec) && equal(old.metadata.annotations, object.metadata.annotations)
            ? []
            : [`claim:${keyOf(object)}`];
        return [...own, ...volumeOf(claim)];
      },
      persistentvolumes: ({ type, object }: Change) => {
        const { claimRef } = (object as unknown as PersistentVolume).spec;
        const claim = claimRef ? [`claim:${claimRef.namespace}/${claimRef.name}`] : [];
        return type === 'DELETED' ? claim : [`volume:${object.metadata.name}`, ...claim, ...(type === 'ADDED' ? unbound() : [])];
      },
      'storageclasses.storage.k8s.io': unbound,
    },
    initialKeys: () => [...unbound(), ...api.list('persistentvolumes').map(({ metadata }) => `volume:${metadata.name}`)],
    reconcile,
  };
}
