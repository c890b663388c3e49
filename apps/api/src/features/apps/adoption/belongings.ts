import { isRecord, type KubeObject, type LabelSelector, matchesLabelSelector } from '@fairlead/kube';
import { podSpecPath } from '../render/manifest-app.js';

/** Objects of one namespace, by kind. */
export interface Neighbourhood {
  services: readonly KubeObject[];
  ingresses: readonly KubeObject[];
  autoscalers: readonly KubeObject[];
  budgets: readonly KubeObject[];
}

/** What belongs to a workload: the Services that select its pods, the Ingresses that lead to those, its autoscaler, its disruption budget. Pure. */
export function belongings(workload: KubeObject, near: Neighbourhood): KubeObject[] {
  const labels = podLabels(workload);
  const selects = (selector: unknown) => isRecord(selector) && matchesLabelSelector(selector as LabelSelector, labels);
  const services = near.services.filter(({ spec }) => {
    const selector = isRecord(spec) && isRecord(spec.selector) ? spec.selector : {};
    return Object.keys(selector).length > 0 && selects({ matchLabels: selector });
  });
  const names = new Set(services.map(({ metadata }) => metadata.name));
  return [
    ...services,
    ...near.ingresses.filter((ingress) => backendsOf(ingress).some((name) => names.has(name))),
    ...near.autoscalers.filter(({ spec }) => {
      const target = isRecord(spec) && isRecord(spec.scaleTargetRef) ? spec.scaleTargetRef : {};
      return target.kind === workload.kind && target.name === workload.metadata.name;
    }),
    ...near.budgets.filter(({ spec }) => isRecord(spec) && selects(spec.selector)),
  ];
}

function podLabels(workload: KubeObject): Record<string, string> {
  let at: unknown = workload;
  for (const field of podSpecPath(workload.kind ?? '').slice(0, -1)) at = isRecord(at) ? at[field] : undefined;
  const metadata = isRecord(at) && isRecord(at.metadata) ? at.metadata : {};
  return isRecord(metadata.labels) ? (metadata.labels as Record<string, string>) : {};
}

/** Services that an Ingress leads to. */
function backendsOf({ spec }: KubeObject): string[] {
  const rules = isRecord(spec) && Array.isArray(spec.rules) ? spec.rules.filter(isRecord) : [];
  return rules.flatMap(({ http }) => {
    const paths = isRecord(http) && Array.isArray(http.paths) ? http.paths.filter(isRecord) : [];
    return paths.flatMap(({ backend }) => {
      const service = isRecord(backend) && isRecord(backend.service) ? backend.service : {};
      return typeof service.name === 'string' ? [service.name] : [];
    });
  });
}
