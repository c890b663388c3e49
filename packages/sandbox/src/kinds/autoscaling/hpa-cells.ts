import type { KubeObject } from '@fairlead/kube/protocol';
import type { Cell } from '../../registry/definition.js';
import { since } from '../parts/human-duration.js';
import { type Fields, fields, isSet, list, number, text } from '../parts/values.js';

const shown = 2;

/** Of autoscaling/v2. */
export function autoscalerCells({ metadata, spec: wanted, status: now }: KubeObject, time: number): Cell[] {
  const [spec, status] = [fields(wanted), fields(now)];
  const target = fields(spec.scaleTargetRef);
  return [
    metadata.name,
    `${text(target.kind)}/${text(target.name)}`,
    targets(list(spec.metrics), list(status.currentMetrics)),
    isSet(spec.minReplicas) ? String(number(spec.minReplicas)) : '<unset>',
    number(spec.maxReplicas),
    number(status.currentReplicas),
    since(metadata.creationTimestamp, time),
  ];
}

/** `cpu: 41%/80%, memory: <unknown>/500Mi + 1 more...` */
function targets(metrics: readonly Fields[], current: readonly Fields[]): string {
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, index) => targetText(metric, current[index]));
  const some = texts.slice(0, shown).join(', ');
  return texts.length > shown ? `${some} + ${texts.length - shown} more...` : some;
}

function targetText(metric: Fields, current: Fields | undefined): string {
  const key = sourceOf(metric.type);
  if (!key) return '<unknown type>';
  const source = fields(metric[key]);
  const target = fields(source.target);
  const value = current ? fields(fields(current[key]).current) : {};
  const known = (what: unknown): string => (isSet(what) ? String(what) : '<unknown>');
  switch (key) {
    case 'object':
    case 'external':
      return isSet(target.averageValue)
        ? `${known(value.averageValue)}/${String(target.averageValue)} (avg)`
        : `${known(value.value)}/${String(target.value ?? '0')}`;
    case 'pods':
      return `${known(value.averageValue)}/${String(target.averageValue ?? '0')}`;
    default: {
      if (isSet(target.averageValue)) return `${text(source.name)}: ${known(value.averageValue)}/${String(target.averageValue)}`;
      const now = isSet(value.averageUtilization) ? `${number(value.averageUtilization)}%` : '<unknown>';
      const aim = isSet(target.averageUtilization) ? `${number(target.averageUtilization)}%` : '<auto>';
      return `${text(source.name)}: ${now}/${aim}`;
    }
  }
}

const sourceOf = (type: unknown): 'object' | 'external' | 'pods' | 'resource' | 'containerResource' | undefined => {
  switch (type) {
    case 'Object':
      return 'object';
    case 'External':
      return 'external';
    case 'Pods':
      return 'pods';
    case 'Resource':
      return 'resource';
    case 'ContainerResource':
      return 'containerResource';
    default:
      return undefined;
  }
};
