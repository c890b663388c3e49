import type { KubeObject } from '@fairlead/kube/protocol';
import type { Nodes } from '../kubelet/index.js';
import type { Pod } from '../kubelet/pod.js';
import type { Lookup } from '../kubelet/setting/environment.js';
import { timestamp } from '../machinery/clock.js';
import type { ResourceDefinition, TableColumn } from '../registry/definition.js';
import { type Usage, usageOf } from './load.js';

export interface MetricsSource {
  api: Lookup & { now(): number };
  nodes: Nodes;
}

/** A container is measured twice before it has a number, as metrics-server does it. */
const firstNumberAfterMs = 20_000;
const nodeCores = 0.12;
const nodeBytes = 850 * 2 ** 20;

/** metrics.k8s.io: what nodes and pods use, computed when it is asked for. The source is there as soon as the API is. */
export function metricsKinds(source: () => MetricsSource | undefined): ResourceDefinition[] {
  const common = { group: 'metrics.k8s.io', version: 'v1beta1', singular: '', verbs: ['get', 'list'] as const, subresources: {} };
  return [
    {
      ...common,
      resource: 'nodes',
      kind: 'NodeMetrics',
      namespaced: false,
      storage: 'nodes.metrics.k8s.io',
      computed: {
        get: (_, name) => listed(source(), nodeMetrics, undefined).find((each) => each.metadata.name === name),
        list: () => listed(source(), nodeMetrics, undefined),
      },
      table: {
        columns: columns(),
        cells: (object) => [object.metadata.name, ...cells((object as { usage?: Shown }).usage), String(object.window)],
      },
    },
    {
      ...common,
      resource: 'pods',
      kind: 'PodMetrics',
      namespaced: true,
      storage: 'pods.metrics.k8s.io',
      computed: {
        get: (namespace, name) => {
          const found = source();
          const pod = found?.api.get('pods', namespace, name);
          return found && pod ? podMetrics(found, pod as unknown as Pod) : undefined;
        },
        list: (namespace) => listed(source(), allPodMetrics, namespace),
      },
      table: {
        columns: columns(),
        cells: (object) => [
          object.metadata.name,
          ...cells((object as { containers?: { usage: Shown }[] }).containers?.[0]?.usage),
          String(object.window),
        ],
      },
    },
  ];
}

type Shown = { cpu: string; memory: string };

const columns = (): TableColumn[] =>
  ['Name', 'CPU', 'Memory', 'Window'].map((name) => ({
    name: name === 'Name' ? name : name.toLowerCase(),
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority: 0,
  }));
const cells = (usage: Shown | undefined): string[] => [usage?.cpu ?? '0', usage?.memory ?? '0'];

const listed = <T>(
  source: MetricsSource | undefined,
  list: (source: MetricsSource, namespace: string | undefined) => T[],
  namespace: string | undefined,
): T[] => (source ? list(source, namespace) : []);

const allPodMetrics = (source: MetricsSource, namespace: string | undefined): KubeObject[] =>
  (source.api.list('pods', namespace) as unknown as readonly Pod[]).flatMap((pod) => podMetrics(source, pod) ?? []);

function podMetrics({ api, nodes }: MetricsSource, pod: Pod): KubeObject | undefined {
  const now = api.now();
  const measured = measuredUsage(api, nodes, pod, now);
  if (!measured) return undefined;
  const { name, namespace = '', labels } = pod.metadata;
  return {
    kind: 'PodMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: { name, namespace, creationTimestamp: timestamp(now), ...(labels ? { labels } : {}) },
    timestamp: timestamp(now - 5000),
    window: '15.048s',
    containers: measured.map((usage) => ({ name: usage.name, usage: shown(usage) })),
  };
}

function measuredUsage(api: Lookup, nodes: Nodes, pod: Pod, now: number): Usage[] | undefined {
  if (pod.status?.phase !== 'Running') return undefined;
  const started = (pod.status.containerStatuses ?? []).map(({ state }) => Date.parse(state.running?.startedAt ?? ''));
  if (started.length === 0 || started.some((at) => Number.isNaN(at) || now - at < firstNumberAfterMs)) return undefined;
  const usage = usageOf(api, nodes, pod, now);
  return usage.length > 0 ? usage : undefined;
}

function nodeMetrics({ api, nodes }: MetricsSource): KubeObject[] {
  const now = api.now();
  const totals = new Map<string, { cores: number; bytes: number }>();
  for (const pod of api.list('pods') as unknown as readonly Pod[]) {
    const { nodeName } = pod.spec;
    if (!nodeName || pod.status?.phase !== 'Running') continue;
    const total = totals.get(nodeName) ?? { cores: 0, bytes: 0 };
    for (const { cores, bytes } of usageOf(api, nodes, pod, now)) {
      total.cores += cores;
      total.bytes += bytes;
    }
    totals.set(nodeName, total);
  }
  return api.list('nodes').flatMap(({ metadata: { name, labels } }) => {
    const kubelet = nodes.kubelet(name);
    if (!kubelet) return [];
    const { cores = 0, bytes = 0 } = totals.get(name) ?? {};
    return {
      kind: 'NodeMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { name, creationTimestamp: timestamp(now), ...(labels ? { labels } : {}) },
      timestamp: timestamp(now - 5000),
      window: '20.057s',
      usage: shown({
        cores: Math.min(nodeCores + cores, kubelet.facts.cores),
        bytes: Math.min(nodeBytes + bytes, kubelet.facts.memoryBytes),
      }),
    };
  });
}

const shown = ({ cores, bytes }: { cores: number; bytes: number }): Shown => ({
  cpu: `${Math.round(cores * 1e9)}n`,
  memory: `${Math.round(bytes / 1024)}Ki`,
});
