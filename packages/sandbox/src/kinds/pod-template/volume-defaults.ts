import { type Fields, fields, isFields, isSet, items, setEmpty, setMissing } from '../parts/values.js';
import { imageTag } from './image.js';

const defaultMode = 0o644;

/** SetDefaults_Volume and what belongs to each source. A volume without a source is an empty directory. */
export function setVolumeDefaults(volume: Fields): void {
  if (Object.keys(volume).every((key) => key === 'name' || !isSet(volume[key]))) volume.emptyDir = {};
  for (const source of ['secret', 'configMap', 'downwardAPI', 'projected']) {
    const found = volume[source];
    if (isFields(found)) setMissing(found, 'defaultMode', defaultMode);
  }
  if (isFields(volume.downwardAPI)) setFieldRefs(volume.downwardAPI);
  for (const source of items(fields(volume.projected).sources)) {
    if (isFields(source.downwardAPI)) setFieldRefs(source.downwardAPI);
    if (isFields(source.serviceAccountToken)) setMissing(source.serviceAccountToken, 'expirationSeconds', 3600);
  }
  if (isFields(volume.hostPath)) setMissing(volume.hostPath, 'type', '');
  if (isFields(volume.image)) {
    const tag = imageTag(String(volume.image.reference ?? ''));
    setEmpty(volume.image, 'pullPolicy', tag === 'latest' ? 'Always' : 'IfNotPresent');
  }
  if (isFields(volume.iscsi)) setEmpty(volume.iscsi, 'iscsiInterface', 'default');
  if (isFields(volume.rbd)) {
    setEmpty(volume.rbd, 'pool', 'rbd');
    setEmpty(volume.rbd, 'user', 'admin');
    setEmpty(volume.rbd, 'keyring', '/etc/ceph/keyring');
  }
  if (isFields(volume.ephemeral)) {
    const { volumeClaimTemplate } = volume.ephemeral;
    const spec = fields(volumeClaimTemplate).spec;
    if (isFields(spec)) setMissing(spec, 'volumeMode', 'Filesystem');
  }
}

function setFieldRefs(source: Fields): void {
  for (const { fieldRef } of items(source.items)) if (isFields(fieldRef)) setEmpty(fieldRef, 'apiVersion', 'v1');
}
