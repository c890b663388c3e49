import type { KubeObject, Manifest } from '@fairlead/kube';
import { shown } from '../plan/shown.js';
import { wordsOf } from '../plan/words.js';
import { annotations, labels } from '../render/identity.js';

/** No app has it, no controller made it, and it is not on its way out. */
export const isAdoptable = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.[annotations.appId] === undefined &&
  !metadata.deletionTimestamp &&
  !metadata.ownerReferences?.some((owner) => owner.controller);

/** What may be taken in: everything that nobody has, only claims (which outlive their app), or nothing. */
export type Adopt = boolean | 'claims';
export const mayAdopt = (adopt: Adopt, live: KubeObject, kind: string): boolean =>
  (adopt === true || (adopt === 'claims' && isClaim({ kind }))) && isAdoptable(live);
export const isClaim = ({ kind }: { kind?: string }): boolean => kind === 'PersistentVolumeClaim';

/** Who else keeps an object as it is: `Helm release shop`, `Argo CD`, or the word of its managed-by label. */
export function keeperOf({ metadata }: KubeObject): string | null {
  const { annotations: notes = {}, labels: marks = {} } = metadata;
  if (notes['meta.helm.sh/release-name']) return `Helm release ${notes['meta.helm.sh/release-name']}`;
  if (notes['argocd.argoproj.io/tracking-id'] || marks['argocd.argoproj.io/instance']) return 'Argo CD';
  if (marks['kustomize.toolkit.fluxcd.io/name'] || marks['helm.toolkit.fluxcd.io/name']) return 'Flux';
  const managedBy = marks[labels.managedBy];
  return managedBy === undefined || managedBy === 'fairlead' ? null : managedBy;
}

/** What taking an object in changes of it, our marks aside. Never empty: that it is taken in is a change. */
export function adoptedWords(before: KubeObject, after: KubeObject): string[] {
  const words = wordsOf(withoutMarks(before), withoutMarks(after));
  return words.length > 0 ? ['taken into the app', ...words] : ['taken into the app as it is; nothing restarts'];
}

function withoutMarks(object: KubeObject): KubeObject {
  const next = shown(object);
  const { [labels.managedBy]: _, [labels.app]: __, ...rest } = next.metadata.labels ?? {};
  return { ...next, metadata: { ...next.metadata, labels: rest } };
}

/** On an object from the moment it is taken in until the next change of the app: until then a failure lets it go instead of removing it. */
const adopted = 'fairlead.dev/adopted';

export const asAdopted = (object: Manifest): Manifest => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [adopted]: 'true' } },
});

export const wasJustAdopted = ({ metadata }: KubeObject): boolean => metadata.annotations?.[adopted] !== undefined;

/** A merge patch that takes our marks off again. */
export const unmarked = {
  metadata: {
    labels: { [labels.managedBy]: null, [labels.app]: null },
    annotations: { [annotations.appId]: null, [annotations.revision]: null, [adopted]: null },
  },
};
