import { compareQuantities, type KubeObject } from '@fairlead/kube/protocol';
import { fields, flag, isSet, text } from '../kinds/parts/values.js';
import type { Stored } from '../machinery/object.js';
import type { AdmissionPlugin } from './admission.js';
import { admissionForbidden } from './forbidden.js';
import { isResource, specOf } from './pod-request.js';

const classes = 'storageclasses.storage.k8s.io';
const oldClass = 'volume.beta.kubernetes.io/storage-class';

/** Claims that name no class get the default one. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  mutate(request, api) {
    if (request.operation !== 'CREATE' || !isResource(request, '', 'persistentvolumeclaims')) return;
    const spec = specOf(request);
    if (isSet(spec.storageClassName) || request.object?.metadata.annotations?.[oldClass] !== undefined) return;
    const chosen = newestDefault(api.list(classes), [
      'storageclass.kubernetes.io/is-default-class',
      'storageclass.beta.kubernetes.io/is-default-class',
    ]);
    if (chosen) spec.storageClassName = chosen.metadata.name;
  },
};

/** Ingresses that name no class get the default one. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  mutate(request, api) {
    if (request.operation !== 'CREATE' || !isResource(request, 'networking.k8s.io', 'ingresses')) return;
    const spec = specOf(request);
    if (isSet(spec.ingressClassName) || request.object?.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return;
    const chosen = newestDefault(api.list('ingressclasses.networking.k8s.io'), ['ingressclass.kubernetes.io/is-default-class']);
    if (chosen) spec.ingressClassName = chosen.metadata.name;
  },
};

/** The newest, then the first by name. */
function newestDefault(all: readonly Stored[], annotations: readonly string[]): Stored | undefined {
  const marked = all.filter(({ metadata }) => annotations.some((each) => metadata.annotations?.[each] === 'true'));
  const made = ({ metadata }: Stored): string => metadata.creationTimestamp ?? '';
  return [...marked].sort((a, b) => (made(a) === made(b) ? (a.metadata.name < b.metadata.name ? -1 : 1) : made(a) > made(b) ? -1 : 1))[0];
}

const protections: Readonly<Record<string, string>> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
};

/** Volumes and claims stay as long as somebody uses them. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  mutate({ operation, definition, subresource, object }) {
    const finalizer = definition.group === '' && subresource === '' ? protections[definition.resource] : undefined;
    if (operation !== 'CREATE' || finalizer === undefined || !object) return;
    const given = object.metadata.finalizers ?? [];
    if (!given.includes(finalizer)) object.metadata.finalizers = [...given, finalizer];
  },
};

/** Only a claim whose class allows it can grow. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  validate(request, api) {
    const { operation, object, oldObject } = request;
    if (operation !== 'UPDATE' || !isResource(request, '', 'persistentvolumeclaims') || !object || !oldObject) return;
    const size = ({ spec }: KubeObject): string => text(fields(fields(fields(spec).resources).requests).storage) || '0';
    if (compareQuantities(size(object), size(oldObject)) <= 0 || fields(oldObject.status).phase !== 'Bound') return;
    const name = text(fields(object.spec).storageClassName);
    if (name !== '' && flag(api.get(classes, '', name)?.allowVolumeExpansion)) return;
    const why = 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
    throw admissionForbidden(request, why);
  },
};
