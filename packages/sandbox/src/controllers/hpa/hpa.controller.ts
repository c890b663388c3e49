import { ApiError } from '../../machinery/api-error.js';
import { timestamp } from '../../machinery/clock.js';
import { equal } from '../../machinery/object.js';
import type { Again, Controller, ControllerContext } from '../controller.js';
import type { HorizontalPodAutoscaler, PodMetrics } from '../model/autoscaling.js';
import type { Condition, Pod } from '../model/pod.js';
import { putCondition } from '../parts/conditions.js';
import { ControllerApi } from '../parts/controller-api.js';
import { keyOf, splitKey } from '../parts/keys.js';
import { measure } from './metrics.js';
import { type Memory, normalize } from './normalize.js';
import { type ScaleTarget, scaleTarget } from './scale-target.js';

/** As often as the real one looks, and not sooner for a change. */
const everyMs = 15_000;
type Status = NonNullable<HorizontalPodAutoscaler['status']>;

/** Scales what it points at by what its pods use. */
export function autoscalers(context: ControllerContext): Controller {
  const api = new ControllerApi(context, { account: 'horizontal-pod-autoscaler' });
  const memories = new Map<string, Memory & { nextAt: number }>();

  function reconcile(key: string): Again | undefined {
    const { namespace, name } = splitKey(key);
    const hpa = api.get('horizontalpodautoscalers.autoscaling', namespace, name);
    if (!hpa) {
      memories.delete(key);
      return undefined;
    }
    const memory = memories.get(key) ?? { recommendations: [], scaleEvents: [], nextAt: api.now() + everyMs };
    memories.set(key, memory);
    if (api.now() >= memory.nextAt) {
      memory.nextAt = api.now() + everyMs;
      look(hpa, memory);
    }
    return { againAfterMs: memory.nextAt - api.now() };
  }

  function look(hpa: HorizontalPodAutoscaler, memory: Memory): void {
    const status = draftStatus(hpa, api.now());
    try {
      const target = scaleTarget(context.api, hpa);
      status.set('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
      decide(hpa, target, memory, status);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      api.event(hpa, 'Warning', 'FailedGetScale', error.message);
      status.set(
        'AbleToScale',
        'False',
        'FailedGetScale',
        `the HPA controller was unable to get the target's current scale: ${error.message}`,
      );
    }
    write(hpa, status.value);
  }

  function decide(hpa: HorizontalPodAutoscaler, target: ScaleTarget, memory: Memory, status: DraftStatus): void {
    const { minReplicas = 1, maxReplicas } = hpa.spec;
    const current = target.replicas;
    if (memory.recommendations.length === 0) memory.recommendations.push({ at: api.now(), replicas: current });
    status.value.currentReplicas = current;
    if (current === 0 && minReplicas !== 0) {
      status.set('ScalingActive', 'False', 'ScalingDisabled', 'scaling is disabled since the replica count of the target is zero');
      status.value.desiredReplicas = 0;
    } else if (current > maxReplicas) scale(hpa, target, memory, status, maxReplicas, 'Current number of replicas above Spec.MaxReplicas');
    else if (current < minReplicas) scale(hpa, target, memory, status, minReplicas, 'Current number of replicas below Spec.MinReplicas');
    else follow(hpa, target, memory, status);
  }

  function follow(hpa: HorizontalPodAutoscaler, target: ScaleTarget, memory: Memory, status: DraftStatus): void {
    const current = target.replicas;
    const wish = measureAll(hpa, target, status);
    if (!wish) return;
    const normal = normalize(hpa, current, wish.replicas, memory, api.now());
    status.set('AbleToScale', 'True', normal.ableToScale.reason, normal.ableToScale.message);
    status.set('ScalingLimited', normal.limited.status, normal.limited.reason, normal.limited.message);
    status.value.desiredReplicas = normal.replicas;
    if (normal.replicas === current) return;
    const reason = wish.replicas > current ? `${wish.name} above target` : wish.replicas < current ? 'All metrics below target' : '';
    scale(hpa, target, memory, status, normal.replicas, reason);
  }

  /** The largest wish of all metrics. Where one of them is unknown nothing is made smaller. */
  function measureAll(
    hpa: HorizontalPodAutoscaler,
    target: ScaleTarget,
    status: DraftStatus,
  ): { replicas: number; name: string } | undefined {
    const namespace = hpa.metadata.namespace ?? '';
    const { selects } = target;
    const pods = api.list('pods', namespace).filter((pod) => selects?.(pod) ?? false);
    const rivals = rivalsOf(hpa, pods);
    if (rivals.length > 0) {
      const all = [hpa, ...rivals].map((each) => `${namespace}/${each.metadata.name}`).sort();
      const message = `pods by selector ${target.selector} are controlled by multiple HPAs: [${all.join(' ')}]`;
      status.set('ScalingActive', 'False', 'AmbiguousSelector', message);
      for (const reason of ['AmbiguousSelector', 'FailedComputeMetricsReplicas']) api.event(hpa, 'Warning', reason, message);
      return undefined;
    }
    const world = { namespace, pods, metrics: podMetrics(namespace), replicas: target.replicas, now: api.now() };
    const results = (hpa.spec.metrics ?? []).map((spec) => measure(spec, world));
    const failures = results.filter((each) => 'event' in each);
    const measured = results.filter((each) => 'name' in each);
    status.value.currentMetrics = results.map((each) => ('name' in each ? each.status : { type: '' }));
    const best = measured.reduce<{ replicas: number; name: string } | undefined>(
      (a, b) => (a && a.replicas >= b.replicas ? a : b),
      undefined,
    );
    const [failure] = failures;
    for (const each of failures) api.event(hpa, 'Warning', each.reason, each.message.replace(/^.*?compute the replica count: /, ''));
    if (failure && (!best || best.replicas < target.replicas)) {
      status.set('ScalingActive', 'False', failure.reason, failure.message);
      const count = `invalid metrics (${failures.length} invalid out of ${results.length})`;
      api.event(hpa, 'Warning', 'FailedComputeMetricsReplicas', `${count}, first error is: ${failure.event}`);
      return undefined;
    }
    const name = best?.name ?? '';
    status.set('ScalingActive', 'True', 'ValidMetricFound', `the HPA was able to successfully calculate a replica count from ${name}`);
    return best;
  }

  /** Other autoscalers that want to decide about the same pods. */
  function rivalsOf(hpa: HorizontalPodAutoscaler, pods: readonly Pod[]): HorizontalPodAutoscaler[] {
    const others = api
      .list('horizontalpodautoscalers.autoscaling', hpa.metadata.namespace)
      .filter((each) => each.metadata.uid !== hpa.metadata.uid);
    return others.filter((each) => {
      try {
        const { selects } = scaleTarget(context.api, each);
        return pods.some((pod) => selects?.(pod) ?? false);
      } catch (error) {
        if (error instanceof ApiError) return false;
        throw error;
      }
    });
  }

  function podMetrics(namespace: string): readonly PodMetrics[] | undefined {
    const served = context.api.registry.find('metrics.k8s.io', 'v1beta1', 'pods')?.computed;
    return served?.list(namespace) as readonly PodMetrics[] | undefined;
  }

  function scale(
    hpa: HorizontalPodAutoscaler,
    target: ScaleTarget,
    memory: Memory,
    status: DraftStatus,
    size: number,
    reason: string,
  ): void {
    status.value.desiredReplicas = size;
    try {
      target.scaleTo(size);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      status.set('AbleToScale', 'False', 'FailedUpdateScale', `the HPA controller was unable to update the target scale: ${error.message}`);
      api.event(hpa, 'Warning', 'FailedRescale', `New size: ${size}; reason: ${reason}; error: ${error.message}`);
      return;
    }
    memory.scaleEvents = [
      ...memory.scaleEvents.filter(({ at }) => at > api.now() - 3600_000),
      { at: api.now(), change: size - target.replicas },
    ];
    status.set('AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${size}`);
    status.value.lastScaleTime = timestamp(api.now());
    api.event(hpa, 'Normal', 'SuccessfulRescale', `New size: ${size}; reason: ${reason}`);
  }

  function write(hpa: HorizontalPodAutoscaler, status: Status): void {
    if (equal(hpa.status, status)) return;
    api.changeStatus('horizontalpodautoscalers.autoscaling', hpa, (draft) => {
      draft.status = status;
    });
  }

  return {
    name: 'horizontalpodautoscaler',
    watches: { 'horizontalpodautoscalers.autoscaling': ({ type, object }) => (type === 'MODIFIED' ? [] : [keyOf(object)]) },
    initialKeys: () => api.list('horizontalpodautoscalers.autoscaling').map(keyOf),
    reconcile,
  };
}

interface DraftStatus {
  value: Status;
  set(type: string, is: Condition['status'], reason: string, message: string): void;
}

function draftStatus({ status }: HorizontalPodAutoscaler, now: number): DraftStatus {
  const value: Status = { desiredReplicas: 0, currentMetrics: null, ...status };
  return {
    value,
    set(type, is, reason, message) {
      value.conditions = putCondition(value.conditions, { type, status: is, reason, message }, now);
    },
  };
}
