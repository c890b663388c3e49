import type { Clock } from '../machinery/clock.js';
import type { UserInfo } from '../machinery/user.js';
import { knownRecord } from './lifecycle/known-record.js';
import { PodWorker } from './lifecycle/worker.js';
import { MemoryTree, type Tree } from './machine/tree.js';
import type { ClusterNetwork } from './network/cluster-network.js';
import type { Reached } from './network/network.js';
import { containersOf, type Pod } from './pod.js';
import { type NodeApi, NodePod } from './pod-runtime.js';
import type { NodeFacts } from './runtime/container.js';
import { Addresses } from './setting/addresses.js';
import { pullSecretHosts } from './setting/pull-secrets.js';

export interface KubeletWorld {
  api: NodeApi;
  clock: Clock;
  random(): number;
  network: ClusterNetwork;
  /** What outlives pods: by key. */
  kept(key: string): Tree;
  token(pod: Pod, audience: string | undefined): string;
}

interface Looked {
  worker: PodWorker;
  runtime: NodePod;
}

/** One node's kubelet: its pods, its images, its addresses. While the node is lost nothing of it hears or says anything. */
export class Kubelet {
  readonly images = new Set<string>();
  readonly user: UserInfo;
  private readonly pods = new Map<string, Looked>();
  private readonly addresses: Addresses;

  constructor(
    private readonly world: KubeletWorld,
    readonly facts: NodeFacts,
    podCIDR: string,
  ) {
    this.user = { name: `system:node:${facts.name}`, groups: ['system:nodes', 'system:authenticated'] };
    this.addresses = new Addresses(podCIDR);
  }

  get api(): NodeApi {
    return this.world.api;
  }

  get clock(): Clock {
    return this.world.clock;
  }

  get network(): ClusterNetwork {
    return this.world.network;
  }

  readonly kept = (key: string): Tree => this.world.kept(key);
  readonly token = (pod: Pod, audience: string | undefined): string => this.world.token(pod, audience);

  random(): number {
    return this.world.random();
  }

  takeAddress(): string {
    return this.addresses.take();
  }

  freeAddress(address: string): void {
    this.addresses.free(address);
  }

  /** A pod that is bound to this node, as it is now. */
  see(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    const known = this.pods.get(uid);
    if (known) {
      known.runtime.pod = pod;
      known.worker.update(pod);
      return;
    }
    const runtime = new NodePod(this, pod);
    const record = knownRecord(pod);
    const worker = new PodWorker(runtime, pod, record);
    this.pods.set(uid, { worker, runtime });
    if (!record) {
      worker.begin();
      return;
    }
    if (record.podIP && !record.stopped) this.addresses.note(record.podIP);
    // What never ran may have failed to be pulled.
    for (const { name, image = '' } of containersOf(pod)) if (record.containers.get(name)?.attempts) runtime.notePresent(image);
    worker.resume();
  }

  /** Its object is gone. */
  forget(uid: string): void {
    const known = this.pods.get(uid);
    if (!known) return;
    this.pods.delete(uid);
    known.worker.stop();
    known.runtime.abandon();
    if (!known.worker.record.stopped) known.runtime.closeSandbox();
  }

  /** The node is lost, or the sandbox ends. */
  stop(): void {
    for (const { worker, runtime } of this.pods.values()) {
      worker.stop();
      runtime.abandon();
    }
    this.pods.clear();
  }

  runtimeOf(uid: string): NodePod | undefined {
    return this.pods.get(uid)?.runtime;
  }

  get size(): number {
    return this.pods.size;
  }

  /** What listens at a port of one of its pods. */
  reachPod(pod: Pod, port: number): Reached {
    const runtime = this.runtimeOf(pod.metadata.uid ?? '');
    for (const live of runtime?.live.values() ?? []) {
      const reached = live.reach(port);
      if (reached.is === 'open') return reached;
    }
    return { is: 'refused', address: runtime?.podIP ?? pod.status?.podIP ?? '' };
  }

  hasPullSecret(pod: Pod, host: string): boolean {
    return pullSecretHosts(this.api, pod).includes(host);
  }

  hasVisitors({ metadata }: Pod): boolean {
    const services = this.api.list('services', metadata.namespace ?? '');
    return services.some((service) => {
      const selector = (service.spec as { selector?: Record<string, string> } | undefined)?.selector;
      return selector !== undefined && Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value);
    });
  }
}

export const emptyTree = (now: number): Tree => new MemoryTree(new Map(), now);
