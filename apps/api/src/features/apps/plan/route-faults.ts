import { isRecord, type Manifest } from '@fairlead/kube';
import type { Obstacle } from '@fairlead/shared';
import { titleOf } from '../render/identity.js';

/** What the cluster has of routes; `classes` is null where that could not be seen. */
export interface Routes {
  usedHosts: (host: string) => string | null;
  classes: readonly { name: string; isDefault: boolean }[] | null;
}

/** Without a class nobody serves the route: neither is one named that is there, nor is one the default. */
export function missingClass(object: Manifest, classes: Routes['classes']): Obstacle[] {
  if (object.kind !== 'Ingress' || !classes) return [];
  const named: unknown = isRecord(object.spec) ? object.spec.ingressClassName : undefined;
  const known = classes.map(({ name }) => name).join(', ') || 'none';
  if (typeof named === 'string' && !classes.some(({ name }) => name === named))
    return [
      {
        object: titleOf(object),
        field: 'spec.ingressClassName',
        reason: `the cluster has no ingress class ${named}; it has: ${known}`,
        severity: 'blocks',
      },
    ];
  if (named === undefined && !classes.some(({ isDefault }) => isDefault))
    return [
      {
        object: titleOf(object),
        field: 'spec.ingressClassName',
        reason: `the cluster has no default ingress class, so perhaps nobody serves the route: name one of ${known}`,
        severity: 'warns',
      },
    ];
  return [];
}

/** Hosts of an Ingress that another one serves already. */
export function takenHosts(object: Manifest, usedHosts: (host: string) => string | null): Obstacle[] {
  if (object.kind !== 'Ingress' || !isRecord(object.spec) || !Array.isArray(object.spec.rules)) return [];
  return object.spec.rules.flatMap((rule, i) => {
    const host: unknown = isRecord(rule) ? rule.host : undefined;
    const by = typeof host === 'string' ? usedHosts(host) : null;
    return by
      ? [
          {
            object: titleOf(object),
            field: `spec.rules[${i}].host`,
            reason: `the host ${String(host)} is taken by ${by}`,
            severity: 'blocks' as const,
          },
        ]
      : [];
  });
}
