import { timestamp } from '../../machinery/clock.js';
import type { Condition } from '../model/pod.js';

/** What is left of a namespace's content. */
export interface Remaining {
  /** `pods.` (with the dot of its group): how many. */
  resources: ReadonlyMap<string, number>;
  finalizers: ReadonlyMap<string, number>;
  failures: readonly string[];
}

/** The five conditions of a namespace that is on its way out. */
export function deletionConditions(current: readonly Condition[] = [], remaining: Remaining, now: number): Condition[] {
  const { resources, finalizers, failures } = remaining;
  const [resourceTexts, finalizerTexts] = [texts(resources, 'has'), texts(finalizers, 'in')];
  const failed = `Failed to delete all resource types, ${failures.length} remaining: ${[...failures].sort().join(', ')}`;
  const rows: [type: string, bad: boolean, reason: string, message: string][] = [
    ['NamespaceDeletionDiscoveryFailure', false, 'ResourcesDiscovered', 'All resources successfully discovered'],
    ['NamespaceDeletionGroupVersionParsingFailure', false, 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
    failures.length > 0
      ? ['NamespaceDeletionContentFailure', true, 'ContentDeletionFailed', failed]
      : ['NamespaceDeletionContentFailure', false, 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
    resources.size > 0
      ? ['NamespaceContentRemaining', true, 'SomeResourcesRemain', `Some resources are remaining: ${resourceTexts}`]
      : ['NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'],
    finalizers.size > 0
      ? [
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${finalizerTexts}`,
        ]
      : ['NamespaceFinalizersRemaining', false, 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
  ];
  return rows.map(([type, bad, reason, message]) => {
    const status = bad ? 'True' : 'False';
    const before = current.find((each) => each.type === type);
    const same = before?.status === status && before.reason === reason && before.message === message;
    return same && before ? before : { type, status, lastTransitionTime: timestamp(now), reason, message };
  });
}

const texts = (counts: ReadonlyMap<string, number>, word: string): string =>
  [...counts]
    .map(([what, count]) => `${what} ${word} ${count} resource instances`)
    .sort()
    .join(', ');
