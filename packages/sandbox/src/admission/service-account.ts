import { createHash } from 'node:crypto';
import { type Fields, isSet, items, text } from '../kinds/parts/values.js';
import { draft } from '../machinery/object.js';
import type { AdmissionPlugin } from './admission.js';
import { admissionForbidden } from './forbidden.js';
import { allContainers, isPod, specOf } from './pod-request.js';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const characters = 'bcdfghjklmnpqrstvwxz2456789';
const tokenSeconds = 3607;

/** Pods run as somebody: their account, its pull secrets, and a volume with its token. */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  mutate(request, api) {
    const { operation, namespace, object } = request;
    if (operation !== 'CREATE' || !isPod(request) || object?.metadata.annotations?.['kubernetes.io/config.mirror']) return;
    const spec = specOf(request);
    if (text(spec.serviceAccountName) === '') spec.serviceAccountName = 'default';
    spec.serviceAccount = spec.serviceAccountName;
    const name = text(spec.serviceAccountName);
    const account = api.get('serviceaccounts', namespace, name);
    if (!account)
      throw admissionForbidden(request, `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`);
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(spec, object?.metadata.uid ?? '');
    if (items(spec.imagePullSecrets).length === 0 && items(account.imagePullSecrets).length > 0)
      spec.imagePullSecrets = draft(account.imagePullSecrets);
  },
};

/** Into every container that has nothing there yet. */
function mountToken(spec: Fields, uid: string): void {
  const containers = allContainers(spec).filter((each) => !items(each.volumeMounts).some((mount) => mount.mountPath === mountPath));
  if (containers.length === 0) return;
  const existing = items(spec.volumes).find(({ name }) => text(name).startsWith('kube-api-access-'));
  const name = existing ? text(existing.name) : `kube-api-access-${suffix(uid)}`;
  for (const each of containers) each.volumeMounts = [...items(each.volumeMounts), { name, readOnly: true, mountPath }];
  if (existing) return;
  spec.volumes = [...items(isSet(spec.volumes) ? spec.volumes : []), { name, projected: tokenSources() }];
}

const tokenSources = (): object => ({
  sources: [
    { serviceAccountToken: { expirationSeconds: tokenSeconds, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ],
  defaultMode: 420,
});

/** Five characters, the same for the same pod: a uid is as random as a name must be. */
const suffix = (uid: string): string =>
  [...createHash('sha256').update(uid).digest().subarray(0, 5)].map((byte) => characters[byte % characters.length]).join('');
