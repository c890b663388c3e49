import { matchesLabelSelector } from '@fairlead/kube/protocol';
import type { Pod } from '../pod.js';
import type { Lookup } from '../setting/environment.js';
import type { Reached } from './network.js';

interface ServiceSpec {
  type?: string;
  clusterIP?: string;
  externalName?: string;
  selector?: Record<string, string>;
  ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[];
}
interface Service {
  metadata: { name: string; namespace?: string };
  spec?: ServiceSpec;
}

export interface NetworkWorld {
  api: Lookup;
  random(): number;
  /** What listens at a port of a pod that runs. */
  reachPod(pod: Pod, port: number): Reached;
}

/** Names, services and pods of the whole cluster, as kube-dns and kube-proxy make them. */
export class ClusterNetwork {
  constructor(private readonly world: NetworkWorld) {}

  resolve(host: string, from: Pod): { name: string; addresses: readonly string[] } | undefined {
    const name = host.replace(/\.$/, '').toLowerCase();
    if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return { name, addresses: [name] };
    if (name === 'localhost') return { name, addresses: ['127.0.0.1'] };
    if (name === from.metadata.name) return { name, addresses: [from.status?.podIP ?? ''] };
    const parts = name.replace(/\.cluster\.local$/, '').split('.');
    const end = parts.at(-1) === 'svc' ? parts.slice(0, -1) : parts;
    const namespace = from.metadata.namespace ?? '';
    // service, service.namespace, pod.service, pod.service.namespace
    const [first = '', second = namespace, third] = end;
    const single = end.length <= 2 ? this.service(second, first) : undefined;
    if (single) return { name: fullName(single), addresses: this.addresses(single) };
    const headless = third === undefined ? this.service(namespace, second) : this.service(third, second);
    const pod = headless ? this.endpoints(headless).find((each) => (each.spec.hostname ?? each.metadata.name) === first) : undefined;
    return pod && headless ? { name: `${first}.${fullName(headless)}`, addresses: [pod.status?.podIP ?? ''] } : undefined;
  }

  reach(host: string, port: number, from: Pod): Reached {
    const [address] = this.resolve(host, from)?.addresses ?? [];
    if (address === undefined) return { is: 'unknown host' };
    if (address.startsWith('127.')) return { ...this.world.reachPod(from, port), address } as Reached;
    const service = this.byClusterIP(address);
    if (service) return this.reachService(service, port, address);
    const pod = this.byPodIP(address);
    return pod ? this.world.reachPod(pod, port) : { is: 'unreachable', address };
  }

  /** One of its ready pods, by chance. Refused where there is none: kube-proxy rejects. */
  reachService(service: Service, port: number, address = service.spec?.clusterIP ?? ''): Reached {
    const found = service.spec?.ports?.find((each) => each.port === port);
    if (!found) return { is: 'unreachable', address };
    const ready = this.endpoints(service);
    const pod = ready[Math.floor(this.world.random() * ready.length)];
    if (!pod) return { is: 'refused', address };
    const target = targetPort(pod, found.targetPort ?? found.port);
    return target === undefined ? { is: 'refused', address } : this.world.reachPod(pod, target);
  }

  service(namespace: string, name: string): Service | undefined {
    return this.world.api.get('services', namespace, name) as unknown as Service | undefined;
  }

  /** Its ready pods. */
  endpoints({ metadata, spec }: Service): Pod[] {
    if (!spec?.selector) return [];
    const pods = this.world.api.list('pods', metadata.namespace ?? '') as unknown as readonly Pod[];
    return pods.filter((pod) => matchesLabelSelector({ matchLabels: spec.selector ?? {} }, pod.metadata.labels) && isReady(pod));
  }

  private addresses(service: Service): string[] {
    const { clusterIP } = service.spec ?? {};
    return clusterIP && clusterIP !== 'None' ? [clusterIP] : this.endpoints(service).flatMap((pod) => pod.status?.podIP ?? []);
  }

  private byClusterIP(address: string): Service | undefined {
    return (this.world.api.list('services') as unknown as readonly Service[]).find((each) => each.spec?.clusterIP === address);
  }

  private byPodIP(address: string): Pod | undefined {
    return (this.world.api.list('pods') as unknown as readonly Pod[]).find(
      (each) => each.status?.podIP === address && each.status.phase === 'Running',
    );
  }
}

export const isReady = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp && (status?.conditions ?? []).some((each) => each.type === 'Ready' && each.status === 'True');

/** A port by number, or by the name that a container gives it. */
export function targetPort(pod: Pod, port: number | string): number | undefined {
  if (typeof port === 'number') return port;
  if (/^\d+$/.test(port)) return Number(port);
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return containers.flatMap((each) => each.ports ?? []).find((each) => each.name === port)?.containerPort;
}

const fullName = ({ metadata }: Service): string => `${metadata.name}.${metadata.namespace}.svc.cluster.local`;
