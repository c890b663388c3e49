import { isRecord, type KubeObject, type LabelSelector } from '@fairlead/kube';
import type { Target } from '../api/core.js';
import { badRequest, invalid, notInTheSandbox } from '../machinery/api-error.js';
import { invalidValue } from '../machinery/field-error.js';
import { draft } from '../machinery/object.js';
import type { Subresource } from '../registry/definition.js';
import { answer } from './answer.js';
import { parseObject, parsePatch, parseYaml, readBody } from './body.js';
import type { DoorContext } from './door-context.js';
import type { Exchange } from './exchange.js';
import { negotiate } from './negotiation.js';
import { writeOptions } from './request-options.js';
import { existing } from './target.js';
import { patchDocument, patchTypeOf } from './write.js';

type ScaleRules = Extract<Subresource, { type: 'scale' }>;

export function readScale(door: DoorContext, exchange: Exchange, target: Target, rules: ScaleRules): Promise<void> {
  return answer(exchange, 200, scaleOf(existing(door.api, target), rules), negotiate(exchange.request.headers.accept));
}

/** PUT or PATCH of an autoscaling/v1 Scale: changes the number of replicas of what it belongs to. */
export async function writeScale(door: DoorContext, exchange: Exchange, target: Target, rules: ScaleRules): Promise<void> {
  const patching = exchange.info.verb === 'patch';
  const options = writeOptions(exchange, patching ? 'PatchOptions' : 'UpdateOptions');
  const body = await readBody(exchange.request);
  const before = existing(door.api, target);
  const scale = patching
    ? patchedScale(door, exchange, target, scaleOf(before, rules), body)
    : parseObject(exchange.request, body, 'Scale').object;
  const { resourceVersion, uid, name } = scale.metadata;
  if (name && name !== target.name)
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`);
  const replicas = isRecord(scale.spec) ? (scale.spec.replicas ?? 0) : 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas))
    throw badRequest(
      `Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal ${typeof replicas} into Go struct field ScaleSpec.spec.replicas of type int32`,
    );
  if (replicas < 0) {
    const wrong = invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, target.name, [wrong]);
  }
  const next = (): KubeObject => {
    const object = draft(before) as KubeObject;
    setAt(object, rules.specReplicasPath, replicas);
    if (resourceVersion) object.metadata.resourceVersion = resourceVersion;
    if (uid) object.metadata.uid = uid;
    return object;
  };
  const { object } = door.api.updateAs(target, { next }, options);
  return answer(exchange, 200, scaleOf(object, rules), negotiate(exchange.request.headers.accept));
}

function patchedScale(door: DoorContext, exchange: Exchange, target: Target, scale: KubeObject, body: Buffer): KubeObject {
  const type = patchTypeOf(exchange, false);
  if (!door.formats) throw notInTheSandbox('patches');
  // An apply to a scale says the number; nobody else owns anything in it.
  if (type === 'apply') return door.formats.mergePatch(scale, parseYaml(body));
  return patchDocument(door.formats, target, type === 'strategic' ? 'merge' : type, scale, parsePatch(body));
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
