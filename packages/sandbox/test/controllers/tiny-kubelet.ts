import type { KubeObject } from '@fairlead/kube/protocol';
import type { Change } from '../../src/api/api.js';
import type { Pod } from '../../src/controllers/model/pod.js';
import { isReason } from '../../src/controllers/parts/controller-api.js';
import { type Clock, microTimestamp, timestamp } from '../../src/machinery/clock.js';
import type { TestApi } from '../support/test-api.js';

/** What the containers of a pod do, by their image: when they are ready, and whether they end. */
export type Scene = { readyAfterMs: number; endsAfterMs?: number; exitCode?: number } | 'never';

export interface KubeletOptions {
  scene?(pod: Pod): Scene;
  /** From the wish to end until the pod is gone. */
  stopsAfterMs?: number;
}

/** Stands in for every node's kubelet: pods with a node become Running and Ready, end, and go when they are to. Renews the nodes' leases. */
export class TinyKubelet {
  private readonly undo: (() => void)[] = [];
  private readonly lost = new Set<string>();
  private nextIp = 1;

  constructor(
    private readonly api: TestApi['api'],
    private readonly clock: Clock,
    private readonly options: KubeletOptions = {},
  ) {
    this.undo.push(api.onChange('pods', (change) => this.see(change)));
    this.beat();
  }

  /** Its node hears and says nothing any more. */
  lose(node: string): void {
    this.lost.add(node);
  }

  stop(): void {
    for (const each of this.undo) each();
  }

  private see({ object, old, type }: Change): void {
    const pod = object as unknown as Pod;
    const node = pod.spec.nodeName;
    if (!node || type === 'DELETED') return;
    const before = old as unknown as Pod | undefined;
    if (!before?.spec.nodeName) this.after(0, node, () => this.start(pod));
    if (pod.metadata.deletionTimestamp && !before?.metadata.deletionTimestamp) {
      this.after(this.options.stopsAfterMs ?? 1000, node, () => this.finish(pod));
    }
  }

  private start(pod: Pod): void {
    const scene = this.options.scene?.(pod) ?? { readyAfterMs: 1000 };
    if (scene === 'never') return;
    this.after(scene.readyAfterMs, pod.spec.nodeName ?? '', () => this.set(pod, 'Running', true));
    if (scene.endsAfterMs !== undefined) {
      const { exitCode = 0 } = scene;
      this.after(scene.endsAfterMs, pod.spec.nodeName ?? '', () => this.end(pod, exitCode));
    }
  }

  private end(pod: Pod, exitCode: number): void {
    this.set(pod, exitCode === 0 ? 'Succeeded' : 'Failed', false, (now) => ({
      containerStatuses: pod.spec.containers.map(({ name }) => ({
        name,
        restartCount: 0,
        state: { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', finishedAt: timestamp(now) } },
      })),
    }));
  }

  private set(pod: Pod, phase: string, ready: boolean, more: (now: number) => object = () => ({})): void {
    const { namespace = '', name, uid } = pod.metadata;
    const now = this.clock.now();
    this.api.change(
      'pods',
      namespace,
      name,
      (draft) => {
        if (draft.metadata.uid !== uid) return false;
        const status = draft.status as Pod['status'];
        if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
        const others = (status?.conditions ?? []).filter((each) => each.type !== 'Ready');
        const condition = { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: timestamp(now) };
        const podIP = status?.podIP ?? `10.1.0.${this.nextIp++}`;
        draft.status = {
          ...status,
          phase,
          podIP,
          podIPs: [{ ip: podIP }],
          startTime: timestamp(now),
          conditions: [...others, condition],
          ...more(now),
        };
      },
      { subresource: 'status', fieldManager: 'kubelet' },
    );
  }

  private finish(pod: Pod): void {
    const { namespace = '', name, uid = '' } = pod.metadata;
    const phase = (this.api.get('pods', namespace, name)?.status as Pod['status'])?.phase;
    if (phase === 'Running' && pod.metadata.finalizers?.length) this.end(pod, 0);
    try {
      this.api.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  }

  private beat(): void {
    for (const { metadata } of this.api.list('nodes')) {
      if (this.lost.has(metadata.name)) continue;
      const spec = { holderIdentity: metadata.name, leaseDurationSeconds: 40, renewTime: microTimestamp(this.clock.now()) };
      const lease: KubeObject = { metadata: { name: metadata.name, namespace: 'kube-node-lease' }, spec };
      const renew = (draft: KubeObject): void => {
        draft.spec = spec;
      };
      if (!this.api.change('leases.coordination.k8s.io', 'kube-node-lease', metadata.name, renew)) {
        this.api.create('leases.coordination.k8s.io', lease);
      }
    }
    this.undo.push(this.clock.after(10_000, () => this.beat()));
  }

  private after(ms: number, node: string, call: () => void): void {
    this.undo.push(
      this.clock.after(ms, () => {
        if (!this.lost.has(node)) call();
      }),
    );
  }
}
