import { isRecord, type KubeClient, KubeError, type Manifest, resourcePath } from '@fairlead/kube';
import type { Obstacle } from '@fairlead/shared';
import { fieldManager, titleOf } from '../render/identity.js';
import { isWorkload } from '../render/kinds.js';
import { podSpecPath } from '../render/manifest-app.js';

interface Reference {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount';
  name: string;
}

const plurals = {
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  ServiceAccount: 'serviceaccounts',
} as const;
const maxAsked = 50;

/** What the pods need and neither the app brings nor the namespace has: a dry run of a workload does not look. Warnings, since it may still come. */
export async function missingReferences(
  client: KubeClient,
  namespace: string,
  wanted: readonly Manifest[],
  others: ReadonlySet<string> = new Set(),
): Promise<Obstacle[]> {
  const brought = new Set([...wanted.map(titleOf), ...others]);
  const asked = wanted
    .filter((object) => isWorkload(object.kind))
    .flatMap((workload) => referencesOf(workload).map((reference) => ({ workload, reference })))
    .filter(({ reference }) => !brought.has(`${reference.kind}/${reference.name}`))
    .slice(0, maxAsked);
  const found = await Promise.all(
    asked.map(async ({ workload, reference }): Promise<Obstacle[]> => {
      if (!(await isMissing(client, namespace, reference))) return [];
      const reason = `the ${reference.kind} ${reference.name} that its pods need is not there: they will wait for it`;
      return [{ object: titleOf(workload), field: null, reason, severity: 'warns' }];
    }),
  );
  return found.flat();
}

/** Names in a workload's pod template, without those marked optional. Pure. */
export function referencesOf(workload: Manifest): Reference[] {
  let pod: unknown = workload;
  for (const field of podSpecPath(workload.kind)) pod = isRecord(pod) ? pod[field] : undefined;
  if (!isRecord(pod)) return [];
  const found: Reference[] = [];
  const add = (kind: Reference['kind'], source: unknown, key = 'name') => {
    if (isRecord(source) && typeof source[key] === 'string' && source[key] !== '' && source.optional !== true)
      found.push({ kind, name: source[key] });
  };
  for (const container of [...records(pod.initContainers), ...records(pod.containers)]) {
    for (const from of records(container.envFrom)) {
      add('ConfigMap', from.configMapRef);
      add('Secret', from.secretRef);
    }
    for (const { valueFrom } of records(container.env)) {
      if (!isRecord(valueFrom)) continue;
      add('ConfigMap', valueFrom.configMapKeyRef);
      add('Secret', valueFrom.secretKeyRef);
    }
  }
  for (const volume of records(pod.volumes)) {
    add('ConfigMap', volume.configMap);
    add('Secret', volume.secret, 'secretName');
    add('PersistentVolumeClaim', volume.persistentVolumeClaim, 'claimName');
  }
  for (const secret of records(pod.imagePullSecrets)) add('Secret', secret);
  add('ServiceAccount', pod, 'serviceAccountName');
  return [...new Map(found.map((each) => [`${each.kind}/${each.name}`, each])).values()];
}

/** A Secret is never read: a dry run of making it says whether its name is taken. What may not be asked counts as there. */
async function isMissing(client: KubeClient, namespace: string, { kind, name }: Reference): Promise<boolean> {
  const collection = resourcePath({ group: '', version: 'v1', resource: plurals[kind], namespace });
  try {
    if (kind !== 'Secret') {
      await client.get(resourcePath({ group: '', version: 'v1', resource: plurals[kind], namespace, name }));
      return false;
    }
    await client.create(collection, { apiVersion: 'v1', kind, metadata: { name, namespace } }, { dryRun: true, fieldManager });
    return true;
  } catch (error) {
    if (!(error instanceof KubeError) && !(error instanceof TypeError)) throw error;
    return kind !== 'Secret' && error instanceof KubeError && error.code === 404;
  }
}

const records = (list: unknown): Record<string, unknown>[] => (Array.isArray(list) ? list.filter(isRecord) : []);
