import type { KubeObject } from '@fairlead/kube/protocol';
import { type Fields, fields, isFields, isSet, list, number, text } from '../parts/values.js';

const prefix = 'autoscaling.alpha.kubernetes.io/';
const keys = {
  metrics: `${prefix}metrics`,
  current: `${prefix}current-metrics`,
  conditions: `${prefix}conditions`,
  behavior: `${prefix}behavior`,
};

/** v1 knows one metric, the CPU's utilization. */
export function toV2(autoscaler: KubeObject): KubeObject {
  const { metadata, spec: given, status: told, ...rest } = autoscaler;
  const { targetCPUUtilizationPercentage: cpu, ...spec } = fields(given);
  const { currentCPUUtilizationPercentage: currentCpu, ...status } = fields(told);
  const { annotations, ...kept } = metadata;
  const read = (key: string): unknown => parsed(annotations?.[key]);
  const metrics = list(read(keys.metrics)).map(metricToV2);
  if (isSet(cpu)) metrics.push(cpuMetric({ type: 'Utilization', averageUtilization: cpu }));
  const behavior = read(keys.behavior);
  const conditions = read(keys.conditions);
  const current = list(read(keys.current)).map(currentToV2);
  if (current.length === 0 && isSet(currentCpu))
    current.push({ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: currentCpu } } });
  const others = Object.entries(annotations ?? {}).filter(([key]) => !Object.values(keys).includes(key));
  return {
    ...rest,
    metadata: { ...kept, ...(others.length > 0 ? { annotations: Object.fromEntries(others) } : {}) },
    ...(isSet(given) ? { spec: { ...spec, ...(metrics.length > 0 ? { metrics } : {}), ...(isFields(behavior) ? { behavior } : {}) } } : {}),
    ...(isSet(told)
      ? {
          status: {
            ...status,
            ...(current.length > 0 ? { currentMetrics: current } : {}),
            ...(Array.isArray(conditions) ? { conditions } : {}),
          },
        }
      : {}),
  };
}

export function fromV2(autoscaler: KubeObject): KubeObject {
  const { metadata, spec: given, status: told, ...rest } = autoscaler;
  const { metrics, behavior, ...spec } = fields(given);
  const { currentMetrics, conditions, ...status } = fields(told);
  const isCpu = (metric: Fields): boolean => {
    const source = fields(metric.resource);
    return metric.type === 'Resource' && source.name === 'cpu' && isSet(fields(source.target ?? source.current).averageUtilization);
  };
  const cpu = list(metrics).find(isCpu);
  const others = list(metrics).filter((metric) => !isCpu(metric));
  const currentCpu = list(currentMetrics).find(isCpu);
  const annotations: Record<string, string> = { ...metadata.annotations };
  const write = (key: string, value: unknown): void => {
    annotations[key] = JSON.stringify(value);
  };
  if (others.length > 0) write(keys.metrics, others.map(metricToV1));
  if (list(currentMetrics).length > 0) write(keys.current, list(currentMetrics).map(currentToV1));
  if (list(conditions).length > 0) write(keys.conditions, conditions);
  if (isFields(behavior)) write(keys.behavior, behaviorInOrder(behavior));
  return {
    ...rest,
    metadata: { ...metadata, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    spec: {
      ...spec,
      ...(cpu ? { targetCPUUtilizationPercentage: fields(fields(cpu.resource).target).averageUtilization } : {}),
    },
    status: {
      ...status,
      currentReplicas: number(status.currentReplicas),
      desiredReplicas: number(status.desiredReplicas),
      ...(currentCpu ? { currentCPUUtilizationPercentage: fields(fields(currentCpu.resource).current).averageUtilization } : {}),
    },
  };
}

const cpuMetric = (target: Fields): Fields => ({ type: 'Resource', resource: { name: 'cpu', target } });

/** Internal structs are written with their own names there. */
function behaviorInOrder(behavior: Fields): Fields {
  const rules = (value: unknown): unknown => {
    if (!isFields(value)) return null;
    const policies = list(value.policies).map((each) => ({ Type: each.type, Value: each.value, PeriodSeconds: each.periodSeconds }));
    return {
      StabilizationWindowSeconds: value.stabilizationWindowSeconds ?? null,
      SelectPolicy: value.selectPolicy ?? null,
      Policies: policies,
      Tolerance: value.tolerance ?? null,
    };
  };
  return { ScaleUp: rules(behavior.scaleUp), ScaleDown: rules(behavior.scaleDown) };
}

function parsed(annotation: string | undefined): unknown {
  if (annotation === undefined) return undefined;
  try {
    return lowered(JSON.parse(annotation));
  } catch {
    return undefined;
  }
}

/** Names of either spelling begin with a small letter here. */
function lowered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowered);
  if (!isFields(value)) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(entries.map(([key, each]) => [key.charAt(0).toLowerCase() + key.slice(1), lowered(each)]));
}

const without = (entries: Fields): Fields => Object.fromEntries(Object.entries(entries).filter(([, value]) => isSet(value)));

function metricToV1(metric: Fields): Fields {
  const of = (key: string): { source: Fields; metric: Fields; target: Fields } => {
    const source = fields(metric[key]);
    return { source, metric: fields(source.metric), target: fields(source.target) };
  };
  switch (metric.type) {
    case 'Resource':
    case 'ContainerResource': {
      const key = metric.type === 'Resource' ? 'resource' : 'containerResource';
      const { source, target } = of(key);
      const { averageUtilization, averageValue } = target;
      const told = { targetAverageUtilization: averageUtilization, targetAverageValue: averageValue, container: source.container };
      return { type: metric.type, [key]: without({ name: source.name, ...told }) };
    }
    case 'Pods': {
      const { metric: id, target } = of('pods');
      return { type: 'Pods', pods: without({ metricName: id.name, targetAverageValue: target.averageValue, selector: id.selector }) };
    }
    case 'Object': {
      const { source, metric: id, target } = of('object');
      const told = { target: source.describedObject, metricName: id.name, targetValue: target.value ?? '0' };
      return { type: 'Object', object: without({ ...told, selector: id.selector, averageValue: target.averageValue }) };
    }
    default: {
      const { metric: id, target } = of('external');
      const told = { metricName: id.name, metricSelector: id.selector, targetValue: target.value, targetAverageValue: target.averageValue };
      return { type: text(metric.type), external: without(told) };
    }
  }
}

function metricToV2(metric: Fields): Fields {
  const typed = (value: unknown, average: unknown): Fields =>
    without({ type: isSet(value) ? 'Value' : 'AverageValue', value, averageValue: average });
  switch (metric.type) {
    case 'Resource':
    case 'ContainerResource': {
      const key = metric.type === 'Resource' ? 'resource' : 'containerResource';
      const { name, container, targetAverageUtilization: utilization, targetAverageValue: average } = fields(metric[key]);
      const type = isSet(utilization) ? 'Utilization' : 'AverageValue';
      const target = without({ type, averageValue: average, averageUtilization: utilization });
      return { type: metric.type, [key]: without({ name, target, container }) };
    }
    case 'Pods': {
      const { metricName: name, selector, targetAverageValue } = fields(metric.pods);
      return { type: 'Pods', pods: { metric: without({ name, selector }), target: typed(undefined, targetAverageValue) } };
    }
    case 'Object': {
      const { target, metricName: name, selector, targetValue, averageValue } = fields(metric.object);
      const type = isSet(averageValue) ? 'AverageValue' : 'Value';
      const aim = without({ type, value: targetValue, averageValue });
      return { type: 'Object', object: { describedObject: target, metric: without({ name, selector }), target: aim } };
    }
    default: {
      const { metricName: name, metricSelector: selector, targetValue, targetAverageValue } = fields(metric.external);
      return { type: text(metric.type), external: { metric: without({ name, selector }), target: typed(targetValue, targetAverageValue) } };
    }
  }
}

function currentToV1(metric: Fields): Fields {
  const key = text(metric.type).charAt(0).toLowerCase() + text(metric.type).slice(1);
  const source = fields(metric[key]);
  const { averageUtilization, averageValue, value } = fields(source.current);
  const { name: metricName, selector } = fields(source.metric);
  const told: Readonly<Record<string, Fields>> = {
    resource: { name: source.name, currentAverageUtilization: averageUtilization, currentAverageValue: averageValue ?? '0' },
    containerResource: {
      name: source.name,
      currentAverageUtilization: averageUtilization,
      currentAverageValue: averageValue ?? '0',
      container: source.container,
    },
    pods: { metricName, currentAverageValue: averageValue ?? '0', selector },
    object: { target: source.describedObject, metricName, currentValue: value ?? '0', selector, averageValue },
    external: { metricName, metricSelector: selector, currentValue: value ?? '0', currentAverageValue: averageValue },
  };
  return { type: metric.type, [key]: without(told[key] ?? {}) };
}

function currentToV2(metric: Fields): Fields {
  const key = text(metric.type).charAt(0).toLowerCase() + text(metric.type).slice(1);
  const source = fields(metric[key]);
  const { name, container, metricName, selector, metricSelector, target } = source;
  const current = without({
    value: source.currentValue,
    averageValue: source.currentAverageValue ?? source.averageValue,
    averageUtilization: source.currentAverageUtilization,
  });
  const told =
    key === 'resource' || key === 'containerResource'
      ? { name, container, current }
      : { describedObject: target, metric: without({ name: metricName, selector: selector ?? metricSelector }), current };
  return { type: metric.type, [key]: without(told) };
}
