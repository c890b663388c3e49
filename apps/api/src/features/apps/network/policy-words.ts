import { isRecord, type KubeObject } from '@fairlead/kube';
import type { ReachRule } from '@fairlead/shared';
import { projectIdLabel } from '../../clusters/index.js';
import { type Direction, type Reader, readRules, speaksOf } from './policy-reading.js';

/** What a policy says about the pods that it selects, as sentences. Pure. */
export function policyWords(policy: KubeObject, reader: Reader): string[] {
  return [...directionWords(policy, 'Ingress', reader), ...directionWords(policy, 'Egress', reader)];
}

function directionWords(policy: KubeObject, direction: Direction, reader: Reader): string[] {
  if (!speaksOf(policy, direction)) return [];
  const rules = readRules(policy, direction, reader);
  const [some, none] = direction === 'Ingress' ? ['lets in', 'lets nobody in'] : ['lets out to', 'lets nothing out'];
  return rules.length === 0 ? [none] : rules.map((rule) => `${some} ${ruleWords(rule)}`);
}

/** "apps of this project on 80/TCP" */
export const ruleWords = ({ who, ports }: Pick<ReachRule, 'who' | 'ports'>): string =>
  ports.length === 0 ? who : `${who} on ${ports.join(', ')}`;

/** What changes from one state of a policy to another: which sentences come and which go. */
export function changedPolicyWords(before: KubeObject, after: KubeObject): string[] {
  const reader = readerOf(after);
  const [old, next] = [policyWords(before, reader), policyWords(after, reader)];
  return [...old.filter((each) => !next.includes(each)).map((each) => `no longer ${each}`), ...next.filter((each) => !old.includes(each))];
}

/** A reader who knows no more than the policy itself: the one project that it names is its own. */
export function readerOf({ metadata, spec }: KubeObject): Reader {
  return { namespace: metadata.namespace ?? '', projectId: namedProject(spec) ?? '', controllers: new Set() };
}

function namedProject(value: unknown): string | null {
  if (Array.isArray(value)) return value.map(namedProject).find((each) => each !== null) ?? null;
  if (!isRecord(value)) return null;
  const own = value[projectIdLabel];
  return typeof own === 'string' ? own : namedProject(Object.values(value));
}
