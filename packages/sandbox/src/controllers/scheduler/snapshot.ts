import type { Namespace, Node, PodDisruptionBudget } from '../model/cluster.js';
import type { Pod } from '../model/pod.js';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '../model/storage.js';
import { controllerOf, isBeingDeleted } from '../parts/owner.js';
import { type Amounts, addTo, amounts, podRequests } from '../parts/pod-requests.js';

const allocatableOf = new WeakMap<Node, Amounts>();

/** A node with what is on it. */
export class NodeInfo {
  readonly allocatable: Amounts;
  readonly requested: Amounts = {};
  readonly pods: Pod[] = [];
  /** Those whose affinity others have to respect. */
  readonly withAffinity: Pod[] = [];
  private readonly perController = new Map<string, number>();

  constructor(readonly node: Node) {
    this.allocatable = allocatableOf.get(node) ?? amounts(node.status?.allocatable);
    allocatableOf.set(node, this.allocatable);
  }

  get name(): string {
    return this.node.metadata.name;
  }

  add(pod: Pod): void {
    this.pods.push(pod);
    addTo(this.requested, podRequests(pod));
    if (pod.spec.affinity?.podAffinity || pod.spec.affinity?.podAntiAffinity) this.withAffinity.push(pod);
    const owner = controllerOf(pod)?.uid;
    if (owner && !isBeingDeleted(pod)) this.perController.set(owner, (this.perController.get(owner) ?? 0) + 1);
  }

  /** How many pods of the same controller are here. */
  siblings(controllerUid: string): number {
    return this.perController.get(controllerUid) ?? 0;
  }

  /** The same node with other pods on it. */
  with(pods: Iterable<Pod>): NodeInfo {
    const copy = new NodeInfo(this.node);
    for (const pod of pods) copy.add(pod);
    return copy;
  }
}

/** Everything that a decision looks at. */
export interface Snapshot {
  nodes: readonly NodeInfo[];
  /** Pods that wait for a node which was made free for them, by the node's name. */
  nominated: ReadonlyMap<string, readonly Pod[]>;
  budgets: readonly PodDisruptionBudget[];
  namespace(name: string): Namespace | undefined;
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumes(): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
}

/** Why a pod cannot be on a node; `resolvable`: it might if others left. */
export interface Rejection {
  reasons: readonly string[];
  resolvable: boolean;
}

export type Filter = (node: NodeInfo) => Rejection | undefined;

export const never = (...reasons: string[]): Rejection => ({ reasons, resolvable: false });
export const notNow = (...reasons: string[]): Rejection => ({ reasons, resolvable: true });

export const priorityOf = (pod: Pod): number => pod.spec.priority ?? 0;
