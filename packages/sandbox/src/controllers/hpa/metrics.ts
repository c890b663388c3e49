import { formatQuantity, parseQuantity } from '@fairlead/kube/protocol';
import type { MetricSpec, MetricTarget, PodMetrics } from '../model/autoscaling.js';
import type { Pod } from '../model/pod.js';
import { groupPods, milli, requests, samples } from './pod-usage.js';
import { byAverage, byUtilization, type Proposal } from './replica-calculator.js';

export interface Measured {
  replicas: number;
  /** `cpu resource utilization (percentage of request)` */
  name: string;
  status: object;
}

/** A metric that could not be had: the reason of its condition, its words in the condition, and in the event. */
export interface Unmeasured {
  reason: string;
  message: string;
  event: string;
}

export interface World {
  namespace: string;
  pods: readonly Pod[];
  /** Undefined: nobody serves them. */
  metrics: readonly PodMetrics[] | undefined;
  replicas: number;
  now: number;
}

/** How many replicas one metric asks for. */
export function measure(spec: MetricSpec, world: World): Measured | Unmeasured {
  switch (spec.type) {
    case 'Resource':
      return spec.resource ? resource(spec.resource.name, spec.resource.target, undefined, world) : unknown(spec.type);
    case 'ContainerResource': {
      const { name, target, container } = spec.containerResource ?? {};
      return name && target ? resource(name, target, container, world) : unknown(spec.type);
    }
    case 'Pods':
      return custom('FailedGetPodsMetric', 'pods', `unable to get metric ${spec.pods?.metric.name}: ${noCustom}`);
    case 'Object': {
      const { kind, name } = spec.object?.describedObject ?? { kind: '', name: '' };
      // In this order: so the real one writes it.
      const why = `unable to get metric ${spec.object?.metric.name}: ${kind} on ${world.namespace} ${name}/${noCustom}`;
      return custom('FailedGetObjectMetric', 'object', why);
    }
    case 'External': {
      const { name = '' } = spec.external?.metric ?? {};
      const api = `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
      return custom('FailedGetExternalMetric', `${name} external`, `unable to get external metric ${world.namespace}/${name}/nil: ${api}`);
    }
    default:
      return unknown(spec.type satisfies never);
  }
}

const noCustom = 'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';
const unknown = (type: string): Unmeasured =>
  failed('InvalidMetricSourceType', `unknown metric source type "${type}"`, `unknown metric source type "${type}"`);
const failed = (reason: string, why: string, event: string): Unmeasured => ({
  reason,
  message: `the HPA was unable to compute the replica count: ${why}`,
  event,
});
const custom = (reason: string, kind: string, why: string): Unmeasured => failed(reason, why, `failed to get ${kind} metric value: ${why}`);

function resource(name: string, target: MetricTarget, container: string | undefined, world: World): Measured | Unmeasured {
  const proposal = propose(name, target, container, world);
  const sort = container === undefined ? 'resource' : 'container resource';
  if (typeof proposal === 'string') {
    const what = target.type === 'Utilization' ? `${name} utilization` : `${name} usage`;
    const reason = container === undefined ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric';
    const why = `failed to get ${what}: ${proposal}`;
    return failed(
      reason,
      why,
      `failed to get ${container === undefined ? `${name} resource` : `${container} container`} metric value: ${why}`,
    );
  }
  const average = formatQuantity(BigInt(proposal.average) * 1_000_000n, 'decimal');
  const current = { ...(proposal.utilization === undefined ? {} : { averageUtilization: proposal.utilization }), averageValue: average };
  const status =
    container === undefined
      ? { type: 'Resource', resource: { name, current } }
      : { type: 'ContainerResource', containerResource: { name, container, current } };
  const title = target.type === 'Utilization' ? `${name} ${sort} utilization (percentage of request)` : `${name} ${sort}`;
  return { replicas: proposal.replicas, name: title, status };
}

/** A text says why not. */
function propose(
  name: string,
  target: MetricTarget,
  container: string | undefined,
  { pods, metrics, replicas, now }: World,
): Proposal | string {
  const source = `unable to get metrics for resource ${name}`;
  if (!metrics) {
    return `${source}: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)`;
  }
  const selected = new Set(pods.map((pod) => pod.metadata.name));
  const usage = samples(
    metrics.filter((each) => selected.has(each.metadata.name)),
    name,
    container,
  );
  if (usage.size === 0) return `${source}: no metrics returned from resource metrics API`;
  const groups = groupPods(pods, usage, name, now);
  if (groups.ready.size === 0) return 'did not receive metrics for targeted pods (pods might be unready)';
  if (target.type !== 'Utilization') return byAverage(groups, targetAmount(target), replicas);
  const asked = requests(pods, name, container);
  return 'missing' in asked ? asked.missing : byUtilization(groups, asked, target.averageUtilization ?? 80, replicas);
}

function targetAmount({ averageValue = '1' }: MetricTarget): number {
  return parseQuantity(averageValue) <= 0n ? 1 : milli(averageValue);
}
