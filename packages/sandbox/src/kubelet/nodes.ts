import type { KubeObject } from '@fairlead/kube/protocol';
import { toBytes, toCores } from '@fairlead/kube/protocol';
import type { ControllerContext } from '../controllers/controller.js';
import { Heartbeat } from './heartbeat.js';
import { emptyTree, Kubelet } from './kubelet.js';
import type { Tree } from './machine/tree.js';
import { ClusterNetwork } from './network/cluster-network.js';
import type { Reached } from './network/network.js';
import type { Pod } from './pod.js';
import type { NodePod } from './pod-runtime.js';
import { lostAnnotation } from './scenes/scene.js';

/** After so many, whoever asks something has a turn. */
const podsPerTurn = 200;

export interface NodesContext extends ControllerContext {
  /** A service account's token for a pod: what is mounted at /var/run/secrets. A word that no server takes where it is missing. */
  token?(pod: Pod, audience: string | undefined): string;
}

/**
 * The pretend kubelets of all nodes that have one (`spec.providerID: sandbox://…`), and the network between their pods. Streams, metrics and ingress look in
 * here. A node with the annotation `sandbox.fairlead.dev/lost: "true"` is cut off until it is taken away.
 */
export class Nodes {
  readonly network: ClusterNetwork;
  private readonly kubelets = new Map<string, Kubelet>();
  private readonly images = new Map<string, Set<string>>();
  private readonly trees = new Map<string, Tree>();
  private readonly nodeOfPod = new Map<string, string>();
  private readonly noted = new Map<string, Pod | undefined>();
  private undoTurn: (() => void) | undefined;

  constructor(private readonly context: NodesContext) {
    const { api } = context;
    this.network = new ClusterNetwork({ api, random: () => context.random(), reachPod: (pod, port) => this.reachPod(pod, port) });
  }

  /** Everything begins. Answers what ends it. */
  start(): () => void {
    const { api } = this.context;
    const undo = [
      api.onChange('pods', ({ type, object }) =>
        this.note(type === 'DELETED' ? undefined : (object as unknown as Pod), object.metadata.uid ?? ''),
      ),
      api.onChange('nodes', ({ type, object }) => this.seeNode(object.metadata.name, type === 'DELETED' ? undefined : object)),
      api.onChange('persistentvolumeclaims', ({ type, object }) => {
        if (type === 'DELETED') this.trees.delete(`claim/${object.metadata.namespace}/${object.metadata.name}`);
      }),
    ];
    for (const node of api.list('nodes')) this.seeNode(node.metadata.name, node);
    for (const pod of api.list('pods')) this.note(pod as unknown as Pod, pod.metadata.uid ?? '');
    const heartbeat = new Heartbeat(this.context, () => [...this.kubelets.values()]);
    const endHeartbeat = heartbeat.start();
    return () => {
      for (const each of undo) each();
      endHeartbeat();
      this.undoTurn?.();
      for (const kubelet of this.kubelets.values()) kubelet.stop();
      this.kubelets.clear();
    };
  }

  /** The node that has this pod, while it can be spoken to. */
  podRuntime({ metadata, spec }: Pod): NodePod | undefined {
    return this.kubelets.get(spec.nodeName ?? '')?.runtimeOf(metadata.uid ?? '');
  }

  kubelet(name: string): Kubelet | undefined {
    return this.kubelets.get(name);
  }

  reachPod(pod: Pod, port: number): Reached {
    const kubelet = this.kubelets.get(pod.spec.nodeName ?? '');
    return kubelet ? kubelet.reachPod(pod, port) : { is: 'unreachable', address: pod.status?.podIP ?? '' };
  }

  private note(pod: Pod | undefined, uid: string): void {
    if (pod && !pod.spec.nodeName) return;
    if (!pod && !this.nodeOfPod.has(uid)) return;
    this.noted.set(uid, pod);
    this.undoTurn ??= this.context.clock.after(0, () => this.turn());
  }

  private turn(): void {
    this.undoTurn = undefined;
    let left = podsPerTurn;
    for (const [uid, pod] of this.noted) {
      if (left === 0) {
        this.undoTurn = this.context.clock.after(0, () => this.turn());
        return;
      }
      left -= 1;
      this.noted.delete(uid);
      if (!pod) {
        this.kubelets.get(this.nodeOfPod.get(uid) ?? '')?.forget(uid);
        this.nodeOfPod.delete(uid);
        continue;
      }
      const { nodeName = '' } = pod.spec;
      this.nodeOfPod.set(uid, nodeName);
      this.kubelets.get(nodeName)?.see(pod);
    }
  }

  private seeNode(name: string, node: KubeObject | undefined): void {
    const spec = (node?.spec ?? {}) as { providerID?: string; podCIDR?: string };
    const isOurs = spec.providerID?.startsWith('sandbox://') ?? false;
    const lost = node?.metadata.annotations?.[lostAnnotation] === 'true';
    const known = this.kubelets.get(name);
    if (known && (!node || lost)) {
      known.stop();
      this.kubelets.delete(name);
    }
    if (known || !node || !isOurs || lost) return;
    const { api, clock, random, token = () => 'not-a-token' } = this.context;
    const kubelet = new Kubelet(
      { api, clock, random, network: this.network, kept: (key) => this.kept(key), token },
      factsOf(node, clock.now()),
      spec.podCIDR ?? '10.244.0.0/24',
    );
    for (const image of this.images.get(name) ?? []) kubelet.images.add(image);
    this.images.set(name, kubelet.images);
    this.kubelets.set(name, kubelet);
    // What is bound to it was bound before it could hear of it.
    for (const pod of api.list('pods') as unknown as readonly Pod[]) if (pod.spec.nodeName === name) this.note(pod, pod.metadata.uid ?? '');
  }

  private kept(key: string): Tree {
    let tree = this.trees.get(key);
    if (!tree) {
      tree = emptyTree(this.context.clock.now());
      this.trees.set(key, tree);
    }
    return tree;
  }
}

function factsOf(node: KubeObject, now: number) {
  const {
    capacity = {},
    addresses = [],
    nodeInfo = {},
  } = (node.status ?? {}) as {
    capacity?: Record<string, string>;
    addresses?: { type: string; address: string }[];
    nodeInfo?: { kernelVersion?: string };
  };
  return {
    name: node.metadata.name,
    address: addresses.find(({ type }) => type === 'InternalIP')?.address ?? '127.0.0.1',
    cores: toCores(capacity.cpu ?? '4'),
    memoryBytes: toBytes(capacity.memory ?? '8Gi'),
    kernel: nodeInfo.kernelVersion ?? '6.12.0-sandbox',
    bootedAt: Date.parse(node.metadata.creationTimestamp ?? '') || now,
  };
}
