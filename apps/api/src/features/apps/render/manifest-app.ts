import { isRecord, type Manifest, ManifestError, parseManifests } from '@fairlead/kube';
import type { ManifestSpec } from '@fairlead/shared';
import { AppError } from '../../../platform/app-error.js';
import { type AppIdentity, identityOf, titleOf } from './identity.js';
import { isClusterScoped, isScalable, isWorkload } from './kinds.js';
import { isAutoscaled } from './live-size.js';

/** Objects of pasted YAML, each in the app's namespace. @throws AppError invalid_manifest, invalid_request for an override that fits no workload */
export function renderManifestApp(app: AppIdentity, spec: ManifestSpec): Manifest[] {
  const objects = read(spec.yaml);
  if (objects.length === 0) throw invalid('document 1', 'there is no object in it');
  const seen = new Set<string>();
  for (const object of objects) {
    check(object, app.namespace);
    const id = identityOf(object);
    if (seen.has(id)) throw invalid(titleOf(object), 'stands in it twice');
    seen.add(id);
  }
  // As JSON has it, which is what is sent: no infinity, no dates.
  return overridden(parseJson(JSON.stringify(objects.map(cleaned))), spec);
}

/** The one workload that scale and image act on; null when there is none, or more than one. */
export function theWorkload(objects: readonly Manifest[]): Manifest | null {
  const found = objects.filter((object) => isWorkload(object.kind));
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** The pod template of a workload, as a path of fields. */
export const podSpecPath = (kind: string): string[] =>
  kind === 'Pod' ? ['spec'] : kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template', 'spec'] : ['spec', 'template', 'spec'];

function read(yaml: string): Manifest[] {
  try {
    return parseManifests(yaml);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const where = [error.document ? `document ${error.document}` : '', error.line ? `line ${error.line}` : '', error.field ?? '']
      .filter(Boolean)
      .join(', ');
    const reason = error.message;
    throw new AppError(
      'invalid_manifest',
      { where: where || 'the text', reason },
      { issues: [{ path: 'spec.yaml', message: where ? `${where}: ${reason}` : reason }] },
    );
  }
}

function check(object: Manifest, namespace: string): void {
  const { name, namespace: named } = object.metadata;
  // Viewers read an app's spec, and revisions keep it: no place for a secret.
  if (object.apiVersion === 'v1' && object.kind === 'Secret')
    throw invalid(titleOf(object), 'values of a Secret would be readable by every viewer of the app: create it beside the app');
  if (isClusterScoped(object.apiVersion, object.kind))
    throw invalid(titleOf(object), `a ${object.kind} belongs to the whole cluster and to no app`);
  if (named !== undefined && named !== namespace)
    throw invalid(titleOf(object), `it names the namespace ${named}; the app lives in ${namespace}`);
  if (name.length > 253 || !/^[A-Za-z0-9:]([-A-Za-z0-9.:]*[A-Za-z0-9:])?$/.test(name))
    throw invalid(`${object.kind} metadata.name`, 'is no name that Kubernetes would take');
}

/** What a cluster writes into an object, and what came along when it was copied out of one, is no wish. */
function cleaned(object: Manifest): Manifest {
  const { status: _, ...rest } = object;
  const { uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, managedFields, selfLink, ownerReferences, ...metadata } =
    object.metadata;
  const kept = { ...metadata.annotations };
  delete kept['kubectl.kubernetes.io/last-applied-configuration'];
  delete kept['deployment.kubernetes.io/revision'];
  return { ...rest, metadata: { ...metadata, ...(metadata.annotations ? { annotations: kept } : {}) } };
}

function overridden(objects: Manifest[], { asleep, suspended, image, ...wish }: ManifestSpec): Manifest[] {
  const replicas = asleep ? 0 : wish.replicas;
  const field = asleep ? 'asleep' : replicas !== undefined ? 'replicas' : image !== undefined ? 'image' : 'suspended';
  if (replicas === undefined && image === undefined && suspended === undefined) return objects;
  const workload = theWorkload(objects);
  if (!workload) throw badOverride(field, 'the manifests hold no workload, or more than one: change the YAML instead');
  if (suspended !== undefined && workload.kind !== 'CronJob') throw badOverride('suspended', `a ${workload.kind} has no schedule`);
  if (replicas !== undefined && !isScalable(workload.kind)) throw badOverride(field, `a ${workload.kind} has no replicas to set`);
  const own = isRecord(workload.spec) ? workload.spec : {};
  let next: Manifest = {
    ...workload,
    spec: { ...own, ...(replicas !== undefined && { replicas }), ...(suspended !== undefined && { suspend: suspended }) },
  };
  if (image !== undefined) next = withImage(next, image);
  // An autoscaler would wake it.
  const kept = asleep ? objects.filter((object) => !isAutoscaled(workload, [object])) : objects;
  return kept.map((object) => (object === workload ? next : object));
}

function withImage(workload: Manifest, image: string): Manifest {
  const next = structuredClone(workload);
  let at: unknown = next;
  for (const field of podSpecPath(workload.kind)) at = isRecord(at) ? at[field] : undefined;
  const first: unknown = isRecord(at) && Array.isArray(at.containers) ? at.containers[0] : undefined;
  if (!isRecord(first)) throw badOverride('image', `${titleOf(workload)} has no container`);
  first.image = image;
  return next;
}

const parseJson = (text: string): Manifest[] => JSON.parse(text);

const invalid = (where: string, reason: string): AppError =>
  new AppError('invalid_manifest', { where, reason }, { issues: [{ path: 'spec.yaml', message: `${where}: ${reason}` }] });
const badOverride = (field: string, message: string): AppError =>
  new AppError('invalid_request', {}, { issues: [{ path: `spec.${field}`, message }] });
