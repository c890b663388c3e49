import {
  isRecord,
  type KubeObject,
  type LabelSelector,
  matchesLabelSelector,
  matchesRequirements,
  parseLabelSelector,
} from '@fairlead/kube/protocol';
import type { Api } from '../../api/api.js';
import { selectorText } from '../../kinds/parts/selector-text.js';
import { ApiError, notFound } from '../../machinery/api-error.js';
import { controllerUser } from '../../machinery/user.js';
import type { HorizontalPodAutoscaler } from '../model/autoscaling.js';
import type { Pod } from '../model/pod.js';

export interface ScaleTarget {
  replicas: number;
  statusReplicas: number;
  selects: ((pod: Pod) => boolean) | undefined;
  /** As `-l` takes it. */
  selector: string;
  scaleTo(replicas: number): void;
}

/** The scale of what an autoscaler points at; throws the API server's words where it has none. */
export function scaleTarget(api: Api, { metadata, spec }: HorizontalPodAutoscaler): ScaleTarget {
  const { apiVersion = 'v1', kind, name } = spec.scaleTargetRef;
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const definition = api.registry
    .all()
    .find((each) => each.group === group && each.kind === kind && each.subresources.scale?.type === 'scale');
  const scale = definition?.subresources.scale;
  if (!definition || scale?.type !== 'scale') {
    const text = `no matches for kind "${kind}" in group "${group}"`;
    throw new ApiError({ ...notFound({ group, resource: kind }, name).status, message: text });
  }
  const namespace = metadata.namespace ?? '';
  const object = api.get(definition.storage, namespace, name);
  if (!object) throw notFound(definition, name);
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const selector = labelSelectorPath === undefined ? undefined : read(object, labelSelectorPath);
  return {
    replicas: Number(read(object, specReplicasPath) ?? 1),
    statusReplicas: Number(read(object, statusReplicasPath) ?? 0),
    selects: selection(selector),
    selector: typeof selector === 'string' ? selector : selectorText(isPlain(selector) ? { matchLabels: selector } : selector),
    scaleTo(replicas) {
      const options = { user: controllerUser('horizontal-pod-autoscaler'), fieldManager: 'kube-controller-manager' };
      api.change(definition.storage, namespace, name, (draft) => write(draft, specReplicasPath, replicas), options);
    },
  };
}

function selection(selector: unknown): ((pod: Pod) => boolean) | undefined {
  if (typeof selector === 'string') {
    const requirements = parseLabelSelector(selector);
    return requirements.length === 0 ? undefined : (pod) => matchesRequirements(requirements, pod.metadata.labels);
  }
  if (!isRecord(selector)) return undefined;
  const wanted = (isPlain(selector) ? { matchLabels: selector } : selector) as LabelSelector;
  return (pod) => matchesLabelSelector(wanted, pod.metadata.labels);
}

/** Replication controllers have a map. */
const isPlain = (selector: unknown): boolean => isRecord(selector) && !('matchLabels' in selector) && !('matchExpressions' in selector);

const steps = (path: string): string[] => path.split('.').filter((each) => each !== '');

function read(object: KubeObject, path: string): unknown {
  return steps(path).reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), object);
}

function write(object: KubeObject, path: string, value: number): void {
  const keys = steps(path);
  const last = keys.pop() ?? '';
  let parent: Record<string, unknown> = object;
  for (const key of keys) {
    const next = isRecord(parent[key]) ? (parent[key] as Record<string, unknown>) : {};
    parent[key] = next;
    parent = next;
  }
  parent[last] = value;
}
