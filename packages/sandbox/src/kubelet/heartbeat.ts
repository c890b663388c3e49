import type { KubeObject } from '@fairlead/kube/protocol';
import type { ControllerContext } from '../controllers/controller.js';
import { ApiError } from '../machinery/api-error.js';
import { microTimestamp, timestamp } from '../machinery/clock.js';
import type { Kubelet } from './kubelet.js';

const leaseEveryMs = 10_000;
const leaseSeconds = 40;
const statusEveryMs = 300_000;
const atATime = 10;
const leases = 'leases.coordination.k8s.io';

interface NodeCondition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastHeartbeatTime: string;
  lastTransitionTime: string;
}

const healthy: readonly [type: string, status: string, reason: string, message: string][] = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
];

/** Every node's lease each 10 s, and its status each 5 min or when somebody thought it gone. */
export class Heartbeat {
  private readonly toldAt = new Map<string, number>();

  constructor(
    private readonly context: ControllerContext,
    private readonly kubelets: () => readonly Kubelet[],
  ) {}

  /** At once where nobody knows of a node yet; of the others a few at a time. */
  start(): () => void {
    const { clock } = this.context;
    let undo = () => {};
    let due: Kubelet[] = [];
    const some = (): void => {
      for (const kubelet of due.splice(0, atATime)) this.beat(kubelet);
      undo = due.length > 0 ? clock.after(0, some) : clock.after(leaseEveryMs, round);
    };
    const round = (): void => {
      due = [...this.kubelets()];
      some();
    };
    for (const kubelet of this.kubelets()) if (!this.toldOf(kubelet)) this.beat(kubelet);
    undo = clock.after(0, round);
    return () => undo();
  }

  private toldOf({ facts: { name } }: Kubelet): boolean {
    return isReady(this.context.api.get('nodes', '', name));
  }

  private beat(kubelet: Kubelet): void {
    const { api, clock } = this.context;
    const { name } = kubelet.facts;
    const node = api.get('nodes', '', name);
    if (!node) return;
    try {
      this.renew(kubelet, node);
      const ready = isReady(node);
      const due = clock.now() - (this.toldAt.get(name) ?? Number.NEGATIVE_INFINITY) >= statusEveryMs;
      if (ready && !due) return;
      this.toldAt.set(name, clock.now());
      this.tell(kubelet, conditionsOf(node));
      if (!ready)
        api.recordEvent({
          about: node,
          type: 'Normal',
          reason: 'NodeReady',
          message: `Node ${name} status is now: NodeReady`,
          component: 'kubelet',
          host: name,
        });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  private renew({ facts: { name }, user }: Kubelet, node: KubeObject): void {
    const { api, clock } = this.context;
    if (!api.registry.find('coordination.k8s.io', 'v1', 'leases')) return;
    const renewTime = microTimestamp(clock.now());
    const options = { fieldManager: 'kubelet', user };
    const renewed = api.change(
      leases,
      'kube-node-lease',
      name,
      (lease) => {
        lease.spec = { ...(lease.spec as object), renewTime };
      },
      options,
    );
    if (renewed) return;
    const owner = { apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid ?? '' };
    api.create(
      leases,
      {
        metadata: { name, namespace: 'kube-node-lease', ownerReferences: [owner] },
        spec: { holderIdentity: name, leaseDurationSeconds: leaseSeconds, renewTime },
      },
      options,
    );
  }

  private tell({ facts: { name }, user }: Kubelet, before: readonly NodeCondition[]): void {
    const { api, clock } = this.context;
    const now = timestamp(clock.now());
    const made = healthy.map(([type, status, reason, message]): NodeCondition => {
      const old = before.find((each) => each.type === type);
      return {
        type,
        status,
        lastHeartbeatTime: now,
        lastTransitionTime: old?.status === status ? old.lastTransitionTime : now,
        reason,
        message,
      };
    });
    const others = before.filter((each) => !healthy.some(([type]) => type === each.type));
    api.change(
      'nodes',
      '',
      name,
      (node) => {
        node.status = { ...(node.status as object), conditions: [...others, ...made] };
      },
      { subresource: 'status', fieldManager: 'kubelet', user },
    );
  }
}

const conditionsOf = (node: KubeObject | undefined): NodeCondition[] =>
  (node?.status as { conditions?: NodeCondition[] } | undefined)?.conditions ?? [];

const isReady = (node: KubeObject | undefined): boolean =>
  conditionsOf(node).some((each) => each.type === 'Ready' && each.status === 'True');
