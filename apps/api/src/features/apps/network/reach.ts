import type { KubeObject } from '@fairlead/kube';
import { type LabelSelector, matchesLabelSelector } from '@fairlead/kube/protocol';
import type { NamespacePolicy, Reach } from '@fairlead/shared';
import { keeperOf } from '../adoption/adoptable.js';
import { annotations, belongsTo, fieldManager, labels } from '../render/identity.js';
import { type Direction, type Reader, readRules, speaksOf } from './policy-reading.js';
import { policyWords } from './policy-words.js';

type Labels = Readonly<Record<string, string>>;

/** Does the policy select one of the app's pods? `pods` are the labels of each kind of pod that it has or would have. */
export function selects(policy: KubeObject, pods: readonly Labels[]): boolean {
  const { podSelector } = (policy.spec ?? {}) as { podSelector?: LabelSelector };
  return pods.some((each) => matchesLabelSelector(podSelector ?? {}, each));
}

/**
 * Who may reach pods (or whom they may), by the policies that select them: what any of them lets through is let through. Pure. `policies` select
 * the pods; whether the cluster's network enforces them is not known here.
 */
export function reachOf(policies: readonly KubeObject[], direction: Direction, reader: Reader): Reach {
  const speaking = policies.filter((each) => speaksOf(each, direction));
  const inward = direction === 'Ingress';
  if (speaking.length === 0) {
    const what =
      policies.length === 0
        ? 'No policy selects these pods'
        : `No policy that selects these pods speaks of what ${inward ? 'comes in' : 'goes out'}`;
    return {
      state: 'open',
      words: `${what}: ${inward ? 'everything in the cluster may reach them' : 'they may reach everything'}.`,
      rules: [],
    };
  }
  const names = speaking.map(({ metadata }) => metadata.name).join(', ');
  const rules = speaking.flatMap((each) => readRules(each, direction, reader));
  if (rules.length === 0) return { state: 'closed', words: `${names} ${inward ? 'lets nobody in' : 'lets nothing out'}.`, rules };
  const open = rules.find(({ kind, ports }) => kind === 'anywhere' && ports.length === 0);
  if (open) return { state: 'open', words: `${open.policy} lets ${inward ? 'everybody in' : 'everything out'}, on every port.`, rules };
  return { state: 'limited', words: `Only what is listed here ${inward ? 'may reach these pods' : 'may they reach'} (${names}).`, rules };
}

/** A policy of the namespace as a person reads it: who keeps it, and what it says. */
export function policyRow(policy: KubeObject, appId: string, pods: readonly Labels[], reader: Reader): NamespacePolicy {
  return {
    name: policy.metadata.name,
    ofApp: belongsTo(policy, appId),
    manager: managerOf(policy),
    selectsApp: selects(policy, pods),
    words: policyWords(policy, reader),
  };
}

function managerOf(policy: KubeObject): string | null {
  const { annotations: notes = {}, labels: marks = {}, managedFields } = policy.metadata;
  if (notes[annotations.appId]) return `${marks[labels.app] ? `the app ${marks[labels.app]}` : 'another app'}, by Fairlead`;
  const keeper = keeperOf(policy);
  if (keeper) return keeper;
  const writers = (Array.isArray(managedFields) ? managedFields : []) as { manager?: string; subresource?: string }[];
  return writers.find(({ manager, subresource }) => manager && manager !== fieldManager && !subresource)?.manager ?? null;
}
