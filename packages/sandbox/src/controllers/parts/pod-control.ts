import type { KubeObject } from '@fairlead/kube/protocol';
import { draft } from '../../machinery/object.js';
import type { Pod, PodTemplate } from '../model/pod.js';
import { type ControllerApi, isTerminatingNamespace } from './controller-api.js';
import { controllerReference, type OwnerKind } from './owner.js';

export interface PodWish {
  /** Instead of a generated one. */
  name?: string;
  /** Default: the owner's name and a dash. */
  prefix?: string;
  adjust?: (pod: Pod) => void;
}

/** A pod as the template says, owned by `owner`. */
export function podFromTemplate(template: PodTemplate, kind: OwnerKind, owner: KubeObject, wish: PodWish = {}): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: wish.name ?? '',
      ...(wish.name === undefined ? { generateName: wish.prefix ?? `${owner.metadata.name}-` } : {}),
      namespace: owner.metadata.namespace ?? '',
      ...(labels ? { labels: { ...labels } } : {}),
      ...(annotations ? { annotations: { ...annotations } } : {}),
      ...(finalizers ? { finalizers: [...finalizers] } : {}),
      ownerReferences: [controllerReference(kind, owner)],
    },
    spec: draft(template.spec),
  };
  wish.adjust?.(pod);
  return pod;
}

/** Creates it and says so in an event on the owner. What the API refuses is said in an event too, and thrown on. */
export function createPod(api: ControllerApi, owner: KubeObject, pod: Pod): Pod {
  try {
    const created = api.create('pods', pod);
    api.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (error instanceof Error && !isTerminatingNamespace(error))
      api.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    throw error;
  }
}

export function deletePod(api: ControllerApi, owner: KubeObject, pod: Pod): void {
  try {
    if (api.delete('pods', pod)) api.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  } catch (error) {
    if (error instanceof Error) api.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
    throw error;
  }
}

/** Does `act` 1, 2, 4, … times until it was done `count` times; after a batch with a failure it stops and throws the first one. */
export function slowStart(count: number, act: (index: number) => void): void {
  let done = 0;
  for (let batch = 1; done < count; batch *= 2) {
    let failure: unknown;
    const until = Math.min(done + batch, count);
    for (; done < until; done += 1) {
      try {
        act(done);
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }
}
