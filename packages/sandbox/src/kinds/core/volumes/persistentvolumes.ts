import type { KubeObject } from '@fairlead/kube/protocol';
import { timestamp } from '../../../machinery/clock.js';
import { type FieldError, forbiddenField, invalidValue, notSupported, required } from '../../../machinery/field-error.js';
import { equal } from '../../../machinery/object.js';
import type { ResourceDefinition } from '../../../registry/definition.js';
import { changedText } from '../../parts/changed-text.js';
import { define } from '../../parts/define.js';
import { since } from '../../parts/human-duration.js';
import { firstProblem, isSubdomain } from '../../parts/names.js';
import { noBacksteps } from '../../parts/paths.js';
import { amountOf, immutable, named } from '../../parts/rules.js';
import { type Fields, fields, isFields, isSet, setEmpty, setMissing, sortedMap, strings, text, within } from '../../parts/values.js';
import { roundResources } from '../../pod-template/defaults.js';
import { nodeSelectorRules } from '../../pod-template/rules/node-selector.js';
import { csiDriver, volumeSources } from '../../pod-template/rules/volume-sources.js';
import { accessModesText, volumeClass } from './access-modes.js';
import { accessModeRules, volumeModes } from './claim-rules.js';
import { volumeWarnings } from './volume-warnings.js';

const sources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
];

export const persistentVolumes: ResourceDefinition = define({
  resource: 'persistentvolumes',
  kind: 'PersistentVolume',
  namespaced: false,
  shortNames: ['pv'],
  hasGeneration: false,
  nameProblem: firstProblem(isSubdomain),
  setDefaults(volume) {
    const spec = within(volume, 'spec');
    setEmpty(spec, 'persistentVolumeReclaimPolicy', 'Retain');
    setMissing(spec, 'volumeMode', 'Filesystem');
    setEmpty(within(volume, 'status'), 'phase', 'Pending');
    if (isFields(spec.hostPath)) setMissing(spec.hostPath, 'type', '');
    if (isFields(spec.iscsi)) setEmpty(spec.iscsi, 'iscsiInterface', 'default');
    if (isFields(spec.claimRef)) for (const key of Object.keys(spec.claimRef)) if (spec.claimRef[key] === '') delete spec.claimRef[key];
    if (isFields(spec.capacity)) roundResources(spec.capacity);
  },
  prepareForCreate(volume, { now }) {
    volume.status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(now) };
  },
  validate: ({ spec }) => volumeRules(fields(spec)),
  validateUpdate: volumeUpdateRules,
  warnings: volumeWarnings,
  status: {
    prepareForUpdate(volume, old, { now }) {
      const [status, before] = [within(volume, 'status'), fields(old.status)];
      const same = status.lastPhaseTransitionTime === before.lastPhaseTransitionTime;
      if (status.phase === before.phase) setMissing(status, 'lastPhaseTransitionTime', before.lastPhaseTransitionTime);
      else if (!isSet(status.lastPhaseTransitionTime) || same) status.lastPhaseTransitionTime = timestamp(now);
    },
  },
  selectableFields: { name: ({ metadata }) => metadata.name },
  cells: ({ metadata, spec: wanted, status }, now) => {
    const spec = fields(wanted);
    const { namespace, name } = fields(spec.claimRef);
    return [
      metadata.name,
      String(fields(spec.capacity).storage ?? '0'),
      accessModesText(spec.accessModes),
      text(spec.persistentVolumeReclaimPolicy),
      metadata.deletionTimestamp ? 'Terminating' : text(fields(status).phase),
      isFields(spec.claimRef) ? `${text(namespace)}/${text(name)}` : '',
      volumeClass(metadata, spec),
      isSet(spec.volumeAttributesClassName) ? text(spec.volumeAttributesClassName) : '<unset>',
      text(fields(status).reason),
      since(metadata.creationTimestamp, now),
      isSet(spec.volumeMode) ? text(spec.volumeMode) : '<unset>',
    ];
  },
});

function volumeRules(spec: Fields): FieldError[] {
  const [modes, capacity, policy] = [strings(spec.accessModes), fields(spec.capacity), text(spec.persistentVolumeReclaimPolicy)];
  const errors = modes.length === 0 ? [required('spec.accessModes')] : [];
  errors.push(...accessModeRules(modes, 'spec.accessModes'));
  if (Object.keys(capacity).length === 0) errors.push(required('spec.capacity'));
  if (!('storage' in capacity) || Object.keys(capacity).length > 1)
    errors.push(notSupported('spec.capacity', sortedMap(spec.capacity), ['storage']));
  for (const [name, value] of Object.entries(capacity)) {
    const at = `spec.capacity[${name}]`;
    if (amountOf(value) < 0n) errors.push(invalidValue(at, Number(amountOf(value) / 10n ** 9n), 'must be a valid resource quantity'));
    if (amountOf(value) <= 0n) errors.push(invalidValue(at, String(value), 'must be greater than zero'));
  }
  if (policy !== '' && !['Delete', 'Recycle', 'Retain'].includes(policy))
    errors.push(notSupported('spec.persistentVolumeReclaimPolicy', policy, ['Delete', 'Recycle', 'Retain']));
  if (isFields(spec.nodeAffinity)) errors.push(...affinityRules(spec.nodeAffinity, 'spec.nodeAffinity'));
  errors.push(...sourceRules(spec));
  if (fields(spec.hostPath).path === '/' && policy === 'Recycle')
    errors.push(forbiddenField('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"));
  if (text(spec.storageClassName) !== '') errors.push(...named(isSubdomain, text(spec.storageClassName), 'spec.storageClassName'));
  if (isSet(spec.volumeMode) && !volumeModes.includes(text(spec.volumeMode)))
    errors.push(notSupported('spec.volumeMode', spec.volumeMode, volumeModes));
  return errors;
}

const affinityRules = (affinity: Fields, path: string): FieldError[] =>
  isFields(affinity.required)
    ? nodeSelectorRules(affinity.required, `${path}.required`)
    : [required(`${path}.required`, 'must specify required node constraints')];

function sourceRules(spec: Fields): FieldError[] {
  const said = sources.filter((source) => isFields(spec[source]));
  if (said.length === 0) return [required('spec', 'must specify a volume type')];
  return said.flatMap((source, index) => {
    const [at, given] = [`spec.${source}`, fields(spec[source])];
    if (index > 0) return [forbiddenField(at, 'may not specify more than 1 volume type')];
    if (source === 'csi')
      return [
        ...csiDriver(text(given.driver), `${at}.driver`),
        ...(text(given.volumeHandle) === '' ? [required(`${at}.volumeHandle`)] : []),
      ];
    if (source === 'local') {
      const errors = text(given.path) === '' ? [required(`${at}.path`)] : noBacksteps(text(given.path), `${at}.path`);
      return isFields(spec.nodeAffinity) ? errors : [...errors, required('spec.nodeAffinity', 'Local volume requires node affinity')];
    }
    return volumeSources[source]?.(given, at) ?? [];
  });
}

function volumeUpdateRules({ spec: now }: KubeObject, { spec: before }: KubeObject): FieldError[] {
  const [spec, old] = [fields(now), fields(before)];
  const errors: FieldError[] = [];
  const sourceOf = (of: Fields): Fields => Object.fromEntries(sources.filter((key) => isSet(of[key])).map((key) => [key, of[key]]));
  if (!equal(sourceOf(spec), sourceOf(old))) {
    const change = changedText('PersistentVolumeSource', sourceOf(old), sourceOf(spec));
    errors.push(forbiddenField('spec.persistentvolumesource', `spec.persistentvolumesource is immutable after creation\n${change}`));
  }
  errors.push(...immutable(spec.volumeMode === old.volumeMode, spec.volumeMode ?? null, 'volumeMode'));
  if (isSet(old.nodeAffinity) && !equal(spec.nodeAffinity, old.nodeAffinity))
    errors.push(invalidValue('nodeAffinity', spec.nodeAffinity ?? null, 'field is immutable, except for updating from beta label to GA'));
  return errors;
}
