import type { KubeObject } from '@fairlead/kube/protocol';
import { conflict, invalid, notFound } from '../machinery/api-error.js';
import { timestamp } from '../machinery/clock.js';
import { notSupported } from '../machinery/field-error.js';
import { draft, groupResource, type Stored } from '../machinery/object.js';
import type { ResourceDefinition } from '../registry/definition.js';
import type { DeleteOptions } from './api.js';
import { admissionRequest, admitMutating, admitValidating, type Core, named, type Target } from './core.js';
import { orphansByDefault } from './resource-rules.js';

export interface Removed {
  object: Stored;
  /** marked: it has a deletionTimestamp now and waits for its finalizers or its kubelet; waiting: it had one before. */
  state: 'gone' | 'marked' | 'waiting';
}

const policies = ['Foreground', 'Background', 'Orphan'] as const;

/** registry.Store.Delete with rest.BeforeDelete: finalizers of the garbage collector, graceful deletion of pods, namespaces' own finalizers. */
export function removeObject(core: Core, target: Target, options: DeleteOptions): Removed {
  const { stored, namespace, name } = target;
  const old = core.store.get(stored.storage, namespace, name);
  if (!old) throw notFound(named(target), name);
  const { propagationPolicy } = options;
  if (propagationPolicy !== undefined && !policies.includes(propagationPolicy)) {
    const wrong = notSupported('propagationPolicy', propagationPolicy, [...policies, 'nil']);
    throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [wrong]);
  }
  checkPreconditions(target, old, options);
  const request = admissionRequest('DELETE', target, options, { oldObject: old });
  admitMutating(core, request);
  admitValidating(core, request);

  const marked = isNamespace(stored)
    ? markNamespace(old, core.clock.now(), options)
    : marksForDeletion(stored, old, core.clock.now(), options);
  if (marked === 'waiting') return { object: old, state: 'waiting' };
  if (marked) {
    if (options.dryRun) return { object: marked, state: 'marked' };
    return { object: core.store.put(stored.storage, marked), state: 'marked' };
  }
  if (options.dryRun) return { object: old, state: 'gone' };
  return { object: core.store.remove(stored.storage, namespace, name) ?? old, state: 'gone' };
}

/** Whether nothing holds an object that is being deleted. */
export function isFinished(stored: ResourceDefinition, { metadata, spec }: KubeObject): boolean {
  if (!metadata.deletionTimestamp || (metadata.finalizers ?? []).length > 0) return false;
  if (isNamespace(stored)) return ((spec as { finalizers?: string[] } | undefined)?.finalizers ?? []).length === 0;
  return (metadata.deletionGracePeriodSeconds ?? 0) === 0;
}

/** Removes what `next` was the last state of. */
export function finishDeletion(core: Core, stored: ResourceDefinition, next: Stored): Stored {
  core.store.remove(stored.storage, next.metadata.namespace ?? '', next.metadata.name);
  return next;
}

/** The object as it is left; 'waiting' when it stays as it is; undefined when it goes at once. */
function marksForDeletion(stored: ResourceDefinition, old: Stored, now: number, options: DeleteOptions): Stored | 'waiting' | undefined {
  const grace = gracefulDeletion(stored, old, now, options);
  if (grace === 'waiting') return 'waiting';
  const finalizers = garbageFinalizers(stored, old, options);
  if (!grace && finalizers.length === 0) return undefined;
  if (grace && grace.seconds === 0 && finalizers.length === 0) return undefined;
  const marked = draft(old);
  const { metadata } = marked;
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
  if (!metadata.deletionTimestamp && (metadata.generation ?? 0) > 0) metadata.generation = (metadata.generation ?? 0) + 1;
  if (grace) {
    metadata.deletionTimestamp = timestamp(grace.at);
    metadata.deletionGracePeriodSeconds = grace.seconds;
  } else {
    if (!metadata.deletionTimestamp || Date.parse(metadata.deletionTimestamp) > now) metadata.deletionTimestamp = timestamp(now);
    metadata.deletionGracePeriodSeconds = 0;
  }
  return same(marked, old) ? 'waiting' : marked;
}

/** Only pods have time to end: undefined for everything else, and for a pod whose time is over. */
function gracefulDeletion(
  stored: ResourceDefinition,
  { metadata, spec, status }: Stored,
  now: number,
  { gracePeriodSeconds }: DeleteOptions,
): { at: number; seconds: number } | 'waiting' | undefined {
  if (groupResource(stored.group, stored.resource) !== 'pods') return undefined;
  const asked = gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 ? 1 : gracePeriodSeconds;
  if (metadata.deletionTimestamp) {
    const before = typeof metadata.deletionGracePeriodSeconds === 'number' ? metadata.deletionGracePeriodSeconds : 0;
    if (before === 0) return undefined;
    if (asked === undefined || asked >= before) return 'waiting';
    const at = Date.parse(metadata.deletionTimestamp) - before * 1000 + asked * 1000;
    return at < now ? { at: now, seconds: asked === 0 ? 0 : 1 } : { at, seconds: asked };
  }
  const { nodeName, terminationGracePeriodSeconds } = (spec ?? {}) as { nodeName?: string; terminationGracePeriodSeconds?: number };
  const { phase } = (status ?? {}) as { phase?: string };
  let seconds = asked ?? terminationGracePeriodSeconds ?? 30;
  if (!nodeName || phase === 'Failed' || phase === 'Succeeded') seconds = 0;
  if (seconds < 0) seconds = 1;
  return { at: now + seconds * 1000, seconds };
}

/** deletionFinalizersForGarbageCollection. */
function garbageFinalizers(stored: ResourceDefinition, { metadata }: Stored, { propagationPolicy }: DeleteOptions): string[] {
  const before = metadata.finalizers ?? [];
  if (stored.storage === 'events') return [...before];
  const policy =
    propagationPolicy ??
    (before.includes('orphan')
      ? 'Orphan'
      : before.includes('foregroundDeletion')
        ? 'Foreground'
        : orphansByDefault(stored)
          ? 'Orphan'
          : 'Background');
  const kept = before.filter((each) => each !== 'orphan' && each !== 'foregroundDeletion');
  if (policy === 'Orphan') kept.push('orphan');
  if (policy === 'Foreground') kept.push('foregroundDeletion');
  return kept;
}

const isNamespace = ({ group, resource }: ResourceDefinition): boolean => groupResource(group, resource) === 'namespaces';

/** A namespace becomes Terminating; it goes when its controller has emptied it. */
function markNamespace(old: Stored, now: number, { propagationPolicy }: DeleteOptions): Stored | 'waiting' | undefined {
  const finalizers = (old.spec as { finalizers?: string[] } | undefined)?.finalizers ?? [];
  if (old.metadata.deletionTimestamp) return finalizers.length > 0 || (old.metadata.finalizers ?? []).length > 0 ? 'waiting' : undefined;
  const marked = draft(old);
  marked.metadata.deletionTimestamp = timestamp(now);
  marked.status = { ...(marked.status as object | undefined), phase: 'Terminating' };
  if (propagationPolicy !== undefined) {
    const kept = (old.metadata.finalizers ?? []).filter((each) => each !== 'orphan' && each !== 'foregroundDeletion');
    if (propagationPolicy === 'Orphan') kept.push('orphan');
    if (propagationPolicy === 'Foreground') kept.push('foregroundDeletion');
    if (kept.length > 0) marked.metadata.finalizers = kept;
    else delete marked.metadata.finalizers;
  }
  return marked;
}

function checkPreconditions(target: Target, { metadata }: Stored, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  const where = isNamespace(target.stored) ? named(target) : { group: target.stored.group, resource: target.stored.kind };
  if (uid !== undefined && uid !== metadata.uid) {
    const why = isNamespace(target.stored)
      ? `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid ?? ''}`
      : `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid ?? ''}). The object might have been deleted and then recreated`;
    throw conflict(where, target.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    const why = isNamespace(target.stored)
      ? `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion ?? ''}`
      : `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion ?? ''}). The object might have been modified`;
    throw conflict(where, target.name, why);
  }
}

const same = (a: Stored, b: Stored): boolean => JSON.stringify(a.metadata) === JSON.stringify(b.metadata);
