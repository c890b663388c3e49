import type { KubeObject } from '@fairlead/kube/protocol';
import type { Api, WriteOptions } from '../../api/api.js';
import { ApiError } from '../../machinery/api-error.js';
import { type Clock, timestamp } from '../../machinery/clock.js';
import { equal, groupResource, type Stored } from '../../machinery/object.js';
import type { Schemas } from '../../schema/schemas.js';
import { type CrdCondition, type CrdNames, isTrue, specOf, statusOf } from './crd-spec.js';
import { customKinds } from './custom-kind.js';
import { cleanupFinalizer } from './custom-resource-definitions.js';
import { wholeSchema } from './whole-schema.js';

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';
const asServer: WriteOptions = { fieldManager: 'kube-apiserver' };
const asController: WriteOptions = { ...asServer, subresource: 'status' };

/**
 * Serves what CustomResourceDefinitions say: accepts their names, establishes them, registers their kinds, and when one is deleted, deletes its objects first. A
 * change is looked at in the next turn of the clock. Answers its end.
 */
export function startCustomResources({ api, schemas, clock }: { api: Api; schemas: Schemas; clock: Clock }): () => void {
  const waiting = new Map<string, () => void>();
  const look = (name: string): void => {
    if (waiting.has(name)) return;
    waiting.set(
      name,
      clock.after(0, () => {
        waiting.delete(name);
        reconcile(api, schemas, clock, name);
      }),
    );
  };
  const undo = api.onChange(definitions, ({ type, object, old }) => {
    look(object.metadata.name);
    if (type === 'DELETED' || (old && !equal(specOf(old).names, specOf(object).names)))
      for (const other of api.list(definitions)) if (specOf(other).group === specOf(object).group) look(other.metadata.name);
    if (type === 'DELETED') unregister(api, schemas, object);
  });
  // What was established in an earlier life is served from the first request on.
  for (const object of api.list(definitions)) {
    if (isTrue(object, 'Established')) register(api, schemas, object);
    look(object.metadata.name);
  }
  return () => {
    undo();
    for (const cancel of waiting.values()) cancel();
  };
}

function reconcile(api: Api, schemas: Schemas, clock: Clock, name: string): void {
  const object = api.get(definitions, '', name);
  if (!object) return;
  if (object.metadata.deletionTimestamp) {
    finish(api, schemas, object);
    return;
  }
  const change = (alter: (draft: KubeObject) => void, options: WriteOptions): void =>
    void api.change(definitions, '', name, alter, options);
  if (!object.metadata.finalizers?.includes(cleanupFinalizer)) change(({ metadata }) => held(metadata, true), asServer);
  change((draft) => {
    draft.status = judged(api, draft, timestamp(clock.now()));
  }, asController);
  const now = api.get(definitions, '', name);
  if (now && isTrue(now, 'Established')) register(api, schemas, now);
}

/** The status with its two conditions as they are now. */
function judged(api: Api, object: KubeObject, now: string): object {
  const { names = {}, group } = specOf(object);
  const status = statusOf(object);
  const others = api.list(definitions).filter((each) => each.metadata.name !== object.metadata.name && specOf(each).group === group);
  const accepted = others.map((each) => statusOf(each).acceptedNames ?? {});
  const taken = takenName(names, accepted);
  const namesAccepted: CrdCondition = taken
    ? { type: 'NamesAccepted', status: 'False', reason: taken.reason, message: taken.message }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
  const wasEstablished = isTrue(object, 'Established');
  const established: CrdCondition =
    wasEstablished || !taken
      ? { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' }
      : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
  const conditions = [...(status.conditions ?? [])];
  for (const each of [namesAccepted, established]) {
    const index = conditions.findIndex(({ type }) => type === each.type);
    const before = conditions[index];
    const isSame = before?.status === each.status && before.reason === each.reason && before.message === each.message;
    if (isSame) continue;
    const made = {
      type: each.type,
      status: each.status,
      lastTransitionTime: before?.status === each.status ? (before.lastTransitionTime ?? now) : now,
      reason: each.reason,
      message: each.message,
    };
    if (before) conditions[index] = made;
    else conditions.push(made);
  }
  return { ...status, conditions, acceptedNames: taken ? (status.acceptedNames ?? { plural: '', kind: '' }) : names };
}

function takenName(names: CrdNames, accepted: readonly CrdNames[]): { reason: string; message: string } | undefined {
  const resources = new Set(accepted.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]));
  const kinds = new Set(accepted.flatMap(({ kind, listKind }) => [kind, listKind]));
  const inUse = (word: string): string => `${JSON.stringify(word)} is already in use`;
  if (names.plural && resources.has(names.plural)) return { reason: 'PluralConflict', message: inUse(names.plural) };
  if (names.singular && resources.has(names.singular)) return { reason: 'SingularConflict', message: inUse(names.singular) };
  const short = names.shortNames?.filter((each) => resources.has(each)) ?? [];
  if (short.length > 0) return { reason: 'ShortNamesConflict', message: short.map(inUse).join(', ') };
  if (names.kind && kinds.has(names.kind)) return { reason: 'KindConflict', message: inUse(names.kind) };
  if (names.listKind && kinds.has(names.listKind)) return { reason: 'ListKindConflict', message: inUse(names.listKind) };
  return undefined;
}

const resourceOf = (object: KubeObject): string => groupResource(specOf(object).group ?? '', specOf(object).names?.plural ?? '');

const registered = new WeakMap<Schemas, Map<string, object>>();

function register(api: Api, schemas: Schemas, object: Stored): void {
  const known = registered.get(schemas) ?? new Map<string, object>();
  registered.set(schemas, known);
  const spec = specOf(object);
  const names = statusOf(object).acceptedNames ?? spec.names ?? {};
  const what = { spec, names };
  if (equal(known.get(object.metadata.name), what)) return;
  known.set(object.metadata.name, what);
  for (const { name, schema, served } of spec.versions ?? []) {
    const kind = { group: spec.group ?? '', version: name, kind: names.kind ?? '' };
    schemas.setCustom(kind, served && schema?.openAPIV3Schema ? wholeSchema(schema.openAPIV3Schema) : undefined);
  }
  api.registry.setCustom(resourceOf(object), customKinds(spec, names));
}

function unregister(api: Api, schemas: Schemas, object: Stored): void {
  registered.get(schemas)?.delete(object.metadata.name);
  const { group = '', names = {}, versions = [] } = specOf(object);
  for (const { name } of versions) schemas.setCustom({ group, version: name, kind: names.kind ?? '' }, undefined);
  api.registry.setCustom(resourceOf(object), []);
}

/** Deletes the objects; the definition goes when none is left. */
function finish(api: Api, schemas: Schemas, object: Stored): void {
  if (!object.metadata.finalizers?.includes(cleanupFinalizer)) return;
  const resource = resourceOf(object);
  const isServed = api.registry.all().some((each) => each.storage === resource);
  if (isServed) {
    for (const { metadata } of api.list(resource)) {
      try {
        if (!metadata.deletionTimestamp) api.delete(resource, metadata.namespace ?? '', metadata.name);
      } catch (error) {
        // It went by itself.
        if (!(error instanceof ApiError) || error.reason !== 'NotFound') throw error;
      }
    }
    if (api.list(resource).length > 0) {
      const undo = api.onChange(resource, ({ type }) => {
        if (type !== 'DELETED' || api.list(resource).length > 0) return;
        undo();
        finish(api, schemas, api.get(definitions, '', object.metadata.name) ?? object);
      });
      return;
    }
  }
  unregister(api, schemas, object);
  api.change(definitions, '', object.metadata.name, ({ metadata }) => held(metadata, false), asServer);
}

function held(metadata: KubeObject['metadata'], isHeld: boolean): void {
  const others = metadata.finalizers?.filter((each) => each !== cleanupFinalizer) ?? [];
  metadata.finalizers = isHeld ? [...others, cleanupFinalizer] : others;
}
