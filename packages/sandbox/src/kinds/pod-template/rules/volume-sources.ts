import { type FieldError, forbiddenField, invalidValue, notSupported, required, tooLong } from '../../../machinery/field-error.js';
import { claimTemplateRules } from '../../core/volumes/claim-rules.js';
import { isSubdomain } from '../../parts/names.js';
import { descendingPath, noBacksteps } from '../../parts/paths.js';
import { amountOf, named, oneOf, within } from '../../parts/rules.js';
import { type Fields, fields, isFields, isSet, list, number, strings, text } from '../../parts/values.js';
import { downwardApi, fileMode, keyToPath, projected } from './projected-volumes.js';

type SourceRule = (source: Fields, path: string) => FieldError[];

/** Whatever must be said, and nothing else. */
const needs =
  (...keys: readonly string[]): SourceRule =>
  (source, path) =>
    keys.flatMap((key) =>
      (Array.isArray(source[key]) ? strings(source[key]).length > 0 : text(source[key]) !== '') ? [] : [required(`${path}.${key}`)],
    );

const partition: SourceRule = (source, path) =>
  number(source.partition) < 0 || number(source.partition) > 255
    ? [invalidValue(`${path}.partition`, source.partition, 'must be between 1 and 255, inclusive')]
    : [];

const withMode =
  (name: 'secretName' | 'name'): SourceRule =>
  (source, path) => [
    ...needs(name)(source, path),
    ...fileMode(source.defaultMode, `${path}.defaultMode`),
    ...list(source.items).flatMap((each, index) => keyToPath(each, `${path}.items[${index}]`)),
  ];

export const hostPathTypes = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

export const hostPath: SourceRule = (source, path) => {
  if (text(source.path) === '') return [required(`${path}.path`)];
  const errors = noBacksteps(text(source.path), `${path}.path`);
  if (isSet(source.type) && !hostPathTypes.includes(text(source.type)))
    errors.push(notSupported(`${path}.type`, source.type, hostPathTypes));
  return errors;
};

export const nfs: SourceRule = (source, path) => [
  ...needs('server', 'path')(source, path),
  ...(text(source.path).startsWith('/') ? [] : [invalidValue(`${path}.path`, text(source.path), 'must be an absolute path')]),
];

export const csiDriver = (driver: string, path: string): FieldError[] => [
  ...(driver === '' ? [required(path)] : []),
  ...(driver.length > 63 ? [tooLong(path, 63)] : []),
  ...named(isSubdomain, driver.toLowerCase(), path),
];

/** In the order in which the API server looks for them. */
export const volumeSources: Readonly<Record<string, SourceRule>> = {
  emptyDir: (source, path) =>
    amountOf(source.sizeLimit) < 0n ? [forbiddenField(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')] : [],
  hostPath,
  gitRepo: (source, path) => [...needs('repository')(source, path), ...descendingPath(text(source.directory), `${path}.directory`)],
  gcePersistentDisk: (source, path) => [...needs('pdName')(source, path), ...partition(source, path)],
  awsElasticBlockStore: (source, path) => [...needs('volumeID')(source, path), ...partition(source, path)],
  secret: withMode('secretName'),
  nfs,
  iscsi: (source, path) => [...needs('targetPortal', 'iqn')(source, path), ...within(source.lun, 0, 255, `${path}.lun`)],
  glusterfs: needs('endpoints', 'path'),
  flocker: () => [],
  persistentVolumeClaim: needs('claimName'),
  rbd: needs('monitors', 'image'),
  cinder: needs('volumeID'),
  cephfs: needs('monitors'),
  quobyte: needs('registry', 'volume'),
  downwardAPI: downwardApi,
  fc: (source, path) =>
    strings(source.targetWWNs).length + strings(source.wwids).length === 0
      ? [required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both')]
      : [],
  flexVolume: needs('driver'),
  configMap: withMode('name'),
  azureFile: needs('secretName', 'shareName'),
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  azureDisk: needs('diskName', 'diskURI'),
  storageos: needs('volumeName'),
  projected,
  scaleIO: needs('gateway', 'system', 'volumeName'),
  csi: (source, path) => [
    ...csiDriver(text(source.driver), `${path}.driver`),
    ...(isFields(source.nodePublishSecretRef) && text(source.nodePublishSecretRef.name) === ''
      ? [required(`${path}.nodePublishSecretRef.name`)]
      : []),
  ],
  ephemeral: (source, path) =>
    isFields(source.volumeClaimTemplate)
      ? claimTemplateRules(fields(source.volumeClaimTemplate), `${path}.volumeClaimTemplate`)
      : [required(`${path}.volumeClaimTemplate`)],
  image: (source, path) => oneOf(source.pullPolicy, `${path}.pullPolicy`, ['Always', 'IfNotPresent', 'Never']),
};
