import { isRecord, type KubeObject, type LabelSelector } from '@fairlead/kube/protocol';
import type { WriteOptions } from '../api/api.js';
import type { Target } from '../api/core.js';
import type { UpdateRequest } from '../api/update.js';
import { badRequest, invalid, notInTheSandbox } from '../machinery/api-error.js';
import { invalidValue } from '../machinery/field-error.js';
import { draft, groupVersion, type Stored } from '../machinery/object.js';
import type { Subresource } from '../registry/definition.js';
import { answer } from './answer.js';
import { parseObject, parsePatch, parseYaml, readBody } from './body.js';
import type { DoorContext } from './door-context.js';
import type { Exchange } from './exchange.js';
import { type Accepted, negotiate, shapesOf } from './negotiation.js';
import { partial } from './partial.js';
import { includeOf } from './read.js';
import { writeOptions } from './request-options.js';
import { scaleTable, table } from './table.js';
import { existing } from './target.js';
import { type PatchType, patchDocument, patchTypeOf } from './write.js';

type ScaleRules = Extract<Subresource, { type: 'scale' }>;

export function readScale(door: DoorContext, exchange: Exchange, target: Target, rules: ScaleRules): Promise<void> {
  return answerScale(door, exchange, target, scaleOf(existing(door.api, target), rules));
}

/** PUT or PATCH of an autoscaling/v1 Scale: changes the number of replicas of what it belongs to. */
export async function writeScale(door: DoorContext, exchange: Exchange, target: Target, rules: ScaleRules): Promise<void> {
  const type = exchange.info.verb === 'patch' ? patchTypeOf(exchange, false) : undefined;
  const options = writeOptions(exchange, type ? 'PatchOptions' : 'UpdateOptions', type === 'apply');
  const body = await readBody(exchange.request);
  const before = existing(door.api, target);
  const scale = type ? patchedScale(door, target, type, scaleOf(before, rules), body) : scaleBody(exchange, body);
  checkName(target, scale);
  const replicas = replicasOf(target, scale);
  const { resourceVersion, uid } = scale.metadata;
  const next = (): KubeObject => {
    const object = draft(before) as KubeObject;
    setAt(object, rules.specReplicasPath, replicas);
    if (resourceVersion) object.metadata.resourceVersion = resourceVersion;
    if (uid) object.metadata.uid = uid;
    return object;
  };
  const request = type === 'apply' ? appliedScale(door, target, rules, before, replicas, options) : { next };
  const { object } = door.api.updateAs(target, request, options);
  return answerScale(door, exchange, target, scaleOf(object, rules));
}

function answerScale(door: DoorContext, exchange: Exchange, { requested }: Target, scale: KubeObject): Promise<void> {
  const accepted = negotiate(exchange.request.headers.accept, shapesOf('object'), () => true);
  return answer(exchange, 200, shaped(door, exchange, requested.custom === true, scale, accepted), accepted);
}

function shaped(door: DoorContext, exchange: Exchange, custom: boolean, scale: KubeObject, { shape }: Accepted): object {
  if (shape === 'as it is') return scale;
  if (shape !== 'Table') return partial(scale);
  const { resourceVersion } = scale.metadata;
  return table(scaleTable(custom), [scale], { resourceVersion }, { now: door.clock.now(), include: includeOf(exchange) });
}

function scaleBody({ request }: Exchange, body: Buffer): KubeObject {
  const { object } = parseObject(request, body, 'Scale');
  const { kind = 'Scale', apiVersion = 'autoscaling/v1' } = object;
  if (kind === 'Scale') return object;
  const version = apiVersion.split('/').at(-1) ?? '';
  const why = `converting (${version}.${kind}) to (autoscaling.Scale): unknown conversion`;
  throw badRequest(`${kind} in version ${JSON.stringify(version)} cannot be handled as a Scale: ${why}`);
}

/** An apply of a Scale is one of the object that says its replicas and nothing else. */
function appliedScale(
  { formats, clock }: DoorContext,
  target: Target,
  rules: ScaleRules,
  before: Stored,
  replicas: number,
  { fieldManager = '', force }: WriteOptions & { force: boolean },
): UpdateRequest {
  if (!formats) throw notInTheSandbox('server-side apply');
  const { requested, stored, name, namespace, subresource } = target;
  const apiVersion = groupVersion(requested.group, requested.version);
  const config: KubeObject = { apiVersion, kind: requested.kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
  setAt(config, rules.specReplicasPath, replicas);
  const how = { manager: fieldManager, subresource, now: clock.now(), apiVersion, definition: stored, force };
  return { fieldsNoted: true, next: () => formats.apply(before, config, how) };
}

function patchedScale({ formats }: DoorContext, target: Target, type: PatchType, scale: KubeObject, body: Buffer): KubeObject {
  if (!formats) throw notInTheSandbox('patches');
  if (type === 'apply') return formats.mergePatch(scale, parseYaml(body));
  // A Scale has no lists that could be merged.
  return patchDocument(formats, target, type === 'strategic' ? 'merge' : type, scale, parsePatch(body));
}

function replicasOf({ name }: Target, { spec }: KubeObject): number {
  const replicas = isRecord(spec) ? (spec.replicas ?? 0) : 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  if (replicas >= 0) return replicas;
  const wrong = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
  throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [wrong]);
}

function checkName({ name }: Target, { metadata }: KubeObject): void {
  if (metadata.name && metadata.name !== name)
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
}

export function scaleOf(object: KubeObject, rules: ScaleRules): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = rules.labelSelectorPath === undefined ? undefined : selectorText(valueAt(object, rules.labelSelectorPath));
  const replicas = valueAt(object, rules.specReplicasPath);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace ? { namespace } : {}), uid, resourceVersion, creationTimestamp } as KubeObject['metadata'],
    spec: replicas ? { replicas } : {},
    status: { replicas: valueAt(object, rules.statusReplicasPath) ?? 0, ...(selector ? { selector } : {}) },
  };
}

function valueAt(object: KubeObject, path: string): unknown {
  let found: unknown = object;
  for (const key of keysOf(path)) found = isRecord(found) ? found[key] : undefined;
  return found;
}

function setAt(object: KubeObject, path: string, value: unknown): void {
  const keys = keysOf(path);
  let at: Record<string, unknown> = object;
  for (const key of keys.slice(0, -1)) {
    const inner = isRecord(at[key]) ? at[key] : {};
    at[key] = inner;
    at = inner;
  }
  at[keys.at(-1) ?? ''] = value;
}

const keysOf = (path: string): string[] => path.split('.').filter((key) => key !== '');

/** metav1.FormatLabelSelector; a ReplicationController's selector is a plain map. */
function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector;
  if (!isRecord(selector)) return '';
  const isPlain = !('matchLabels' in selector) && !('matchExpressions' in selector);
  const { matchLabels = {}, matchExpressions = [] } = (isPlain ? { matchLabels: selector } : selector) as LabelSelector;
  const words: Readonly<Record<string, (key: string, values: readonly string[]) => string>> = {
    In: (key, values) => `${key} in (${values.join(',')})`,
    NotIn: (key, values) => `${key} notin (${values.join(',')})`,
    Exists: (key) => key,
    DoesNotExist: (key) => `!${key}`,
  };
  const terms = [
    ...Object.entries(matchLabels).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...matchExpressions.map(({ key, operator, values = [] }) => ({ key, text: words[operator]?.(key, [...values].sort()) ?? '' })),
  ];
  return terms
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ text }) => text)
    .join(',');
}
