import { describe, expect, it } from 'vitest';
import { deployment, type VirtualCluster, virtualCluster } from '../../../test/controllers/virtual-cluster.js';
import { timestamp } from '../../machinery/clock.js';
import type { ResourceDefinition } from '../../registry/definition.js';
import { deployments } from '../deployment/deployment.controller.js';
import type { HorizontalPodAutoscaler, ScalingRules } from '../model/autoscaling.js';
import { replicaSets } from '../replicaset/replicas.controller.js';
import { scheduler } from '../scheduler/scheduler.controller.js';
import { autoscalers } from './hpa.controller.js';
import { type Memory, normalize } from './normalize.js';
import { byAverage, byUtilization } from './replica-calculator.js';

const groups = (ready: number[], unready = 0, missing = 0): Parameters<typeof byAverage>[0] => ({
  ready: new Map(ready.map((value, index) => [`r${index}`, value])),
  unready: Array.from({ length: unready }, (_, index) => `u${index}`),
  missing: Array.from({ length: missing }, (_, index) => `m${index}`),
});
const asked = new Map(['r', 'u', 'm'].flatMap((letter) => [0, 1, 2, 3, 4].map((index) => [`${letter}${index}`, 100] as const)));

describe('how many replicas a utilization of 50 % asks for', () => {
  it.each([
    { name: 'twice as busy', use: groups([100, 100]), current: 2, replicas: 4, utilization: 100 },
    { name: 'within the tolerance above', use: groups([55, 55]), current: 2, replicas: 2, utilization: 55 },
    { name: 'within the tolerance below', use: groups([45, 45]), current: 2, replicas: 2, utilization: 45 },
    { name: 'just beyond it', use: groups([56, 56]), current: 2, replicas: 3, utilization: 56 },
    { name: 'idle', use: groups([5, 5, 5, 5]), current: 4, replicas: 1, utilization: 5 },
    { name: 'unready pods count as idle on the way up', use: groups([90, 90], 2), current: 4, replicas: 4, utilization: 90 },
    { name: 'missing pods count as idle on the way up', use: groups([100, 100], 0, 1), current: 3, replicas: 4, utilization: 100 },
    { name: 'missing pods count as busy on the way down', use: groups([10, 10], 0, 1), current: 3, replicas: 3, utilization: 10 },
  ])('$name: $replicas of $current', ({ use, current, replicas, utilization }) => {
    expect(byUtilization(use, asked, 50, current)).toMatchObject({ replicas, utilization });
  });

  it('by an average value', () => {
    expect(byAverage(groups([300, 500]), 200, 2)).toEqual({ replicas: 4, average: 400 });
    expect(byAverage(groups([100]), 200, 1)).toEqual({ replicas: 1, average: 100 });
  });
});

describe('what may be done of what is asked for', () => {
  const hpa = (behavior?: { scaleUp?: ScalingRules; scaleDown?: ScalingRules }): HorizontalPodAutoscaler => ({
    metadata: { name: 'x' },
    spec: { scaleTargetRef: { kind: 'Deployment', name: 'x' }, minReplicas: 2, maxReplicas: 20, ...(behavior ? { behavior } : {}) },
  });
  const past = (...ago: [seconds: number, replicas: number][]): Memory => ({
    recommendations: ago.map(([seconds, replicas]) => ({ at: -seconds * 1000, replicas })),
    scaleEvents: [],
  });
  const up: ScalingRules = {
    stabilizationWindowSeconds: 60,
    policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }],
    selectPolicy: 'Max',
  };
  const down: ScalingRules = {
    stabilizationWindowSeconds: 0,
    policies: [{ type: 'Percent', value: 10, periodSeconds: 60 }],
    selectPolicy: 'Max',
  };
  it.each<[name: string, hpa: HorizontalPodAutoscaler, current: number, desired: number, memory: Memory, replicas: number, reason: string]>(
    [
      ['all of it', hpa(), 4, 6, past(), 6, 'DesiredWithinRange'],
      ['twice as many at most', hpa(), 4, 15, past(), 8, 'ScaleUpLimit'],
      ['four at least', hpa(), 1, 15, past(), 4, 'ScaleUpLimit'],
      ['the maximum', hpa(), 15, 30, past(), 20, 'TooManyReplicas'],
      ['the minimum', hpa(), 4, 1, past(), 2, 'TooFewReplicas'],
      ['the highest wish of five minutes', hpa(), 8, 3, past([200, 7], [301, 9]), 7, 'DesiredWithinRange'],
      ['by two a minute', hpa({ scaleUp: up }), 4, 9, past(), 6, 'ScaleUpLimit'],
      ['the lowest wish of the window', hpa({ scaleUp: up }), 4, 9, past([30, 5]), 5, 'DesiredWithinRange'],
      ['a tenth a minute', hpa({ scaleDown: down }), 10, 2, past(), 9, 'ScaleDownLimit'],
      ['nothing where it is disabled', hpa({ scaleDown: { ...down, selectPolicy: 'Disabled' } }), 10, 2, past(), 10, 'ScaleDownLimit'],
    ],
  )('%s', (_, given, current, desired, memory, replicas, reason) => {
    const result = normalize(given, current, desired, memory, 0);
    expect([result.replicas, result.limited.reason]).toEqual([replicas, reason]);
  });
});

function start(): VirtualCluster & { load(percent: number): void } {
  let percent = 50;
  const metrics = (cluster: () => VirtualCluster): ResourceDefinition => ({
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    resource: 'pods',
    singular: '',
    kind: 'PodMetrics',
    namespaced: true,
    verbs: ['get', 'list'],
    storage: 'pods.metrics.k8s.io',
    subresources: {},
    computed: {
      get: () => undefined,
      list: () =>
        cluster()
          .list('pods')
          .filter((pod) => pod.status?.phase === 'Running')
          .map((pod) => ({
            metadata: { name: pod.metadata.name, namespace: 'default' },
            timestamp: timestamp(cluster().clock.now()),
            window: '15s',
            containers: [{ name: 'web', usage: { cpu: `${percent}m`, memory: '10Mi' } }],
          })),
    },
  });
  const cluster: VirtualCluster = virtualCluster({
    controllers: [replicaSets, deployments, scheduler, autoscalers],
    more: [metrics(() => cluster)],
  });
  const app = deployment('web', 2) as { spec: { template: { spec: { containers: object[] } } } };
  app.spec.template.spec.containers = [{ name: 'web', image: 'nginx', resources: { requests: { cpu: '100m' } } }];
  cluster.create('deployments.apps', app);
  cluster.create('horizontalpodautoscalers.autoscaling', {
    metadata: { name: 'web' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
    },
  });
  return {
    ...cluster,
    load(next) {
      percent = next;
    },
  };
}
const size = (cluster: VirtualCluster): number => cluster.get('deployments.apps', 'web')?.spec.replicas ?? 0;
const reasons = (cluster: VirtualCluster): string[] =>
  (cluster.get('horizontalpodautoscalers.autoscaling', 'web')?.status?.conditions ?? []).map(
    ({ type, status, reason }) => `${type}=${status} ${reason}`,
  );

describe('an autoscaler', () => {
  it('goes up at once, and down when the load has been low for five minutes', () => {
    const cluster = start();
    cluster.clock.advance(60_000);
    expect(size(cluster)).toBe(2);
    expect(reasons(cluster)).toEqual([
      'AbleToScale=True ReadyForNewScale',
      'ScalingActive=True ValidMetricFound',
      'ScalingLimited=False DesiredWithinRange',
    ]);
    expect(cluster.get('horizontalpodautoscalers.autoscaling', 'web')?.status?.currentMetrics).toEqual([
      { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 50, averageValue: '50m' } } },
    ]);

    cluster.load(100);
    cluster.clock.advance(15_000);
    expect(size(cluster)).toBe(4);
    expect(cluster.events('web')).toContain(
      'Normal SuccessfulRescale: New size: 4; reason: cpu resource utilization (percentage of request) above target',
    );
    cluster.load(50);
    cluster.clock.advance(60_000);
    cluster.load(25);
    cluster.clock.advance(280_000);
    expect(size(cluster)).toBe(4);
    expect(reasons(cluster)[0]).toBe('AbleToScale=True ScaleDownStabilized');
    cluster.clock.advance(40_000);
    expect(size(cluster)).toBe(2);
    expect(cluster.events('web')).toContain('Normal SuccessfulRescale: New size: 2; reason: All metrics below target');
    cluster.stop();
  });

  it('says what it cannot know, and whom it cannot find', () => {
    const cluster = start();
    cluster.change('horizontalpodautoscalers.autoscaling', 'web', (draft) => {
      draft.spec.metrics = [{ type: 'Pods', pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '1' } } }];
    });
    cluster.clock.advance(30_000);
    expect(reasons(cluster)).toContain('ScalingActive=False FailedGetPodsMetric');
    cluster.change('horizontalpodautoscalers.autoscaling', 'web', (draft) => {
      draft.spec.scaleTargetRef.name = 'other';
    });
    cluster.clock.advance(15_000);
    expect(cluster.get('horizontalpodautoscalers.autoscaling', 'web')?.status?.conditions?.[0]).toMatchObject({
      status: 'False',
      reason: 'FailedGetScale',
      message: `the HPA controller was unable to get the target's current scale: deployments.apps "other" not found`,
    });
    cluster.stop();
  });

  it('decides nothing where another wants to decide, too', () => {
    const cluster = start();
    const { spec } = cluster.get('horizontalpodautoscalers.autoscaling', 'web') ?? {};
    cluster.create('horizontalpodautoscalers.autoscaling', { metadata: { name: 'rival' }, spec });
    cluster.load(100);
    cluster.clock.advance(60_000);
    expect(size(cluster)).toBe(2);
    expect(cluster.get('horizontalpodautoscalers.autoscaling', 'web')?.status?.conditions?.[1]).toMatchObject({
      reason: 'AmbiguousSelector',
      message: 'pods by selector app=web are controlled by multiple HPAs: [default/rival default/web]',
    });
    cluster.stop();
  });

  it('says memory in thousandths of a byte, as the real one', () => {
    const cluster = start();
    cluster.change('horizontalpodautoscalers.autoscaling', 'web', (draft) => {
      draft.spec.metrics = [{ type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '10Mi' } } }];
    });
    cluster.clock.advance(30_000);
    expect(size(cluster)).toBe(2);
    expect(cluster.get('horizontalpodautoscalers.autoscaling', 'web')?.status?.currentMetrics).toEqual([
      { type: 'Resource', resource: { name: 'memory', current: { averageValue: '10485760' } } },
    ]);
    cluster.stop();
  });

  it('leaves what was set to zero alone', () => {
    const cluster = start();
    cluster.change('deployments.apps', 'web', (draft) => {
      draft.spec.replicas = 0;
    });
    cluster.clock.advance(30_000);
    expect([size(cluster), reasons(cluster)[1]]).toEqual([0, 'ScalingActive=False ScalingDisabled']);
    cluster.stop();
  });
});
