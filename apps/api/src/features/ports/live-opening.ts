import type { Duplex } from 'node:stream';
import type { Status } from '@fairlead/kube';
import type { PortTarget } from '@fairlead/shared';
import type { KubernetesAttributes } from '../access/index.js';
import type { Caller } from '../auth/index.js';
import type { OpenStream } from '../gateway/index.js';
import type { OpeningRow } from './opening-store.js';
import { Tunnels } from './tunnels.js';

/** An opening that this process carries now. It is registered among the gateway's open streams, which judge its right all the time. */
export class LiveOpening implements OpenStream {
  readonly sweep = true;
  readonly attributes: KubernetesAttributes;
  readonly target: PortTarget;
  readonly tunnels: Tunnels;
  /** Bytes that are not in the database yet. */
  bytesIn = 0;
  bytesOut = 0;
  usedMs = 0;
  over = false;
  /** Its pods are being asked for. */
  looking = false;
  /** Pods that tunnels lead to, with the uid under which each was first seen. */
  readonly pods = new Map<string, { uid: string | null; tunnels: Set<Duplex> }>();
  private readonly clients = new Set<{ destroy(): unknown }>();

  constructor(
    readonly row: OpeningRow,
    public caller: Caller,
    readonly cluster: { id: string; name: string },
    dial: (opening: LiveOpening) => Promise<Duplex>,
    private readonly onEnd: (opening: LiveOpening, reason: Status, cause: string) => void,
  ) {
    this.target = targetOf(row);
    this.attributes = attributesOf(row.namespace, this.target);
    this.tunnels = new Tunnels(() => dial(this));
  }

  readonly count = (bytesIn: number, bytesOut: number): void => {
    this.bytesIn += bytesIn;
    this.bytesOut += bytesOut;
  };

  /** A browser's side that ends with the opening. Answers the way to let it go. */
  holds(client: { destroy(): unknown }): () => void {
    if (this.over) client.destroy();
    this.clients.add(client);
    return () => this.clients.delete(client);
  }

  /** The connection leads to this pod, as long as it is open. */
  leadsTo(pod: string, tunnel: Duplex): void {
    const known = this.pods.get(pod) ?? { uid: null, tunnels: new Set<Duplex>() };
    this.pods.set(pod, known);
    known.tunnels.add(tunnel);
    tunnel.once('close', () => {
      known.tunnels.delete(tunnel);
      if (known.tunnels.size === 0) this.pods.delete(pod);
    });
  }

  end(reason: Status, cause: string): void {
    this.onEnd(this, reason, cause);
  }

  cut(): void {
    this.over = true;
    this.tunnels.cut();
    for (const client of [...this.clients]) client.destroy();
  }
}

export const targetOf = (row: OpeningRow): PortTarget => ({
  kind: row.targetKind === 'pod' ? 'pod' : 'service',
  name: row.targetName,
  port: row.port,
});

/** What is asked of policy and cluster: for a Service any of the pods behind it may be meant. */
export function attributesOf(namespace: string, { kind, name }: PortTarget): KubernetesAttributes {
  return {
    isResourceRequest: true,
    path: '',
    verb: 'create',
    apiGroup: '',
    namespace,
    resource: 'pods',
    subresource: 'portforward',
    name: kind === 'pod' ? name : '',
  };
}
