import { isRecord, type KubeObject } from '@fairlead/kube';
import type { Keeper } from '@fairlead/shared';
import { managerName } from '../conflicts/owners.js';

/**
 * Who, besides the app, puts objects as they want them, read from labels, annotations and field managers, each with the command that makes it
 * pause. Pure; one line for each of them, naming the first object that shows it.
 */
export function keepersOf(objects: readonly KubeObject[]): Keeper[] {
  const found = new Map<string, Keeper>();
  for (const object of objects) {
    for (const keeper of keepersOfOne(object)) if (!found.has(keeper.name)) found.set(keeper.name, keeper);
  }
  return [...found.values()];
}

function keepersOfOne({ kind = '', metadata }: KubeObject): Keeper[] {
  const { labels = {}, annotations = {} } = metadata;
  const object = `${kind}/${metadata.name}`;
  const managers = managersOf(metadata.managedFields);
  const found: Keeper[] = [];
  const argo = annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  const argoApp = argo ?? (managers.includes('Argo CD') ? labels['app.kubernetes.io/instance'] : undefined);
  if (argoApp !== undefined || managers.includes('Argo CD'))
    found.push({
      object,
      name: argoApp === undefined ? 'Argo CD' : `Argo CD application ${argoApp}`,
      pause: `argocd app set ${word(argoApp) ?? 'APPLICATION'} --sync-policy none`,
      note: 'It syncs by itself unless its sync policy is none.',
    });
  for (const [prefix, resource, title] of fluxKinds) {
    const name = labels[`${prefix}/name`];
    if (name === undefined) continue;
    const namespace = labels[`${prefix}/namespace`] ?? 'flux-system';
    found.push({
      object,
      name: `Flux ${title} ${namespace}/${name}`,
      pause: `flux suspend ${resource} ${word(name)} -n ${word(namespace)}`,
      note: 'It reconciles by itself until it is suspended.',
    });
  }
  if (managers.includes('Flux') && !found.some(({ name }) => name.startsWith('Flux')))
    found.push({
      object,
      name: 'Flux',
      pause: 'flux suspend kustomization KUSTOMIZATION',
      note: 'It reconciles by itself until it is suspended.',
    });
  const release = annotations['meta.helm.sh/release-name'];
  const helmed = labels['helm.toolkit.fluxcd.io/name'] === undefined && (release !== undefined || managers.includes('Helm'));
  if (helmed)
    found.push({
      object,
      name: release === undefined ? 'Helm' : `Helm release ${release}`,
      pause: null,
      note: 'Helm does nothing by itself: stop the pipeline that runs helm upgrade.',
    });
  return found;
}

const fluxKinds = [
  ['kustomize.toolkit.fluxcd.io', 'kustomization', 'kustomization'],
  ['helm.toolkit.fluxcd.io', 'helmrelease', 'Helm release'],
] as const;

function managersOf(managedFields: unknown): string[] {
  const entries: unknown[] = Array.isArray(managedFields) ? managedFields : [];
  return entries
    .filter(isRecord)
    .map(({ manager, subresource }) => managerName(String(manager), subresource === undefined ? null : String(subresource)));
}

/** Labels are anybody's: only what a shell takes as one plain word goes into a command. */
const word = (text: string | undefined): string | undefined => (text !== undefined && /^[\w./-]+$/.test(text) ? text : undefined);
