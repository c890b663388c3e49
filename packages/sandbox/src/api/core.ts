import type { KubeObject } from '@fairlead/kube/protocol';
import type { AdmissionPlugin, AdmissionRequest } from '../admission/admission.js';
import type { Clock } from '../machinery/clock.js';
import { draft, equal, groupVersion } from '../machinery/object.js';
import type { UserInfo } from '../machinery/user.js';
import type { ResourceDefinition, WriteContext } from '../registry/definition.js';
import type { Registry } from '../registry/registry.js';
import type { Store } from '../storage/store.js';
import type { Api, WriteOptions } from './api.js';

/** What remembers who owns which field: managedFields. */
export interface FieldTracking {
  /** Sets managedFields of `next` for a create, update or patch by `manager`. */
  noteUpdate(old: KubeObject | undefined, next: KubeObject, how: FieldContext): void;
  /** The object as the API server would print it: without empty fields, with empty structs, quantities in their shortest form. */
  completed(definition: ResourceDefinition, object: KubeObject): KubeObject;
}

export interface FieldContext {
  manager: string;
  subresource?: string;
  now: number;
  /** Of the request. */
  apiVersion: string;
  definition: ResourceDefinition;
}

/** What every write works with. */
export interface Core {
  readonly api: Api;
  readonly registry: Registry;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: () => number;
  readonly admission: readonly AdmissionPlugin[];
  readonly fields: FieldTracking | undefined;
}

/** `stored` is where the object lives, `requested` in whose version the writer spoke. */
export interface Target {
  stored: ResourceDefinition;
  requested: ResourceDefinition;
  namespace: string;
  name: string;
  subresource: string;
}

/** The sandbox itself. */
export const itself: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

export const contextOf = (core: Core, options: WriteOptions): WriteContext => ({
  api: core.api,
  user: options.user ?? itself,
  now: core.clock.now(),
  dryRun: options.dryRun ?? false,
});

export function admissionRequest(
  operation: AdmissionRequest['operation'],
  target: Target,
  options: WriteOptions,
  objects: Pick<AdmissionRequest, 'object' | 'oldObject'>,
): AdmissionRequest {
  return {
    operation,
    definition: target.stored,
    subresource: target.subresource,
    namespace: target.namespace,
    name: target.name,
    user: options.user ?? itself,
    dryRun: options.dryRun ?? false,
    warn: (text) => options.onWarning?.(text),
    ...objects,
  };
}

/** The sandbox's own writes are not refused; everybody else's are asked. */
export function admitMutating(core: Core, request: AdmissionRequest): void {
  for (const plugin of core.admission) plugin.mutate?.(request, core.api);
}

export function admitValidating(core: Core, request: AdmissionRequest): void {
  for (const plugin of core.admission) plugin.validate?.(request, core.api);
}

export const named = ({ stored }: Target): { group: string; resource: string } => ({ group: stored.group, resource: stored.resource });

/** Notes the manager's fields; a change of nothing but a time in managedFields is none. */
export function noteFields(core: Core, target: Target, old: KubeObject | undefined, next: KubeObject, options: WriteOptions): void {
  if (!core.fields) return;
  core.fields.noteUpdate(old, next, {
    manager: options.fieldManager ?? 'sandbox',
    ...(target.subresource ? { subresource: target.subresource } : {}),
    now: core.clock.now(),
    apiVersion: groupVersion(target.requested.group, target.requested.version),
    definition: target.stored,
  });
}

/** IgnoreManagedFieldsTimestampsTransformer: takes the old times where everything else is as it was. */
export function keepOldTimes(next: KubeObject, old: KubeObject): void {
  const [managed, before] = [next.metadata.managedFields, old.metadata.managedFields];
  if (!Array.isArray(managed) || !Array.isArray(before) || managed.length !== before.length) return;
  const timeless = (entries: readonly unknown[]) => entries.map((entry) => ({ ...(entry as object), time: undefined }));
  if (equal(timeless(managed), timeless(before))) next.metadata.managedFields = draft(before);
}
