import { isRecord, type KubeObject } from '@fairlead/kube';
import type { FieldOwner } from '@fairlead/shared';

const known: readonly [manager: RegExp, name: string][] = [
  [/^kubectl-client-side-apply$/, 'kubectl apply'],
  [/^kubectl-([a-z-]+)$/, 'kubectl $1'],
  [/^kubectl$/, 'kubectl'],
  [/^helm$/i, 'Helm'],
  [/^argocd(-|$)/, 'Argo CD'],
  [/^argo-?rollouts|^rollouts-controller$/, 'Argo Rollouts'],
  [/^(kustomize-controller|helm-controller|source-controller|flux)/, 'Flux'],
  [/^horizontal-pod-autoscaler$/, 'a horizontal pod autoscaler'],
  [/^vpa-|^(admission-controller|updater)$/, 'a vertical pod autoscaler'],
  [/^keda/, 'KEDA'],
  [/^(Terraform|terraform)/, 'Terraform'],
  [/^kube-controller-manager$/, "the cluster's controllers"],
];

/** What people call a field manager. The size that the controller manager sets through `scale` is an autoscaler's. */
export function managerName(manager: string, subresource: string | null): string {
  if (subresource === 'scale' && manager === 'kube-controller-manager') return 'a horizontal pod autoscaler';
  if (subresource === 'scale' && manager === 'kubectl') return 'kubectl scale';
  for (const [pattern, name] of known) {
    const found = pattern.exec(manager);
    if (found) return name.replace('$1', found[1] ?? '');
  }
  return manager;
}

/**
 * Whom a conflict of server-side apply names: `conflict with "kubectl-edit" with subresource "scale" using apps/v1 at 2026-01-02T03:04:05Z`. The
 * operation and the time come from the object's managedFields, for the sentence has the time of updates only. Pure.
 */
export function ownerOf(message: string, live: KubeObject): FieldOwner {
  const [, quoted = '""'] = /conflicts? with ("(?:[^"\\]|\\.)*")/.exec(message) ?? [];
  const manager = JSON.parse(quoted) as string;
  const subresource = /with subresource "([^"]*)"/.exec(message)?.[1] ?? null;
  const said = / at (\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(message)?.[1] ?? null;
  const entries: unknown[] = Array.isArray(live.metadata.managedFields) ? live.metadata.managedFields : [];
  const own = entries
    .filter(isRecord)
    .filter((entry) => entry.manager === manager && (entry.subresource ?? '') === (subresource ?? ''))
    .filter((entry) => (/ using /.test(message) ? entry.operation === 'Update' : true))
    .sort((a, b) => (String(a.time ?? '') < String(b.time ?? '') ? 1 : -1));
  const entry = own.find(({ time }) => said !== null && time === said) ?? own[0];
  const operation = entry?.operation === 'Apply' || entry?.operation === 'Update' ? entry.operation : null;
  const at = said ?? (typeof entry?.time === 'string' ? entry.time : null);
  return { manager, name: managerName(manager, subresource), operation, subresource, at };
}
